#pragma once
#include "Caches.h"
#include "Guard.h"
#include "NarrowWeights.h"
#include "Tiling.h"
#include <ATen/native/CPUBlas.h>

/// What the passes of a perceptron forward and backward are made of.
namespace ct::layers {

/// Whether products take bfloat16. Their second factor then has its numbers in pairs: two of a column, which are summed at once, lie beside
/// each other, so that `[depth, width]` is kept as `[depth / 2, width, 2]`.
template <typename Element> constexpr bool is_narrow = !std::is_same_v<Element, float>;

template <typename Element> at::TensorOptions options_of() {
  return at::TensorOptions().dtype(c10::CppTypeToScalarType<Element>::value);
}

inline uint16_t *bits(at::BFloat16 *a) { return reinterpret_cast<uint16_t *>(a); }
inline const uint16_t *bits(const at::BFloat16 *a) { return reinterpret_cast<const uint16_t *>(a); }
/// Two neighbours at once, to be moved about.
inline float *pairs(uint16_t *a) { return reinterpret_cast<float *>(a); }

/// A tile's numbers, in a core's own cache.
template <typename Number> struct alignas(64) Tile {
  Number numbers[Tiling::most * Tiling::most];
};

/// So many rows of a rounded product are taken through what is done with them at a time: what passes from one loop to the next stays in the
/// smallest cache, and they fill whole lines of what is turned round.
constexpr int64_t strip_height = 2 * Tiling::unit;

/// Memory of a thread's own, of at least so many numbers, in which others find what they left: it stays in the core's own cache.
template <typename Number> Number *own_memory(int64_t count) {
  struct alignas(64) Line {
    std::byte bytes[64];
  };
  thread_local std::vector<Line> lines;
  lines.resize(std::max<size_t>(lines.size(), whole(count * sizeof(Number), sizeof(Line))));
  return reinterpret_cast<Number *>(lines.data());
}

/// What passes from a layer to the next, by turns in one of two places: rows of at most so many numbers, from a first row on.
template <typename Element> struct Halves {
  Element *numbers;
  int64_t first, rows, widest;
  at::Tensor memory;

  /// Those of a thread for a block of the rows that it has for itself.
  static Halves own(int64_t first, int64_t widest) {
    return {own_memory<Element>(2 * Tiling::most * widest), first, Tiling::most, widest, {}};
  }
  /// Those of all threads for all rows.
  static Halves shared(int64_t rows, int64_t widest) {
    auto memory = at::empty({2 * rows * widest}, options_of<Element>());
    return {memory.template data_ptr<Element>(), 0, rows, widest, memory};
  }

  /// A row of what goes into a layer.
  Element *row(size_t layer, int64_t row) const { return numbers + (layer % 2 * rows + row - first) * widest; }
};

/// c = a b of a tile, `[height, depth]`, b `[depth, width]`, their rows so many numbers apart, by libtorch's batch-reduce kernels (oneDNN's).
///
/// Deep products go in parts whose factors stay in a core's own cache. What c has is kept if `is_added` to it.
template <typename Element>
void product(int64_t height, int64_t width, int64_t depth, const Element *a, int64_t a_stride, const Element *b, int64_t b_stride,
             float *c, int64_t c_stride, bool is_added = false) {
  constexpr int64_t deepest = 512;
  auto parts = (depth + deepest - 1) / deepest, part = ((depth + parts - 1) / parts + 1) / 2 * 2;
  for (int64_t k = 0; k < depth; k += part) {
    at::native::cpublas::brgemm(height, width, std::min(part, depth - k), a_stride, b_stride, c_stride, is_added || k > 0, a + k,
                                b + k * b_stride, c, is_narrow<Element>);
  }
}

/// Gives back what the processor lent a thread for its products.
template <typename Element> void release() {
  if (is_narrow<Element>) at::native::cpublas::brgemm_release(true);
}

/// What threads do with products.
template <typename Element, typename Body> void multiply(int64_t parts, const Body &body) {
  on_threads(parts, [&](int64_t part) {
    body(part);
    release<Element>();
  });
}

/// So many columns, and some that are left out: rows begin with whole lines, and such as are a power of 2 apart would drive each other out
/// of a cache.
inline int64_t padded(int64_t columns) {
  constexpr int64_t unit = 2 * Tiling::unit;
  return whole(columns, unit) * unit + unit;
}

/// What a layer has and keeps for the pass backward.
struct Layer {
  at::Tensor weight, bias;
  ct_activation activation;
  /// The weights as products forward and backward take them; where they are narrow, as `NarrowWeights` has them.
  at::Tensor forward, backward;
  /// The input as the product for the weights' gradient takes it: `[rows, inputs or more]`, in pairs of rows where it is narrow; or the panels
  /// of the product forward, where threads sum that gradient over their own rows.
  at::Tensor input;

