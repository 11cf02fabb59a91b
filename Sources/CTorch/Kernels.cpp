#include "Kernels.h"
#include <algorithm>
#include <bit>

#if defined(__x86_64__) && defined(__linux__)
#define CT_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CT_CLONES
#endif
#define CT_INLINE static inline __attribute__((always_inline))

using ct::kernels::leak;

namespace {

/// e^x to about 1 part in 10⁷, its exponent kept within ±87: 2ⁿ e^r with |r| ≤ ½ ln 2 and e^r by its Taylor polynomial.
CT_INLINE float exponential(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 87.0f ? 87.0f : x;
  float n = (x * 1.44269504f + 12582912.0f) - 12582912.0f; // 1.5 · 2²³: rounds to a whole number
  float r = n * -0.693359375f + x;
  r = n * 2.12194440e-4f + r;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  return p * std::bit_cast<float>(static_cast<int32_t>(static_cast<uint32_t>(static_cast<int32_t>(n) + 127) << 23));
}

/// tanh x = u / (u + 2) with u = e²ˣ − 1, which keeps small x exact, to about 1 part in 10⁶.
CT_INLINE float hyperbolic_tangent(float x) {
  float t = 2.0f * x;
  t = t < -20.0f ? -20.0f : t;
  t = t > 20.0f ? 20.0f : t;
  float n = (t * 1.44269504f + 12582912.0f) - 12582912.0f;
  float r = n * -0.693359375f + t;
  r = n * 2.12194440e-4f + r;
  float q = 1.0f / 5040;
  q = q * r + 1.0f / 720;
  q = q * r + 1.0f / 120;
  q = q * r + 1.0f / 24;
  q = q * r + 1.0f / 6;
  q = q * r + 0.5f;
  float power = std::bit_cast<float>(static_cast<uint32_t>(static_cast<int32_t>(n) + 127) << 23);
  float u = power * (q * r * r + r) + (power - 1.0f);
  return u / (u + 2.0f);
}

/// ln(1 + e) for 0 ≤ e ≤ 1, to about 1 part in 10⁷: 2 artanh(e / (2 + e)) by its series, whose argument is at most ⅓.
CT_INLINE float log_one_plus(float e) {
  float s = e / (2.0f + e), t = s * s;
  float p = 1.0f / 15;
  p = p * t + 1.0f / 13;
  p = p * t + 1.0f / 11;
  p = p * t + 1.0f / 9;
  p = p * t + 1.0f / 7;
  p = p * t + 1.0f / 5;
  p = p * t + 1.0f / 3;
  p = p * t + 1.0f;
  return 2.0f * s * p;
}

} // namespace

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

