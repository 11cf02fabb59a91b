#include "CAssets.h"

static const unsigned char digits[] = {
#embed "digits.csv.gz"
};

static const unsigned char plotly[] = {
#if __has_embed("plotly.min.js")
#embed "plotly.min.js"
#else
    0
#endif
};

#if __has_embed("plotly.min.js")
static const size_t plotly_count = sizeof plotly;
#else
static const size_t plotly_count = 0;
#endif

ct_asset ct_asset_digits(void) { return (ct_asset){digits, sizeof digits}; }
ct_asset ct_asset_plotly(void) { return (ct_asset){plotly, plotly_count}; }
