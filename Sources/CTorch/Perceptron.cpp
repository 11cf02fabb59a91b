#include "Perceptron.h"
#include "Tiling.h"
#include <ATen/native/CPUBlas.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace ct;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

/// Rows of a batch whose numbers lie beside each other while they pass a layer.
constexpr int64_t panel = 64;

/// Whether products take bfloat16. Their second factor then has its numbers in pairs: two of a column, which are summed at once, lie beside
/// each other, so that `[depth, width]` is kept as `[depth / 2, width, 2]`.
template <typename Element> constexpr bool is_narrow = !std::is_same_v<Element, float>;

template <typename Element> at::TensorOptions options_of() {
  return at::TensorOptions().dtype(c10::CppTypeToScalarType<Element>::value);
}

/// c = a b of a tile, a `[height, depth]`, b `[depth, width]`, their rows so many numbers apart.
///
/// Deep products go in parts whose factors stay in a core's own cache.
template <typename Element>
void product(int64_t height, int64_t width, int64_t depth, const Element *a, int64_t a_stride, const Element *b, int64_t b_stride,
             float *c, int64_t c_stride) {
  constexpr int64_t deepest = 512;
  auto parts = (depth + deepest - 1) / deepest, part = ((depth + parts - 1) / parts + 1) / 2 * 2;
  for (int64_t k = 0; k < depth; k += part) {
    at::native::cpublas::brgemm(height, width, std::min(part, depth - k), a_stride, b_stride, c_stride, k > 0, a + k,
                                b + k * b_stride, c, is_narrow<Element>);
  }
}

/// What threads do with tiles of a product, and then give back what the processor lent for it.
template <typename Element, typename Body> void multiply(const Body &body) {
  on_all_threads([&](int64_t part, int64_t parts) {
    body(part, parts);
    if (is_narrow<Element>) at::native::cpublas::brgemm_release(true);
  });
}

uint16_t *bits(at::BFloat16 *a) { return reinterpret_cast<uint16_t *>(a); }
/// Two neighbours at once, to be moved about.
float *pairs(uint16_t *a) { return reinterpret_cast<float *>(a); }

/// A batch of rows turned round, the second factor of the products forward: panels of up to 64 rows, in each of which a column's numbers
/// are neighbours.
///
///     at(64 p, column c)[r] = a[64 p + r, c]
template <typename Element> struct Panels {
  int64_t rows, columns;
  at::Tensor memory;

  Panels(int64_t rows, int64_t columns) : rows(rows), columns(columns), memory(at::empty({rows * columns}, options_of<Element>())) {}

  int64_t width(int64_t first_row) const { return std::min(panel, rows - first_row); }
  Element *at(int64_t first_row, int64_t column) const {
    return memory.data_ptr<Element>() + first_row * columns + column * width(first_row);
  }
};

/// The batch that a perceptron is given, in panels; in pairs of rows, too, where it is narrow and `kept` is there.
template <typename Element> Panels<Element> turned(const at::Tensor &x, at::Tensor *kept) {
  auto rows = x.size(0), columns = x.size(1);
  Panels<Element> panels(rows, columns);
  if (is_narrow<Element> && kept) *kept = at::empty({rows, columns}, options_of<Element>());
  auto from = x.const_data_ptr<float>();
  // By panels first, so that a thread turns the rows that it has gathered.
  auto panel_count = (rows + panel - 1) / panel, across = (columns + Tiling::most - 1) / Tiling::most;
  on_all_threads([&](int64_t part, int64_t parts) {
    auto count = panel_count * across;
    for (auto block = count * part / parts; block < count * (part + 1) / parts; ++block) {
      auto left = block / across * panel, top = block % across * Tiling::most;
      auto right = std::min(rows, left + panel), bottom = std::min(columns, top + Tiling::most);
      auto corner = from + left * columns + top;
      auto to = panels.at(left, top);
      auto height = bottom - top, width = right - left;
      if constexpr (is_narrow<Element>) {
        alignas(64) uint16_t own[panel * Tiling::most];
        for (int64_t r = 0; r < width; ++r) kernels::narrow(corner + r * columns, own + r * height, height);
        kernels::transpose(pairs(own), height / 2, pairs(bits(to)), width, width, height / 2);
        if (kept) kernels::pair_rows(corner, columns, bits(kept->data_ptr<Element>()) + left * columns + 2 * top, columns, width, height);
      } else {
        kernels::transpose(corner, columns, to, width, width, height);
      }
    }
  });
  if (!is_narrow<Element> && kept) *kept = x;
  return panels;
}

