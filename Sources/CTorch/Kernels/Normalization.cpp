#include "../Kernels.h"
#include "Vectors.h"

namespace ct::kernels {

CT_CLONES void moments(const float *__restrict a, const float *__restrict origin, float *__restrict sums,
                       float *__restrict squares, int64_t first, int64_t last, int64_t columns) {
  for (int64_t c = 0; c < columns; ++c) sums[c] = squares[c] = 0;
  for (int64_t r = first; r < last; ++r) {
    const float *as = a + r * columns;
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) {
      float distance = as[c] - origin[c];
      sums[c] += distance;
      squares[c] += distance * distance;
    }
  }
}

CT_CLONES void normalize(const float *__restrict a, const float *__restrict factor, const float *__restrict addend, float below,
                         float *__restrict y, int64_t first, int64_t last, int64_t columns) {
  for (int64_t r = first; r < last; ++r) {
    const float *as = a + r * columns;
    float *ys = y + r * columns;
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) {
      float value = as[c] * factor[c] + addend[c];
      ys[c] = value > 0 ? value : value * below;
    }
  }
}

CT_CLONES void normalize_back_sums(const float *__restrict gradient, const float *__restrict a, const float *__restrict factor,
                                   const float *__restrict addend, const float *__restrict mean, float below,
                                   float *__restrict sums, float *__restrict products, int64_t first, int64_t last,
                                   int64_t columns) {
  for (int64_t c = 0; c < columns; ++c) sums[c] = products[c] = 0;
  for (int64_t r = first; r < last; ++r) {
    const float *gs = gradient + r * columns, *as = a + r * columns;
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) {
      float g = as[c] * factor[c] + addend[c] > 0 ? gs[c] : gs[c] * below;
      sums[c] += g;
      products[c] += g * (as[c] - mean[c]);
    }
  }
}

CT_CLONES void normalize_back(const float *__restrict gradient, const float *__restrict a, const float *__restrict factor,
                              const float *__restrict addend, const float *__restrict slope, const float *__restrict offset,
                              float below, float *__restrict out, int64_t first, int64_t last, int64_t columns) {
  for (int64_t r = first; r < last; ++r) {
    const float *gs = gradient + r * columns, *as = a + r * columns;
    float *os = out + r * columns;
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) {
      float g = as[c] * factor[c] + addend[c] > 0 ? gs[c] : gs[c] * below;
      os[c] = g * factor[c] + as[c] * slope[c] + offset[c];
    }
  }
}

} // namespace ct::kernels