CT_CLONES void reparametrize(const float *mean, const float *log_variance, const float *noise, float *scaled, float *z,
                             int64_t count) {
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) {
    scaled[i] = exponential(0.5f * log_variance[i]) * noise[i];
    z[i] = mean[i] + scaled[i];
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

CT_CLONES void scale_rows(float *gradient, const float *factor, int64_t first, int64_t last, int64_t dimensions) {
  for (int64_t r = first; r < last; ++r) {
    float *gs = gradient + r * dimensions, f = factor[r];
#pragma clang loop vectorize(enable)
    for (int64_t d = 0; d < dimensions; ++d) gs[d] *= f;
  }
}

#define CT_BEFORE(NAME, EXPRESSION)                                                                                    \
  CT_CLONES static void NAME(const float *gradient, const float *outputs, float *before, float *sums, int64_t first,   \
                             int64_t last, int64_t columns) {                                                          \
    for (int64_t c = 0; c < columns; ++c) sums[c] = 0;                                                                 \
    for (int64_t r = first; r < last; ++r) {                                                                           \
      const float *gs = gradient + r * columns, *ys = outputs + r * columns;                                           \
      float *bs = before + r * columns;                                                                                \
      _Pragma("clang loop vectorize(enable)") for (int64_t c = 0; c < columns; ++c) {                                  \
        float g = gs[c], y = ys[c];                                                                                    \
        float b = EXPRESSION;                                                                                          \
        bs[c] = b;                                                                                                     \
        sums[c] += b;                                                                                                  \
      }                                                                                                                \
    }                                                                                                                  \
  }
CT_BEFORE(before_rectified, y > 0 ? g : 0.0f)
CT_BEFORE(before_leaky, y > 0 ? g : static_cast<float>(leak) * g)
CT_BEFORE(before_tanh, g *(1.0f - y * y))
CT_BEFORE(before_sigmoid, g *(y * (1.0f - y)))
#undef CT_BEFORE

#define CT_ACTIVATE(NAME, EXPRESSION)                                                                                  \
  CT_CLONES static void NAME(float *__restrict a, const float *__restrict bias, int64_t rows, int64_t columns) {       \
    for (int64_t r = 0; r < rows; ++r) {                                                                               \
      float *as = a + r * columns, b = bias[r];                                                                        \
      _Pragma("clang loop vectorize(enable)") for (int64_t c = 0; c < columns; ++c) {                                  \
        float y = as[c] + b;                                                                                           \
        as[c] = EXPRESSION;                                                                                            \
      }                                                                                                                \
    }                                                                                                                  \
  }
CT_ACTIVATE(activate_none, y)
CT_ACTIVATE(activate_rectified, y < 0 ? 0.0f : y)
CT_ACTIVATE(activate_leaky, y < 0 ? static_cast<float>(leak) * y : y)
CT_ACTIVATE(activate_tanh, hyperbolic_tangent(y))
CT_ACTIVATE(activate_sigmoid, 1.0f / (1.0f + exponential(-y)))
#undef CT_ACTIVATE

void activate(Slope activation, float *a, const float *bias, int64_t rows, int64_t columns) {
  switch (activation) {
  case Slope::none: return activate_none(a, bias, rows, columns);
  case Slope::rectified: return activate_rectified(a, bias, rows, columns);
  case Slope::leaky: return activate_leaky(a, bias, rows, columns);
  case Slope::tanh: return activate_tanh(a, bias, rows, columns);
  case Slope::sigmoid: return activate_sigmoid(a, bias, rows, columns);
  }
}

#define CT_TIMES_SLOPE(NAME, EXPRESSION)                                                                               \
  CT_CLONES static void NAME(float *__restrict gradient, int64_t stride, const float *__restrict outputs,              \
                             int64_t y_stride, int64_t rows, int64_t columns) {                                        \
    for (int64_t r = 0; r < rows; ++r) {                                                                               \
      float *gs = gradient + r * stride;                                                                               \
      const float *ys = outputs + r * y_stride;                                                                        \
      _Pragma("clang loop vectorize(enable)") for (int64_t c = 0; c < columns; ++c) {                                  \
        float g = gs[c], y = ys[c];                                                                                    \
        gs[c] = EXPRESSION;                                                                                            \
      }                                                                                                                \
    }                                                                                                                  \
  }
CT_TIMES_SLOPE(times_rectified, y > 0 ? g : 0.0f)
CT_TIMES_SLOPE(times_leaky, y > 0 ? g : static_cast<float>(leak) * g)
CT_TIMES_SLOPE(times_tanh, g *(1.0f - y * y))
CT_TIMES_SLOPE(times_sigmoid, g *(y * (1.0f - y)))
#undef CT_TIMES_SLOPE

void times_slope(Slope slope, float *gradient, int64_t stride, const float *y, int64_t y_stride, int64_t rows, int64_t columns) {
  switch (slope) {
  case Slope::none: return;
  case Slope::rectified: return times_rectified(gradient, stride, y, y_stride, rows, columns);
  case Slope::leaky: return times_leaky(gradient, stride, y, y_stride, rows, columns);
  case Slope::tanh: return times_tanh(gradient, stride, y, y_stride, rows, columns);
  case Slope::sigmoid: return times_sigmoid(gradient, stride, y, y_stride, rows, columns);
  }
}

CT_CLONES void sum_rows(const float *a, float *sums, int64_t rows, int64_t columns) {
#pragma clang fp reassociate(on)
  for (int64_t r = 0; r < rows; ++r) {
    const float *as = a + r * columns;
    float sum = 0;
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) sum += as[c];
    sums[r] = sum;
  }
}

CT_CLONES void sum_rows(const uint16_t *a, float *sums, int64_t rows, int64_t columns) {
#pragma clang fp reassociate(on)
  for (int64_t r = 0; r < rows; ++r) {
    const uint16_t *as = a + r * columns;
    float sum = 0;
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) sum += std::bit_cast<float>(static_cast<uint32_t>(as[c]) << 16);
    sums[r] = sum;
  }
}

CT_CLONES static void sum_columns(const float *gradient, float *sums, int64_t first, int64_t last, int64_t columns) {
  for (int64_t c = 0; c < columns; ++c) sums[c] = 0;
  for (int64_t r = first; r < last; ++r) {
    const float *gs = gradient + r * columns;
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) sums[c] += gs[c];
  }
}