/// What products take of a layer's weights.
struct Weights {
  /// `[outputs, inputs]`, forward; and backward, then in pairs of rows where it is narrow.
  at::Tensor forward, backward;
};

template <typename Element> Weights factors(const at::Tensor &weight, bool keeps) {
  if constexpr (!is_narrow<Element>) return {weight, weight};
  Weights found{at::empty_like(weight, options_of<Element>()), keeps ? at::empty_like(weight, options_of<Element>()) : at::Tensor()};
  auto columns = weight.size(1);
  parallel(weight.size(0) / 2, std::max<int64_t>(1, 8192 / columns), [&](int64_t first, int64_t last) {
    auto from = weight.const_data_ptr<float>() + 2 * first * columns;
    auto count = 2 * (last - first);
    auto at = [&](at::Tensor &a) { return static_cast<uint16_t *>(a.data_ptr()) + 2 * first * columns; };
    kernels::narrow(from, at(found.forward), count * columns);
    if (keeps) kernels::pair_rows(from, columns, at(found.backward), columns, count, columns);
  });
  return found;
}

/// A layer's output, activation(x wᵀ + b): as floats, `[rows, outputs]`, in panels, and as the products backward take it, where asked for.
template <typename Element>
void layer(const Panels<Element> &x, const at::Tensor &weight, const at::Tensor &bias, ct_activation activation, at::Tensor *y,
           Panels<Element> *next, at::Tensor *kept) {
  auto rows = x.rows, inputs = x.columns, outputs = weight.size(0);
  if (y) *y = at::empty({rows, outputs}, options_of<float>());
  if (kept) *kept = at::empty({rows, outputs}, options_of<Element>());
  auto *plain = y ? y : is_narrow<Element> ? nullptr : kept;
  auto w = weight.const_data_ptr<Element>();
  auto b = bias.const_data_ptr<float>();
  Tiling tiling(outputs, rows, panel);
  multiply<Element>([&](int64_t part, int64_t parts) {
    alignas(64) float own[Tiling::most * panel];
    tiling.each(part, parts, [&](int64_t top, int64_t bottom, int64_t left, int64_t right) {
      auto height = bottom - top, width = right - left;
      auto tile = own;
      if constexpr (!is_narrow<Element>) tile = next ? next->at(left, top) : own;
      product(height, width, inputs, w + top * inputs, inputs, x.at(left, 0), width, tile, width);
      kernels::activate(slope(activation), tile, b + top, height, width);
      if (plain) kernels::transpose(tile, width, plain->template data_ptr<float>() + left * outputs + top, outputs, height, width);
      if constexpr (is_narrow<Element>) {
        if (next) kernels::pair_rows(tile, width, bits(next->at(left, top)), width, height, width);
        if (!kept) return;
        alignas(64) uint16_t narrowed[Tiling::most * panel];
        kernels::narrow(tile, narrowed, height * width);
        kernels::transpose(pairs(narrowed), width / 2, pairs(bits(kept->data_ptr<Element>()) + left * outputs + 2 * top), outputs,
                           height, width / 2);
      }
    });
  });
}

/// What a layer keeps for the pass backward.
struct Kept {
  /// The weights and the input as products take them.
  at::Tensor weights, input;
};

/// The gradient before a layer's activation, and turned round, as products take them; its sums over rows, where they are known.
struct Gradient {
  at::Tensor plain, transposed, sums;
};

