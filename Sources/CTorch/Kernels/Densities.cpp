#include "../Kernels.h"
#include "Vectors.h"
#include <algorithm>

namespace ct::kernels {

CT_CLONES void bernoulli(const float *x, const float *logits, float *gradient, float *out, int64_t first, int64_t last,
                         int64_t x_rows, int64_t dimensions) {
#pragma clang fp reassociate(on)
  for (int64_t r = first; r < last; ++r) {
    const float *xs = x + (r % x_rows) * dimensions, *ls = logits + r * dimensions;
    float *gs = gradient ? gradient + r * dimensions : nullptr;
    float sum = 0;
    if (gs) {
#pragma clang loop vectorize(enable)
      for (int64_t d = 0; d < dimensions; ++d) {
        float l = ls[d], v = xs[d], e = exponential(-__builtin_fabsf(l)), inverse = 1.0f / (1.0f + e);
        gs[d] = v - (l >= 0 ? inverse : e * inverse);
        sum += v * l - (__builtin_fmaxf(l, 0.0f) + log_one_plus(e));
      }
    } else {
#pragma clang loop vectorize(enable)
      for (int64_t d = 0; d < dimensions; ++d) {
        float l = ls[d], e = exponential(-__builtin_fabsf(l));
        sum += xs[d] * l - (__builtin_fmaxf(l, 0.0f) + log_one_plus(e));
      }
    }
    out[r] = sum;
  }
}

CT_CLONES void gaussian(const float *__restrict x, const float *__restrict mean, const float *__restrict log_variance,
                        int64_t log_variance_stride, float *__restrict slope, float *__restrict out, int64_t first, int64_t last,
                        int64_t x_rows, int64_t dimensions) {
#pragma clang fp reassociate(on)
  // Sums of so many numbers in single precision, of which more are summed in double.
  constexpr int64_t part = 1024;
  for (int64_t r = first; r < last; ++r) {
    const float *xs = x + (r % x_rows) * dimensions, *ms = mean + r * dimensions, *ls = log_variance + r * log_variance_stride;
    float *ss = slope ? slope + r * dimensions : nullptr;
    double total = 0;
    for (int64_t start = 0; start < dimensions; start += part) {
      auto end = std::min(dimensions, start + part);
      float sum = 0;
      if (ss) {
#pragma clang loop vectorize(enable)
        for (int64_t d = start; d < end; ++d) {
          float distance = xs[d] - ms[d], scaled = distance * exponential(-ls[d]);
          ss[d] = scaled;
          sum += static_cast<float>(log_two_pi) + ls[d] + distance * scaled;
        }
      } else {
#pragma clang loop vectorize(enable)
        for (int64_t d = start; d < end; ++d) {
          float distance = xs[d] - ms[d];
          sum += static_cast<float>(log_two_pi) + ls[d] + distance * distance * exponential(-ls[d]);
        }
      }
      total += sum;
    }
    out[r] = static_cast<float>(-0.5 * total);
  }
}

CT_CLONES void gaussian_back(const float *__restrict gradient, const float *__restrict log_variance, int64_t log_variance_stride,
                             float *__restrict slope, float *__restrict log_variance_gradient, int64_t first,
                             int64_t last, int64_t dimensions) {
  for (int64_t r = first; r < last; ++r) {
    const float *ls = log_variance + r * log_variance_stride;
    float *ss = slope + r * dimensions, *gs = log_variance_gradient + r * log_variance_stride, g = gradient[r];
    auto is_first = log_variance_stride > 0 || r == first;
#pragma clang loop vectorize(enable)
    for (int64_t d = 0; d < dimensions; ++d) {
      float found = 0.5f * g * (ss[d] * ss[d] * exponential(ls[d]) - 1.0f);
      gs[d] = is_first ? found : gs[d] + found;
      ss[d] *= g;
    }
  }
}

CT_CLONES void reparametrize(const float *mean, const float *log_variance, const float *noise, float *scaled, float *z,
                             int64_t count) {
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) {
    scaled[i] = exponential(0.5f * log_variance[i]) * noise[i];
    z[i] = mean[i] + scaled[i];
  }
}

