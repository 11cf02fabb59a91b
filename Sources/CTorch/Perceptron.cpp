#include "Perceptron.h"
#include "LayersBackward.h"
#include "LayersForward.h"
#include "NarrowLayersForward.h"
#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace ct;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

at::Tensor as_rows(const at::Tensor &a) { return a.dim() == 2 ? a.contiguous() : a.contiguous().view({-1, a.size(-1)}); }

/// What a pass forward keeps for the one backward, as one object: what libtorch keeps by itself it wraps, and looks up, one by one.
struct Kept : torch::CustomClassHolder {
  std::vector<layers::Layer> layers;
  layers::Share share;
  std::vector<int64_t> shape;
  std::vector<int64_t> versions;

  Kept(std::vector<layers::Layer> all, const layers::Share &share, std::vector<int64_t> shape)
      : layers(std::move(all)), share(share), shape(std::move(shape)), versions(current()) {}

  /// What says of the tensors that others may change whether they did.
  std::vector<int64_t> current() const {
    std::vector<int64_t> found{layers[0].input._version()};
    for (const auto &layer : layers) found.push_back(layer.forward._version());
    return found;
  }
};

/// Linear layers with their activations, one after another.
template <typename Element> struct Perceptron : torch::autograd::Function<Perceptron<Element>> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &input, at::TensorList weights, at::TensorList biases,
                            at::IntArrayRef activations, bool keeps) {
    at::AutoDispatchBelowAutograd below;
    auto x = as_rows(input);
    std::vector<layers::Layer> all;
    for (size_t i = 0; i < weights.size(); ++i) {
      all.push_back({.weight = weights[i].contiguous(), .bias = biases[i].contiguous(), .activation = static_cast<ct_activation>(activations[i])});
    }
    auto share = layers::Share::of<Element>(x.size(0), all);
    using Forward = std::conditional_t<layers::is_narrow<Element>, layers::NarrowForward, layers::Forward>;
    auto y = Forward(x, all, share, keeps).run();
    if (keeps) {
      context->save_for_backward({all.back().activation == ct_activation_none ? at::Tensor() : y});
      context->saved_data["kept"] = c10::IValue::make_capsule(c10::make_intrusive<Kept>(std::move(all), share, input.sizes().vec()));
    }
    if (input.dim() == 2) return y;
    auto shape = input.sizes().vec();
    shape.back() = y.size(1);
    return y.view(shape);
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    auto y = context->get_saved_variables()[0];
    auto kept = c10::static_intrusive_pointer_cast<Kept>(context->saved_data["kept"].toCapsule());
    context->saved_data.clear();
    TORCH_CHECK(kept->versions == kept->current(), "weights or inputs of layers have changed since the layers were computed with them");
    auto gradient = as_rows(gradients[0]);
    const auto &share = kept->share;
    // The first output is the input's gradient.
    auto count = kept->layers.size();
    auto steps = hand_over(1, 2 * count);
    auto is_handed_over = !steps.empty();
    auto pass = std::make_shared<layers::Backward<Element>>(gradient, y, std::move(kept->layers), share, context->needs_input_grad(0),
                                                            std::move(steps));
    pass->run();
    variable_list found;
    found.push_back(pass->input.defined() ? pass->input.view(kept->shape) : at::Tensor());
    if (is_handed_over) {
      leave({[pass](int64_t part, int64_t parts) { pass->weigh(part, parts); }, [pass] { pass->keep_rounded(); }});
      found.resize(found.size() + 2 * count);
    } else {
      on_threads(share.parts, [&](int64_t part) { pass->weigh(part, share.parts); });
      found.insert(found.end(), pass->weights.begin(), pass->weights.end());
      found.insert(found.end(), pass->biases.begin(), pass->biases.end());
    }
    found.resize(found.size() + 2);
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
  auto needs = [](at::TensorList all) { return std::any_of(all.begin(), all.end(), [](auto &a) { return a.requires_grad(); }); };
  auto keeps = at::GradMode::is_enabled() && (x.requires_grad() || needs(weights) || needs(biases));
  return multiplies_bfloat16() ? Perceptron<at::BFloat16>::apply(x, weights, biases, activations, keeps)
                               : Perceptron<float>::apply(x, weights, biases, activations, keeps);
}

} // namespace ct