/// The gradients in a layer's weights and biases; in its input before the activation of the layer below, or, of the first, in the input.
template <typename Element>
Gradient back(const Kept &kept, const Gradient &gradient, ct_activation below, bool is_first, bool needs_input, at::Tensor &dw,
              at::Tensor &db) {
  auto rows = gradient.plain.size(0), outputs = kept.weights.size(0), inputs = kept.weights.size(1);
  dw = at::empty({outputs, inputs}, options_of<float>());
  db = gradient.sums.defined() ? gradient.sums : at::empty({outputs}, options_of<float>());
  Gradient found;
  if (needs_input) found.plain = at::empty({rows, inputs}, is_first ? options_of<float>() : options_of<Element>());
  if (!is_first) found.transposed = at::empty({inputs, rows}, options_of<Element>());
  Tiling over_input(rows, inputs), over_weights(outputs, inputs);
  auto g = gradient.plain.const_data_ptr<Element>(), gt = gradient.transposed.const_data_ptr<Element>();
  auto w = kept.weights.const_data_ptr<Element>(), x = kept.input.const_data_ptr<Element>();
  constexpr int64_t together = is_narrow<Element> ? 2 : 1;
  multiply<Element>([&](int64_t part, int64_t parts) {
    alignas(64) float own[is_narrow<Element> ? Tiling::most * Tiling::most : 1];
    if (needs_input) {
      over_input.each(part, parts, [&](int64_t top, int64_t bottom, int64_t left, int64_t right) {
        auto height = bottom - top, width = right - left, corner = top * inputs + left;
        auto is_own = is_narrow<Element> && !is_first;
        auto tile = is_own ? own : static_cast<float *>(found.plain.data_ptr()) + corner;
        auto stride = is_own ? width : inputs;
        product(height, width, outputs, g + top * outputs, outputs, w + left * together, inputs, tile, stride);
        if (is_first) return;
        auto turned = found.transposed.data_ptr<Element>() + left * rows + top;
        if constexpr (is_narrow<Element>) {
          auto to = bits(found.plain.data_ptr<Element>()) + corner;
          alignas(64) float y[Tiling::most * Tiling::most];
          kernels::unpair_rows(reinterpret_cast<const uint16_t *>(x) + top * inputs + 2 * left, inputs, y, height, width);
          kernels::times_slope(slope(below), tile, width, y, width, height, width);
          for (int64_t r = 0; r < height; ++r) kernels::narrow(tile + r * width, to + r * inputs, width);
          kernels::transpose(to, inputs, bits(turned), rows, height, width);
        } else {
          kernels::times_slope(slope(below), tile, inputs, x + corner, inputs, height, width);
          kernels::transpose(tile, inputs, turned, rows, height, width);
        }
      });
    }
    over_weights.each(part, parts, [&](int64_t top, int64_t bottom, int64_t left, int64_t right) {
      product(bottom - top, right - left, rows, gt + top * rows, rows, x + left * together, inputs,
              dw.data_ptr<float>() + top * inputs + left, inputs);
      if (left > 0 || gradient.sums.defined()) return;
      if constexpr (is_narrow<Element>) {
        kernels::sum_rows(reinterpret_cast<const uint16_t *>(gt) + top * rows, db.data_ptr<float>() + top, bottom - top, rows);
      } else {
        kernels::sum_rows(gt + top * rows, db.data_ptr<float>() + top, bottom - top, rows);
      }
    });
  });
  return found;
}

