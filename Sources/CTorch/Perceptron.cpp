#include "Perceptron.h"
#include "Kernels.h"
#include "Tiling.h"
#include <ATen/native/CPUBlas.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace ct;
using at::native::cpublas::brgemm;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

/// Rows of a batch whose numbers lie beside each other while they pass a layer.
constexpr int64_t panel = 64;

/// c = a b of a tile, a `[height, depth]`, b `[depth, width]`, their rows so many numbers apart.
///
/// Deep products go in parts whose factors stay in a core's own cache.
void product(int64_t height, int64_t width, int64_t depth, const float *a, int64_t a_stride, const float *b, int64_t b_stride,
             float *c, int64_t c_stride) {
  constexpr int64_t deepest = 512;
  auto parts = (depth + deepest - 1) / deepest, part = (depth + parts - 1) / parts;
  for (int64_t k = 0; k < depth; k += part) {
    brgemm(height, width, std::min(part, depth - k), a_stride, b_stride, c_stride, k > 0, a + k, b + k * b_stride, c);
  }
}

/// A batch of rows turned round for the products forward: panels of up to 64 rows, in each of which a column's numbers are neighbours.
///
///     at(panel p, column c)[r] = a[64 p + r, c]
struct Panels {
  int64_t rows, columns;
  at::Tensor memory;

  Panels(int64_t rows, int64_t columns, const at::TensorOptions &options)
      : rows(rows), columns(columns), memory(at::empty({rows * columns}, options)) {}

  int64_t width(int64_t first_row) const { return std::min(panel, rows - first_row); }
  float *at(int64_t first_row, int64_t column) const {
    return memory.data_ptr<float>() + first_row * columns + column * width(first_row);
  }
};

/// The batch that a perceptron is given, in panels.
Panels turned(const at::Tensor &x) {
  Panels panels(x.size(0), x.size(1), x.options());
  Tiling tiling(x.size(1), x.size(0), panel);
  auto from = x.const_data_ptr<float>();
  on_all_threads([&](int64_t part, int64_t parts) {
    tiling.each(part, parts, [&](int64_t top, int64_t bottom, int64_t left, int64_t right) {
      kernels::transpose(from + left * x.size(1) + top, x.size(1), panels.at(left, top), panels.width(left), right - left,
                         bottom - top);
    });
  });
  return panels;
}

/// A layer's output: y = activation(x wᵀ + b), and its panels where another layer follows.
at::Tensor layer(const Panels &x, const at::Tensor &weight, const at::Tensor &bias, ct_activation activation, Panels *turned) {
  auto rows = x.rows, inputs = x.columns, outputs = weight.size(0);
  auto y = at::empty({rows, outputs}, weight.options().requires_grad(false));
  auto w = weight.const_data_ptr<float>(), b = bias.const_data_ptr<float>();
  auto out = y.data_ptr<float>();
  Tiling tiling(outputs, rows, panel);
  on_all_threads([&](int64_t part, int64_t parts) {
    alignas(64) float own[Tiling::most * panel];
    tiling.each(part, parts, [&](int64_t top, int64_t bottom, int64_t left, int64_t right) {
      auto height = bottom - top, width = right - left;
      auto tile = turned ? turned->at(left, top) : own;
      product(height, width, inputs, w + top * inputs, inputs, x.at(left, 0), width, tile, width);
      kernels::activate(slope(activation), tile, b + top, height, width);
      kernels::transpose(tile, width, out + left * outputs + top, outputs, height, width);
    });
  });
  return y;
}

