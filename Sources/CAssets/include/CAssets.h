#ifndef CASSETS_H
#define CASSETS_H
#include <stddef.h>

/// A file that was built into the program.
typedef struct ct_asset {
  const unsigned char *_Nonnull bytes;
  size_t count;
} ct_asset;

/// The 1797 embedded digits: gzip of lines of 64 pixels valued 0 … 16 and the class.
ct_asset ct_asset_digits(void);

/// Plotly.js, or 0 bytes where set-up could not fetch it.
ct_asset ct_asset_plotly(void);

#endif
