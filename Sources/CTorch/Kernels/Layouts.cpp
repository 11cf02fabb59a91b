#include "../Kernels.h"
#include "Vectors.h"
#include <algorithm>

namespace ct::kernels {

constexpr int64_t line_bytes = 64;
using Floats = float __attribute__((ext_vector_type(16)));
using Shorts = uint16_t __attribute__((ext_vector_type(16)));

CT_INLINE bool begins_line(const void *a) { return reinterpret_cast<uintptr_t>(a) % line_bytes == 0; }

#define CT_PUT_FAR(ELEMENT)                                                                                            \
  CT_CLONES static void put_far(const ELEMENT *__restrict a, ELEMENT *__restrict to, int64_t count) {                  \
    constexpr int64_t line = line_bytes / sizeof(ELEMENT);                                                             \
    int64_t i = 0;                                                                                                     \
    for (; i < count && !begins_line(to + i); ++i) to[i] = a[i];                                                       \
    for (; i + line <= count; i += line) {                                                                             \
      Floats numbers;                                                                                                  \
      __builtin_memcpy(&numbers, a + i, line_bytes);                                                                   \
      __builtin_nontemporal_store(numbers, reinterpret_cast<Floats *>(to + i));                                        \
    }                                                                                                                  \
    for (; i < count; ++i) to[i] = a[i];                                                                               \
  }                                                                                                                    \
  void put(const ELEMENT *a, ELEMENT *to, int64_t count, Writing writing) {                                            \
    if (writing == Writing::far) return put_far(a, to, count);                                                         \
    std::copy_n(a, count, to);                                                                                         \
  }
CT_PUT_FAR(float)
CT_PUT_FAR(uint16_t)
#undef CT_PUT_FAR

/// Squares below each other, of side × side numbers, transposed within registers: halves of the lanes of two rows change places, then
/// quarters, and so on.
template <typename Row, int64_t side, int64_t squares, Writing writing, typename Element>
CT_INLINE void transpose_squares(const Element *from, int64_t columns, Element *to, int64_t rows) {
  Row all[squares][side];
#pragma clang loop unroll(full)
  for (int64_t i = 0; i < squares; ++i) {
    auto &square = all[i];
    for (int64_t r = 0; r < side; ++r) __builtin_memcpy(&square[r], from + (i * side + r) * columns, sizeof(Row));
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
  }
#pragma clang loop unroll(full)
  for (int64_t c = 0; c < side; ++c) {
#pragma clang loop unroll(full)
    for (int64_t i = 0; i < squares; ++i) {
      auto *out = to + c * rows + i * side;
      if constexpr (writing == Writing::far) {
        __builtin_nontemporal_store(all[i][c], reinterpret_cast<Row *>(out));
      } else {
        __builtin_memcpy(out, &all[i][c], sizeof(Row));
      }
    }
  }
}

/// As many squares at a time as fill lines, where these are to be written past the caches.
template <typename Row, Writing writing, typename Element>
CT_INLINE void transpose_by_squares(const Element *__restrict a, int64_t stride, Element *__restrict transposed, int64_t transposed_stride,
                                    int64_t rows, int64_t columns) {
  constexpr int64_t side = 16, squares = writing == Writing::far ? line_bytes / sizeof(Row) : 1, tall = side * squares;
  for (int64_t top = 0; top < rows; top += tall) {
    auto height = std::min(tall, rows - top);
    int64_t c = 0;
    if (height == tall) {
      for (; c + side <= columns; c += side) {
        transpose_squares<Row, side, squares, writing>(a + top * stride + c, stride, transposed + c * transposed_stride + top,
                                                       transposed_stride);
      }
    }
    for (; c < columns; ++c) {
      for (int64_t r = 0; r < height; ++r) transposed[c * transposed_stride + top + r] = a[(top + r) * stride + c];
    }
  }
}

#define CT_TRANSPOSE(ELEMENT, ROW)                                                                                     \
  CT_CLONES void transpose(const ELEMENT *a, int64_t stride, ELEMENT *transposed, int64_t transposed_stride,           \
                           int64_t rows, int64_t columns, Writing writing) {                                           \
    constexpr int64_t line = line_bytes / sizeof(ELEMENT);                                                             \
    auto is_far = writing == Writing::far && begins_line(transposed) && transposed_stride % line == 0;                 \
    auto by_lines = is_far ? rows / line * line : 0;                                                                   \
    transpose_by_squares<ROW, Writing::far>(a, stride, transposed, transposed_stride, by_lines, columns);              \
    transpose_by_squares<ROW, Writing::near>(a + by_lines * stride, stride, transposed + by_lines, transposed_stride,  \
                                             rows - by_lines, columns);                                                \
  }
CT_TRANSPOSE(float, Floats)
CT_TRANSPOSE(uint16_t, Shorts)
#undef CT_TRANSPOSE

CT_CLONES void narrow(const float *__restrict a, uint16_t *__restrict out, int64_t count) {
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) out[i] = static_cast<uint16_t>(narrowed(a[i]));
}

CT_CLONES void narrow_and_pair(const float *__restrict a, int64_t stride, uint16_t *__restrict narrow, int64_t narrow_stride,
                               uint16_t *__restrict paired, int64_t paired_stride, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r + 1 < rows; r += 2) {
    const float *first = a + r * stride, *second = first + stride;
    auto *upper_out = narrow + r * narrow_stride, *lower_out = upper_out + narrow_stride;
    auto *two = reinterpret_cast<uint32_t *>(paired + r * paired_stride);
#pragma clang loop vectorize(enable)
    for (int64_t c = 0; c < columns; ++c) {
      uint32_t upper = narrowed(first[c]), lower = narrowed(second[c]);
      upper_out[c] = static_cast<uint16_t>(upper);
      lower_out[c] = static_cast<uint16_t>(lower);
      two[c] = upper | lower << 16;
    }
  }
}

CT_CLONES void scale_bytes(const uint8_t *bytes, float *out, int64_t count, float offset, float scale) {
#pragma clang loop vectorize(enable)
  for (int64_t d = 0; d < count; ++d) out[d] = (static_cast<float>(bytes[d]) - offset) / scale;
}

} // namespace ct::kernels