  int64_t inputs() const { return weight.size(1); }
  int64_t outputs() const { return weight.size(0); }
  int64_t input_stride() const { return input.size(1); }
  /// The panel of the input that begins with a row.
  float *panel(int64_t row) const { return input.data_ptr<float>() + row * inputs(); }

  /// Rounds the weights of the outputs `top` to `bottom`, at most a tile's, and of the inputs `left` to `right`, for all threads.
  void round_weights(const Rectangle &r, kernels::Writing writing) const {
    Tile<uint16_t> narrowed, paired;
    auto height = r.height();
    for (auto left = r.left; left < r.right; left += Tiling::most) {
      auto width = std::min(r.right - left, Tiling::most);
      kernels::narrow_and_pair(weight.const_data_ptr<float>() + r.top * inputs() + left, inputs(), narrowed.numbers, width, paired.numbers,
                               width, height, width);
      auto forward = bits(this->forward.data_ptr<at::BFloat16>()) + left * outputs() + 2 * r.top;
      // What is written lies in a row for as long as there are outputs.
      for (int64_t column = 0; column < width; column += strip_height) {
        kernels::transpose(pairs(narrowed.numbers + column), width / 2, pairs(forward + column * outputs()), outputs(), height,
                           std::min(strip_height, width - column) / 2, writing);
      }
      if (!this->backward.defined()) continue;
      auto backward = bits(this->backward.data_ptr<at::BFloat16>()) + r.top * inputs() + 2 * left;
      for (int64_t row = 0; row < height; row += 2) {
        kernels::put(paired.numbers + row * width, backward + row * inputs(), 2 * width, writing);
      }
    }
  }
};

/// How threads share a batch's products.
///
/// Of many rows each thread takes its own through all layers: what passes from a layer to the next stays in its cache, and no thread waits for
/// another; all read all weights. Of few rows all threads take the same ones, layer by layer, and share out what is made of them.
struct Share {
  int64_t rows, parts;
  bool is_by_rows;
  /// Whether each of several threads also sums the weights' gradients over its own rows, and all sums are added in the end: where there are so
  /// many rows that the sums are less than what they are made of, which no thread then has to fetch from another.
  bool sums_by_rows;
  /// How a thread writes what all read.
  kernels::Writing writing;

  template <typename Element> static Share of(int64_t rows, const std::vector<Layer> &layers) {
    int64_t parts = at::get_num_threads(), units = whole(rows, Tiling::unit), numbers = 0, weights = 0;
    // Fewer rows a thread, and a weight that has been fetched is used too seldom; threads that get more than others are waited for.
    constexpr int64_t least = 2;
    auto is_by_rows = units >= least * parts && whole(units, parts) * parts * 8 <= units * 9;
    for (const auto &layer : layers) {
      numbers += rows * (layer.inputs() + layer.outputs());
      weights += layer.inputs() * layer.outputs();
    }
    return {rows, parts, is_by_rows, is_by_rows && parts > 1 && !is_narrow<Element> && numbers > parts * weights,
            writing_for_all(parts)};
  }

  /// Runs `body(first row, row behind the last)` for blocks of the rows that a thread has for itself.
  template <typename Body> void each(int64_t part, const Body &body) const {
    auto units = whole(rows, Tiling::unit);
    blocks(units * part / parts * Tiling::unit, std::min(rows, units * (part + 1) / parts * Tiling::unit), body);
  }

  /// Cuts a range in blocks of about the same size.
  template <typename Body> static void blocks(int64_t first, int64_t last, const Body &body) {
    auto units = whole(last - first, Tiling::unit), count = whole(last - first, Tiling::most);
    for (int64_t block = 0; block < count; ++block) {
      body(first + units * block / count * Tiling::unit, std::min(last, first + units * (block + 1) / count * Tiling::unit));
    }
  }
};

} // namespace ct::layers