/// Linear layers with their activations, one after another.
///
/// Each layer takes one pass of all threads forward and one backward: what is done to a tile of a product (bias, activation and its
/// slope, turning round) is done while the tile is in the core's own cache. Products are libtorch's batch-reduce kernels (oneDNN's).
struct Perceptron : torch::autograd::Function<Perceptron> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &input, at::TensorList weights, at::TensorList biases,
                            at::IntArrayRef activations) {
    at::AutoDispatchBelowAutograd below;
    auto count = weights.size();
    std::vector<at::Tensor> saved{input.contiguous()};
    auto x = turned(saved[0]);
    at::Tensor y;
    for (size_t i = 0; i < count; ++i) {
      auto weight = weights[i].contiguous();
      auto is_last = i + 1 == count;
      Panels next(is_last ? 0 : x.rows, weight.size(0), saved[0].options());
      y = layer(x, weight, biases[i].contiguous(), static_cast<ct_activation>(activations[i]), is_last ? nullptr : &next);
      saved.push_back(weight);
      saved.push_back(y);
      x = next;
    }
    context->saved_data["activations"] = activations.vec();
    context->save_for_backward(saved);
    return y;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto activations = context->saved_data["activations"].toIntVector();
    auto count = activations.size();
    variable_list found(2 * count + 2);
    auto before = before_activation(static_cast<ct_activation>(activations[count - 1]), gradients[0].contiguous(), saved[2 * count],
                                    true, at::kFloat);
    auto gradient = before.gradient, transposed = before.transposed;
    auto sums = before.sums;
    for (auto i = count; i-- > 0;) {
      const auto &x = saved[2 * i], &weight = saved[2 * i + 1];
      auto isFirst = i == 0;
      auto rows = gradient.size(0), outputs = weight.size(0), inputs = weight.size(1);
      auto options = gradient.options();
      auto needs_input = !isFirst || context->needs_input_grad(0);
      auto dw = at::empty({outputs, inputs}, options);
      auto dx = needs_input ? at::empty({rows, inputs}, options) : at::Tensor();
      auto dxt = isFirst ? at::Tensor() : at::empty({inputs, rows}, options);
      auto db = sums.defined() ? sums : at::empty({outputs}, options);
      Tiling over_input(rows, inputs), over_weight(outputs, inputs);
      auto g = gradient.const_data_ptr<float>(), gt = transposed.const_data_ptr<float>(), xs = x.const_data_ptr<float>(),
           w = weight.const_data_ptr<float>();
      auto below = isFirst ? kernels::Slope::none : slope(static_cast<ct_activation>(activations[i - 1]));
      on_all_threads([&](int64_t part, int64_t parts) {
        if (needs_input) {
          over_input.each(part, parts, [&](int64_t top, int64_t bottom, int64_t left, int64_t right) {
            auto tile = dx.data_ptr<float>() + top * inputs + left;
            auto height = bottom - top, width = right - left;
            product(height, width, outputs, g + top * outputs, outputs, w + left, inputs, tile, inputs);
            if (isFirst) return;
            kernels::times_slope(below, tile, xs + top * inputs + left, inputs, height, width);
            kernels::transpose(tile, inputs, dxt.data_ptr<float>() + left * rows + top, rows, height, width);
          });
        }
        over_weight.each(part, parts, [&](int64_t top, int64_t bottom, int64_t left, int64_t right) {
          product(bottom - top, right - left, rows, gt + top * rows, rows, xs + left, inputs,
                  dw.data_ptr<float>() + top * inputs + left, inputs);
          if (left == 0 && !sums.defined()) kernels::sum_rows(gt + top * rows, db.data_ptr<float>() + top, bottom - top, rows);
        });
      });
      found[1 + i] = dw;
      found[1 + count + i] = db;
      gradient = dx;
      transposed = dxt;
      sums = at::Tensor();
    }
    if (context->needs_input_grad(0)) found[0] = gradient;
    return found;
  }
};

} // namespace

namespace ct {

bool has_perceptron(const at::Tensor &x) {
#if defined(__x86_64__)
  static const bool isKnown = __builtin_cpu_supports("avx512f") && at::globalContext().hasMKLDNN();
  return isKnown && is_plain(x);
#else
  return false;
#endif
}

at::Tensor perceptron(const at::Tensor &x, at::TensorList weights, at::TensorList biases, at::IntArrayRef activations) {
  return Perceptron::apply(x, weights, biases, activations);
}

} // namespace ct
