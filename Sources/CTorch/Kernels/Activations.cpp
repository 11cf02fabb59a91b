#include "../Kernels.h"
#include "Vectors.h"
#include <algorithm>

namespace ct::kernels {

// The gradient before an activation, from the one behind it and the activation's output.
CT_INLINE float back_none(float g, float) { return g; }
CT_INLINE float back_rectified(float g, float y) { return y > 0 ? g : 0.0f; }
CT_INLINE float back_leaky(float g, float y) { return y > 0 ? g : static_cast<float>(leak) * g; }
CT_INLINE float back_tanh(float g, float y) { return g * (1.0f - y * y); }
CT_INLINE float back_sigmoid(float g, float y) { return g * (y * (1.0f - y)); }

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
CT_BEFORE(before_rectified, back_rectified(g, y))
CT_BEFORE(before_leaky, back_leaky(g, y))
CT_BEFORE(before_tanh, back_tanh(g, y))
CT_BEFORE(before_sigmoid, back_sigmoid(g, y))
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
  }                                                                                                                    \
  CT_CLONES static void NAME##_columns(float *__restrict a, int64_t stride, const float *__restrict bias,              \
                                       int64_t rows, int64_t columns) {                                                \
    for (int64_t r = 0; r < rows; ++r) {                                                                               \
      float *__restrict as = a + r * stride;                                                                           \
      _Pragma("clang loop vectorize(enable)") for (int64_t c = 0; c < columns; ++c) {                                  \
        float y = as[c] + bias[c];                                                                                     \
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

void activate_columns(Slope activation, float *a, int64_t stride, const float *bias, int64_t rows, int64_t columns) {
  switch (activation) {
  case Slope::none: return activate_none_columns(a, stride, bias, rows, columns);
  case Slope::rectified: return activate_rectified_columns(a, stride, bias, rows, columns);
  case Slope::leaky: return activate_leaky_columns(a, stride, bias, rows, columns);
  case Slope::tanh: return activate_tanh_columns(a, stride, bias, rows, columns);
  case Slope::sigmoid: return activate_sigmoid_columns(a, stride, bias, rows, columns);
  }
}

#define CT_TIMES_SLOPE(NAME, FUNCTION)                                                                                 \
  CT_CLONES static void NAME(float *__restrict gradient, int64_t stride, const float *__restrict outputs,              \
                             int64_t y_stride, int64_t rows, int64_t columns) {                                        \
    for (int64_t r = 0; r < rows; ++r) {                                                                               \
      float *gs = gradient + r * stride;                                                                               \
      const float *ys = outputs + r * y_stride;                                                                        \
      _Pragma("clang loop vectorize(enable)") for (int64_t c = 0; c < columns; ++c) gs[c] = FUNCTION(gs[c], ys[c]);    \
    }                                                                                                                  \
  }
CT_TIMES_SLOPE(times_rectified, back_rectified)
CT_TIMES_SLOPE(times_leaky, back_leaky)
CT_TIMES_SLOPE(times_tanh, back_tanh)
CT_TIMES_SLOPE(times_sigmoid, back_sigmoid)
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

#define CT_NARROW_TIMES_SLOPE(NAME, FUNCTION)                                                                          \
  CT_INLINE void NAME##_pair(const float *__restrict first, const float *__restrict second,                            \
                             const uint32_t *__restrict ys, uint16_t *__restrict first_out,                            \
                             uint16_t *__restrict second_out, int64_t columns) {                                       \
    _Pragma("clang loop vectorize(enable)") for (int64_t c = 0; c < columns; ++c) {                                    \
      float y = std::bit_cast<float>(ys[c] << 16), next_y = std::bit_cast<float>(ys[c] & 0xFFFF0000u);                 \
      first_out[c] = static_cast<uint16_t>(narrowed(FUNCTION(first[c], y)));                                           \
      second_out[c] = static_cast<uint16_t>(narrowed(FUNCTION(second[c], next_y)));                                    \
    }                                                                                                                  \
  }                                                                                                                    \
  CT_CLONES static void NAME(const float *gradient, int64_t stride, const uint16_t *y, int64_t y_stride,               \
                             uint16_t *out, int64_t out_stride, int64_t rows, int64_t columns) {                       \
    for (int64_t r = 0; r + 1 < rows; r += 2) {                                                                        \
      auto *first = gradient + r * stride;                                                                             \
      auto *first_out = out + r * out_stride;                                                                          \
      NAME##_pair(first, first + stride, reinterpret_cast<const uint32_t *>(y + r * y_stride), first_out,              \
                  first_out + out_stride, columns);                                                                    \
    }                                                                                                                  \
  }
CT_NARROW_TIMES_SLOPE(narrow_times_none, back_none)
CT_NARROW_TIMES_SLOPE(narrow_times_rectified, back_rectified)
CT_NARROW_TIMES_SLOPE(narrow_times_leaky, back_leaky)
CT_NARROW_TIMES_SLOPE(narrow_times_tanh, back_tanh)
CT_NARROW_TIMES_SLOPE(narrow_times_sigmoid, back_sigmoid)
#undef CT_NARROW_TIMES_SLOPE

void narrow_times_slope(Slope slope, const float *gradient, int64_t stride, const uint16_t *y, int64_t y_stride, uint16_t *out,
                        int64_t out_stride, int64_t rows, int64_t columns) {
  switch (slope) {
  case Slope::none: return narrow_times_none(gradient, stride, y, y_stride, out, out_stride, rows, columns);
  case Slope::rectified: return narrow_times_rectified(gradient, stride, y, y_stride, out, out_stride, rows, columns);
  case Slope::leaky: return narrow_times_leaky(gradient, stride, y, y_stride, out, out_stride, rows, columns);
  case Slope::tanh: return narrow_times_tanh(gradient, stride, y, y_stride, out, out_stride, rows, columns);
  case Slope::sigmoid: return narrow_times_sigmoid(gradient, stride, y, y_stride, out, out_stride, rows, columns);
  }
}

CT_CLONES double sum(const float *a, int64_t count) {
#pragma clang fp reassociate(on)
  double sum = 0;
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) sum += a[i];
  return sum;
}