/// Linear layers with their activations, one after another.
///
/// Each layer takes one pass of all threads forward and one backward: what is done to a tile of a product (bias, activation and its
/// slope, turning round) is done while the tile is in the core's own cache. Products are libtorch's batch-reduce kernels (oneDNN's).
template <typename Element> struct Perceptron : torch::autograd::Function<Perceptron<Element>> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &input, at::TensorList weights, at::TensorList biases,
                            at::IntArrayRef activations, bool keeps) {
    at::AutoDispatchBelowAutograd below;
    auto count = weights.size();
    std::vector<at::Tensor> saved;
    Kept kept;
    auto x = turned<Element>(as_rows(input), keeps ? &kept.input : nullptr);
    at::Tensor y;
    for (size_t i = 0; i < count; ++i) {
      auto weight = factors<Element>(weights[i].contiguous(), keeps);
      kept.weights = weight.backward;
      if (keeps) saved.insert(saved.end(), {kept.weights, kept.input});
      auto is_last = i + 1 == count;
      Panels<Element> next(is_last ? 0 : x.rows, weight.forward.size(0));
      layer(x, weight.forward, biases[i].contiguous(), static_cast<ct_activation>(activations[i]), is_last ? &y : nullptr,
            is_last ? nullptr : &next, keeps && !is_last ? &kept.input : nullptr);
      x = next;
    }
    if (keeps) {
      saved.push_back(activations.back() == ct_activation_none ? at::Tensor() : y);
      context->saved_data["activations"] = activations.vec();
      context->saved_data["shape"] = input.sizes().vec();
      context->save_for_backward(saved);
    }
    if (input.dim() == 2) return y;
    auto shape = input.sizes().vec();
    shape.back() = y.size(1);
    return y.view(shape);
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto activations = context->saved_data["activations"].toIntVector();
    auto count = activations.size();
    variable_list found(2 * count + 3);
    auto before = before_activation(static_cast<ct_activation>(activations[count - 1]), as_rows(gradients[0]), saved[2 * count],
                                    true, c10::CppTypeToScalarType<Element>::value);
    Gradient gradient{before.gradient, before.transposed, before.sums};
    for (auto i = count; i-- > 0;) {
      Kept kept{saved[2 * i], saved[2 * i + 1]};
      auto is_first = i == 0;
      auto below = is_first ? ct_activation_none : static_cast<ct_activation>(activations[i - 1]);
      gradient = back<Element>(kept, gradient, below, is_first, !is_first || context->needs_input_grad(0), found[1 + i],
                               found[1 + count + i]);
    }
    if (gradient.plain.defined()) found[0] = gradient.plain.view(context->saved_data["shape"].toIntVector());
    return found;
  }

private:
  static at::Tensor as_rows(const at::Tensor &a) { return a.dim() == 2 ? a.contiguous() : a.contiguous().view({-1, a.size(-1)}); }
};

} // namespace

namespace ct {

bool has_perceptron(const at::Tensor &x, at::TensorList weights) {
#if defined(__x86_64__)
  static const bool is_known = __builtin_cpu_supports("avx512f") && at::globalContext().hasMKLDNN();
  static const bool is_known_narrow = is_known && __builtin_cpu_supports("avx512bf16");
  auto all = [&](auto &&holds) { return holds(x) && std::all_of(weights.begin(), weights.end(), holds); };
  if (!(multiplies_bfloat16() ? is_known_narrow : is_known) || x.numel() == 0 || x.dim() == 0 || !all(is_plain)) return false;
  // Pairs need even numbers of rows and columns.
  return !multiplies_bfloat16() || all([](const at::Tensor &a) { return a.size(-1) % 2 == 0 && a.numel() / a.size(-1) % 2 == 0; });
#else
  return false;
#endif
}

at::Tensor perceptron(const at::Tensor &x, at::TensorList weights, at::TensorList biases, at::IntArrayRef activations) {
  auto needs = [](at::TensorList all) { return std::any_of(all.begin(), all.end(), [](auto &a) { return a.requires_grad(); }); };
  auto keeps = at::GradMode::is_enabled() && (x.requires_grad() || needs(weights) || needs(biases));
  return multiplies_bfloat16() ? Perceptron<at::BFloat16>::apply(x, weights, biases, activations, keeps)
                               : Perceptron<float>::apply(x, weights, biases, activations, keeps);
}

} // namespace ct
