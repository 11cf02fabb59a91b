#ifndef CEXPLORERASSETS_H
#define CEXPLORERASSETS_H
#include <stddef.h>

/// A file of the explorer's page, built into the program.
typedef struct ct_public_file {
  const char *_Nullable name;
  const unsigned char *_Nullable bytes;
  size_t count;
} ct_public_file;

/// The files one after another; without a name past the last.
ct_public_file ct_public_file_at(long index);

#endif
