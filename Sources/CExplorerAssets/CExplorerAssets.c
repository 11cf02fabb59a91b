#include "CExplorerAssets.h"

// Each file: its bytes here, and a line in the table below.
static const unsigned char index_html[] = {
#embed "../Explorer/Public/index.html"
};
static const unsigned char openapi_json[] = {
#embed "../Explorer/Public/openapi.json"
};

#define FILE(name, bytes) {name, bytes, sizeof bytes}

static const ct_public_file files[] = {
    FILE("index.html", index_html),
    FILE("openapi.json", openapi_json),
};

ct_public_file ct_public_file_at(long index) {
  if (index < 0 || index >= (long)(sizeof files / sizeof files[0])) return (ct_public_file){0};
  return files[index];
}