CT_CLONES void reparametrize_back(const float *__restrict gradient, const float *__restrict scaled, float *__restrict mean,
                                  float *__restrict log_variance, int64_t draws, int64_t stride, int64_t count) {
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) {
    mean[i] = gradient[i];
    log_variance[i] = gradient[i] * scaled[i];
  }
  for (int64_t k = 1; k < draws; ++k) {
    const float *gs = gradient + k * stride, *ss = scaled + k * stride;
#pragma clang loop vectorize(enable)
    for (int64_t i = 0; i < count; ++i) {
      mean[i] += gs[i];
      log_variance[i] += gs[i] * ss[i];
    }
  }
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) log_variance[i] *= 0.5f;
}

CT_CLONES void gaussian_parts(const float *__restrict features, float minimum, float maximum, float *__restrict mean,
                              float *__restrict log_variance, int64_t rows, int64_t latents) {
  for (int64_t r = 0; r < rows; ++r) {
    const float *fs = features + r * 2 * latents;
#pragma clang loop vectorize(enable) interleave(disable)
    for (int64_t c = 0; c < latents; ++c) {
      float l = fs[latents + c];
      mean[r * latents + c] = fs[c];
      l = l < minimum ? minimum : l;
      log_variance[r * latents + c] = l > maximum ? maximum : l;
    }
  }
}

CT_CLONES void gaussian_parts_back(const float *__restrict features, float minimum, float maximum, const float *__restrict mean,
                                   const float *__restrict log_variance, float *__restrict gradient, int64_t rows, int64_t latents) {
  for (int64_t r = 0; r < rows; ++r) {
    const float *fs = features + r * 2 * latents;
    float *gs = gradient + r * 2 * latents;
#pragma clang loop vectorize(enable) interleave(disable)
    for (int64_t c = 0; c < latents; ++c) {
      float l = fs[latents + c], g = log_variance[r * latents + c];
      gs[c] = mean[r * latents + c];
      gs[latents + c] = ((l >= minimum) & (l <= maximum)) ? g : 0.0f;
    }
  }
}

CT_CLONES void standard_normal_divergence(const float *mean, const float *log_variance, float *out, float *slope,
                                          int64_t count) {
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) {
    float m = mean[i], l = log_variance[i], variance = exponential(l);
    out[i] = 0.5f * (m * m + variance - l - 1.0f);
    slope[i] = 0.5f * (variance - 1.0f);
  }
}

CT_CLONES void standard_normal_divergence_back(const float *__restrict gradient, int64_t row_stride, bool is_by_row,
                                               const float *__restrict mean, const float *__restrict slope,
                                               float *__restrict mean_gradient, float *__restrict log_variance_gradient,
                                               int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; ++r) {
    const float *gs = gradient + r * row_stride, *ms = mean + r * columns, *ss = slope + r * columns;
    float *dms = mean_gradient + r * columns, *dls = log_variance_gradient + r * columns, of_row = gs[0];
#pragma clang loop vectorize(enable) interleave(disable)
    for (int64_t c = 0; c < columns; ++c) {
      float g = is_by_row ? of_row : gs[c];
      dms[c] = g * ms[c];
      dls[c] = g * ss[c];
    }
  }
}

CT_CLONES void scale_rows(float *gradient, const float *factor, int64_t first, int64_t last, int64_t dimensions) {
  for (int64_t r = first; r < last; ++r) {
    float *gs = gradient + r * dimensions, f = factor[r];
#pragma clang loop vectorize(enable)
    for (int64_t d = 0; d < dimensions; ++d) gs[d] *= f;
  }
}

} // namespace ct::kernels
