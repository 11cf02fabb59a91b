#include "Perceptron.h"
#include "LayersBackward.h"
#include "LayersForward.h"
#include <torch/csrc/autograd/custom_function.h>

using namespace ct;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

at::Tensor as_rows(const at::Tensor &a) { return a.dim() == 2 ? a.contiguous() : a.contiguous().view({-1, a.size(-1)}); }

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
    auto y = layers::Forward<Element>(x, all, share, keeps).run();
    if (keeps) {
      variable_list saved;
      for (const auto &layer : all) saved.insert(saved.end(), {layer.forward, layer.backward, layer.input});
      saved.push_back(all.back().activation == ct_activation_none ? at::Tensor() : y);
      context->saved_data["activations"] = activations.vec();
      context->saved_data["shape"] = input.sizes().vec();
      context->saved_data["share"] = std::vector<int64_t>{share.rows, share.parts, share.is_by_rows, share.sums_by_rows,
                                                              static_cast<int64_t>(share.writing)};
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
    std::vector<layers::Layer> all;
    for (size_t i = 0; i < activations.size(); ++i) {
      // Of the weights themselves only the shape is asked for.
      const auto &forward = saved[3 * i], &backward = saved[3 * i + 1];
      all.push_back({.weight = forward, .activation = static_cast<ct_activation>(activations[i]), .forward = forward,
                     .backward = backward, .input = saved[3 * i + 2]});
    }
    auto gradient = as_rows(gradients[0]);
    auto of = context->saved_data["share"].toIntVector();
    layers::Share share{.rows = of[0], .parts = of[1], .is_by_rows = of[2] != 0, .sums_by_rows = of[3] != 0,
                        .writing = static_cast<kernels::Writing>(of[4])};
    // The first output is the input's gradient.
    auto steps = hand_over(1, 2 * all.size());
    auto is_handed_over = !steps.empty();
    auto count = all.size();
    auto pass = std::make_shared<layers::Backward<Element>>(gradient, saved.back(), std::move(all), share, context->needs_input_grad(0),
                                                            std::move(steps));
    pass->run();
    variable_list found;
    found.push_back(pass->input.defined() ? pass->input.view(context->saved_data["shape"].toIntVector()) : at::Tensor());
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