/// The chosen loop over rows, by columns of which there are enough for vectors.
static void before_rows(Slope slope, const float *gradient, const float *y, float *before, float *sums, int64_t first,
                        int64_t last, int64_t columns) {
  switch (slope) {
  case Slope::none: return sum_columns(gradient, sums, first, last, columns);
  case Slope::rectified: return before_rectified(gradient, y, before, sums, first, last, columns);
  case Slope::leaky: return before_leaky(gradient, y, before, sums, first, last, columns);
  case Slope::tanh: return before_tanh(gradient, y, before, sums, first, last, columns);
  case Slope::sigmoid: return before_sigmoid(gradient, y, before, sums, first, last, columns);
  }
}

void before_activation(Slope slope, const float *gradient, const float *y, float *before, float *sums, int64_t first,
                       int64_t last, int64_t columns) {
  constexpr int64_t few = 16, joined = 16;
  auto wide = columns < few ? (last - first) / joined : 0;
  if (wide == 0) return before_rows(slope, gradient, y, before, sums, first, last, columns);
  // Few columns: rows are taken 16 at a time as one, whose sums are then summed.
  auto offset = first * columns;
  float parts[few * joined], rest[few];
  auto at = [offset](auto *a) { return a ? a + offset : a; };
  before_rows(slope, at(gradient), at(y), at(before), parts, 0, wide, columns * joined);
  before_rows(slope, gradient, y, before, rest, first + wide * joined, last, columns);
  for (int64_t c = 0; c < columns; ++c) {
    sums[c] = rest[c];
    for (int64_t row = 0; row < joined; ++row) sums[c] += parts[row * columns + c];
  }
}

/// A square of side × side numbers transposed within registers: halves of the lanes of two rows change places, then quarters, and so on.
template <typename Row, int64_t side, typename Element>
CT_INLINE void transpose_square(const Element *from, int64_t columns, Element *to, int64_t rows) {
  Row square[side];
  for (int64_t r = 0; r < side; ++r) __builtin_memcpy(&square[r], from + r * columns, sizeof(Row));
#pragma clang loop unroll(full)
  for (int64_t half = side / 2; half > 0; half /= 2) {
#pragma clang loop unroll(full)
    for (int64_t r = 0; r < side; ++r) {
      if (r & half) continue;
      Row upper = square[r], lower = square[r + half];
#pragma clang loop unroll(full)
      for (int64_t lane = 0; lane < side; ++lane) {
        square[r][lane] = lane & half ? lower[lane - half] : upper[lane];
        square[r + half][lane] = lane & half ? lower[lane] : upper[lane + half];
      }
    }
  }
  for (int64_t c = 0; c < side; ++c) __builtin_memcpy(to + c * rows, &square[c], sizeof(Row));
}

using Floats = float __attribute__((ext_vector_type(16)));
using Shorts = uint16_t __attribute__((ext_vector_type(16)));

#define CT_TRANSPOSE(ELEMENT, ROW)                                                                                     \
  CT_CLONES void transpose(const ELEMENT *__restrict a, int64_t stride, ELEMENT *__restrict transposed,                \
                           int64_t transposed_stride, int64_t rows, int64_t columns) {                                 \
    constexpr int64_t side = 16;                                                                                       \
    for (int64_t top = 0; top < rows; top += side) {                                                                   \
      auto height = std::min(side, rows - top);                                                                        \
      int64_t c = 0;                                                                                                   \
      if (height == side) {                                                                                            \
        for (; c + side <= columns; c += side) {                                                                       \
          transpose_square<ROW, side>(a + top * stride + c, stride, transposed + c * transposed_stride + top,          \
                                      transposed_stride);                                                              \
        }                                                                                                              \
      }                                                                                                                \
      for (; c < columns; ++c) {                                                                                       \
        for (int64_t r = 0; r < height; ++r) transposed[c * transposed_stride + top + r] = a[(top + r) * stride + c];  \
      }                                                                                                                \
    }                                                                                                                  \
  }
CT_TRANSPOSE(float, Floats)
CT_TRANSPOSE(uint16_t, Shorts)
#undef CT_TRANSPOSE

CT_INLINE uint32_t narrowed(float a) {
  auto bits = std::bit_cast<uint32_t>(a);
  return a == a ? (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16 : 0x7FC0u;
}

CT_CLONES void narrow(const float *__restrict a, uint16_t *__restrict out, int64_t count) {
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) out[i] = static_cast<uint16_t>(narrowed(a[i]));
}

CT_CLONES void pair_rows(const float *__restrict a, int64_t stride, uint16_t *__restrict paired, int64_t paired_stride, int64_t rows,
                         int64_t columns) {
  for (int64_t r = 0; r + 1 < rows; r += 2) {
    const float *first = a + r * stride, *second = first + stride;
    auto *out = reinterpret_cast<uint32_t *>(paired + r * paired_stride);
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) out[c] = narrowed(first[c]) | narrowed(second[c]) << 16;
  }
}