CT_CLONES void sum_rows(const float *a, int64_t stride, float *sums, int64_t rows, int64_t columns) {
#pragma clang fp reassociate(on)
  for (int64_t r = 0; r < rows; ++r) {
    const float *as = a + r * stride;
    float sum = 0;
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) sum += as[c];
    sums[r] = sum;
  }
}

CT_CLONES void sum_rows(const uint16_t *a, int64_t stride, float *sums, int64_t rows, int64_t columns) {
#pragma clang fp reassociate(on)
  for (int64_t r = 0; r < rows; ++r) {
    const uint16_t *as = a + r * stride;
    float sum = 0;
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) sum += std::bit_cast<float>(static_cast<uint32_t>(as[c]) << 16);
    sums[r] = sum;
  }
}

CT_CLONES void sum_columns(const float *__restrict a, int64_t stride, float *__restrict sums, int64_t rows, int64_t columns,
                           bool is_added) {
  if (!is_added) std::fill_n(sums, columns, 0.0f);
  for (int64_t r = 0; r < rows; ++r) {
    const float *as = a + r * stride;
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) sums[c] += as[c];
  }
}

CT_CLONES void sum_tiles(const float *__restrict a, int64_t apart, int64_t parts, int64_t stride, float *__restrict sum, int64_t rows,
                         int64_t columns) {
  for (int64_t r = 0; r < rows; ++r) {
    const float *as = a + r * stride;
    float *to = sum + r * columns;
    std::copy_n(as, columns, to);
    for (int64_t part = 1; part < parts; ++part) {
#pragma clang loop vectorize(enable)
      for (int64_t c = 0; c < columns; ++c) to[c] += as[part * apart + c];
    }
  }
}

/// The chosen loop over rows, by columns of which there are enough for vectors.
static void before_rows(Slope slope, const float *gradient, const float *y, float *before, float *sums, int64_t first,
                        int64_t last, int64_t columns) {
  switch (slope) {
  case Slope::none: return sum_columns(gradient + first * columns, columns, sums, last - first, columns, false);
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

} // namespace ct::kernels
