#include "Perceptron.h"
#include "LayersBackward.h"
#include "LayersForward.h"
#include "NarrowLayersForward.h"
#include "Node.h"

using namespace ct;

namespace {

at::Tensor as_rows(const at::Tensor &a) { return a.dim() == 2 ? a.contiguous() : a.contiguous().view({-1, a.size(-1)}); }

/// Linear layers with their activations, one after another.
template <typename Element> struct Perceptron {
  std::vector<layers::Layer> layers;
  layers::Share share;
  /// What the last layer gave, where its activation's slope is computed by that.
  at::Tensor y;
  std::vector<int64_t> shape;
  bool needs_input;
  /// Says of the tensors that others may change whether they did.
  std::vector<int64_t> versions;

  static at::Tensor forward(const at::Tensor &input, at::TensorList weights, at::TensorList biases, at::IntArrayRef activations) {
    at::AutoDispatchBelowAutograd below;
    auto keeps = torch::autograd::compute_requires_grad(input, weights, biases);
    auto x = as_rows(input);
    std::vector<layers::Layer> all;
    for (size_t i = 0; i < weights.size(); ++i) {
      all.push_back({.weight = weights[i].contiguous(), .bias = biases[i].contiguous(), .activation = static_cast<ct_activation>(activations[i])});
    }
    auto share = layers::Share::of<Element>(x.size(0), all);
    using Forward = std::conditional_t<layers::is_narrow<Element>, layers::NarrowForward, layers::Forward>;
    auto y = Forward(x, all, share, keeps).run();
    auto shape = input.sizes().vec();
    auto out = y;
    if (input.dim() != 2) {
      auto many = shape;
      many.back() = y.size(1);
      out = y.view(many);
    }
    if (keeps) {
      auto kept_y = all.back().activation == ct_activation_none ? at::Tensor() : y.detach();
      auto versions = current(all);
      attach({out}, Perceptron{std::move(all), share, kept_y, std::move(shape), input.requires_grad(), std::move(versions)}, input, weights, biases);
    }
    return out;
  }

  variable_list backward(variable_list gradients) {
    TORCH_CHECK(versions == current(layers), "weights or inputs of layers have changed since the layers were computed with them");
    // The first output is the input's gradient.
    auto count = layers.size();
    auto steps = hand_over(1, 2 * count);
    auto is_handed_over = !steps.empty();
    auto pass = std::make_shared<layers::Backward<Element>>(as_rows(gradients[0]), y, std::move(layers), share, needs_input, std::move(steps));
    pass->run();
    variable_list found;
    found.reserve(1 + 2 * count);
    found.push_back(pass->input.defined() ? pass->input.view(shape) : at::Tensor());
    if (is_handed_over) {
      leave({[pass](int64_t part, int64_t parts) { pass->weigh(part, parts); }, [pass] { pass->keep_rounded(); }});
      found.resize(1 + 2 * count);
    } else {
      on_threads(share.parts, [&](int64_t part) { pass->weigh(part, share.parts); });
      found.insert(found.end(), pass->weights.begin(), pass->weights.end());
      found.insert(found.end(), pass->biases.begin(), pass->biases.end());
    }
    return found;
  }

  static std::vector<int64_t> current(const std::vector<layers::Layer> &layers) {
    std::vector<int64_t> found{layers[0].input._version()};
    for (const auto &layer : layers) found.push_back(layer.forward._version());
    return found;
  }
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
  return multiplies_bfloat16() ? Perceptron<at::BFloat16>::forward(x, weights, biases, activations)
                               : Perceptron<float>::forward(x, weights, biases, activations);
}

} // namespace ct