CT_CLONES void unpair_rows(const uint16_t *__restrict paired, int64_t paired_stride, float *__restrict out, int64_t rows,
                           int64_t columns) {
  for (int64_t r = 0; r + 1 < rows; r += 2) {
    auto *two = reinterpret_cast<const uint32_t *>(paired + r * paired_stride);
    float *first = out + r * columns, *second = first + columns;
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) {
      first[c] = std::bit_cast<float>(two[c] << 16);
      second[c] = std::bit_cast<float>(two[c] & 0xFFFF0000u);
    }
  }
}

CT_CLONES void widen_with_bias(Slope activation, const uint16_t *__restrict a, const float *__restrict bias,
                               float *__restrict out, int64_t first, int64_t last, int64_t columns) {
  const float below = activation == Slope::rectified ? 0.0f : activation == Slope::leaky ? static_cast<float>(leak) : 1.0f;
  for (int64_t r = first; r < last; ++r) {
    const uint16_t *as = a + r * columns;
    float *os = out + r * columns;
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) {
      float y = std::bit_cast<float>(static_cast<uint32_t>(as[c]) << 16) + bias[c];
      os[c] = y > 0 ? y : y * below;
    }
  }
}

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

CT_CLONES void keep_at_random(const float *__restrict a, float *__restrict out, uint64_t seed, uint32_t threshold, float scale,
                              int64_t first, int64_t last) {
  // A counter a lane, each of which gives 8 numbers.
  constexpr int64_t lanes = 16, group = 8 * lanes;
  for (int64_t start = first; start < last; start += group) {
    uint32_t words[4][lanes];
    for (int64_t lane = 0; lane < lanes; ++lane) {
      auto counter = static_cast<uint64_t>(start / group * lanes + lane);
      words[0][lane] = static_cast<uint32_t>(counter);
      words[1][lane] = static_cast<uint32_t>(counter >> 32);
      words[2][lane] = words[3][lane] = 0;
    }
    auto key0 = static_cast<uint32_t>(seed), key1 = static_cast<uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
#pragma clang loop vectorize(enable)
      for (int64_t lane = 0; lane < lanes; ++lane) {
        auto first_product = uint64_t{0xD2511F53} * words[0][lane], second_product = uint64_t{0xCD9E8D57} * words[2][lane];
        auto zero = static_cast<uint32_t>(second_product >> 32) ^ words[1][lane] ^ key0;
        auto two = static_cast<uint32_t>(first_product >> 32) ^ words[3][lane] ^ key1;
        words[1][lane] = static_cast<uint32_t>(second_product);
        words[3][lane] = static_cast<uint32_t>(first_product);
        words[0][lane] = zero;
        words[2][lane] = two;
      }
      key0 += 0x9E3779B9;
      key1 += 0xBB67AE85;
    }
    float kept[group];
    for (int64_t word = 0; word < 4; ++word) {
#pragma clang loop vectorize(enable)
      for (int64_t lane = 0; lane < lanes; ++lane) {
        kept[2 * word * lanes + lane] = (words[word][lane] & 0xFFFFu) >= threshold ? scale : 0.0f;
        kept[(2 * word + 1) * lanes + lane] = (words[word][lane] >> 16) >= threshold ? scale : 0.0f;
      }
    }
    auto count = std::min(group, last - start);
#pragma clang loop vectorize(enable)
    for (int64_t i = 0; i < count; ++i) out[start + i] = a[start + i] * kept[i];
  }
}

CT_CLONES void adam(Adam step, float *__restrict p, const float *__restrict g, float *__restrict m, float *__restrict v,
                    int64_t count) {
  const float inverse = 1.0f / step.root;
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) {
    float value = p[i] * step.shrinkage, gradient = g[i] + step.decay * p[i];
    float mean = step.beta1 * m[i] + (1.0f - step.beta1) * gradient;
    float square = step.beta2 * v[i] + (1.0f - step.beta2) * gradient * gradient;
    m[i] = mean;
    v[i] = square;
    p[i] = value - step.rate * mean / (__builtin_elementwise_sqrt(square) * inverse + step.epsilon);
  }
}

CT_CLONES void scale_bytes(const uint8_t *bytes, float *out, int64_t count, float offset, float scale) {
#pragma clang loop vectorize(enable)
  for (int64_t d = 0; d < count; ++d) out[d] = (static_cast<float>(bytes[d]) - offset) / scale;
}

} // namespace ct::kernels
