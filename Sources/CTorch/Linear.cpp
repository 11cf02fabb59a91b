#include "Guard.h"
#include "Perceptron.h"
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <atomic>
#include <torch/csrc/autograd/custom_function.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

using namespace ct;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {
thread_local ct_precision precision = ct_precision_float32;
}

namespace ct {

bool multiplies_bfloat16() { return precision == ct_precision_bfloat16; }

at::Tensor onednn_product(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                          const char *activation) {
  using Signature = at::Tensor(const at::Tensor &, const at::Tensor &, const std::optional<at::Tensor> &,
                               std::string_view, c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>);
  static const auto operation =
      c10::Dispatcher::singleton().findSchemaOrThrow("mkldnn::_linear_pointwise", "").typed<Signature>();
  c10::List<std::optional<at::Scalar>> settings;
  if (std::string_view(activation) == "leaky_relu") settings.push_back(at::Scalar(kernels::leak));
  return operation.call(x, weight, bias, activation, settings, std::string_view(""));
}

at::Tensor applied(ct_activation activation, const at::Tensor &y) {
  switch (activation) {
  case ct_activation_none: return y;
  case ct_activation_relu: return at::relu(y);
  case ct_activation_leaky_relu: return at::leaky_relu(y, kernels::leak);
  case ct_activation_tanh: return at::tanh(y);
  case ct_activation_sigmoid: return at::sigmoid(y);
  }
  return y;
}

bool has_onednn(const at::Tensor &x) {
  return is_plain(x) && at::globalContext().hasMKLDNN();
}

} // namespace ct

namespace {

std::atomic<ct_products> chosen{ct_products_best};

/// MKL holds its single-precision products back to AVX2 on processors that are not Intel's.
bool isIntel() {
#if defined(__x86_64__)
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (!__get_cpuid(0, &eax, &ebx, &ecx, &edx)) return false;
  return ebx == signature_INTEL_ebx && edx == signature_INTEL_edx && ecx == signature_INTEL_ecx;
#else
  return false;
#endif
}

bool usesOneDNN(const at::Tensor &x) {
  static const bool isFaster = at::globalContext().hasMKLDNN() && at::globalContext().hasMKL() && !isIntel();
  if (!x.is_cpu() || x.scalar_type() != at::kFloat) return false;
  switch (chosen.load(std::memory_order_relaxed)) {
  case ct_products_best: return isFaster;
  case ct_products_blas: return false;
  case ct_products_onednn: return has_onednn(x);
  }
  return false;
}

const char *name(ct_activation activation) {
  switch (activation) {
  case ct_activation_none: return "none";
  case ct_activation_relu: return "relu";
  case ct_activation_leaky_relu: return "leaky_relu";
  case ct_activation_tanh: return "tanh";
  case ct_activation_sigmoid: return "sigmoid";
  }
  return "none";
}

/// A linear layer and its activation whose three products all go to oneDNN, in single precision or in bfloat16.
struct Linear : torch::autograd::Function<Linear> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &input, const at::Tensor &weight,
                            const at::Tensor &bias, int64_t activation) {
    at::AutoDispatchBelowAutograd below;
    auto chosen = static_cast<ct_activation>(activation);
    auto x = factor(input), w = factor(weight);
    // bfloat16 has 8 bits: the bias is added after it.
    auto y = multiplies_bfloat16() ? with_bias(chosen, onednn_product(x, w, {}), bias)
                                   : onednn_product(x, w, bias, name(chosen));
    context->save_for_backward({x, w, chosen == ct_activation_none ? at::Tensor() : y});
    context->saved_data["activation"] = activation;
    return y;
  }
  static variable_list backward(AutogradContext *context, variable_list gradients) {
    auto saved = context->get_saved_variables();
    const auto &x = saved[0], &w = saved[1];
    auto activation = static_cast<ct_activation>(context->saved_data["activation"].toInt());
    auto before = before_activation(activation, gradients[0].contiguous(), saved[2], true, x.scalar_type());
    at::Tensor dx, dw;
    if (context->needs_input_grad(0)) dx = onednn_product(before.gradient, w.t(), {}).to(at::kFloat);
    if (context->needs_input_grad(1)) dw = onednn_product(before.transposed, x.t(), {}).to(at::kFloat);
    return {dx, dw, before.sums, at::Tensor()};
  }
};

/// One layer of rows `[rows, inputs]` by the faster library.
at::Tensor layer(const at::Tensor &x, const at::Tensor &w, const at::Tensor &b, ct_activation activation) {
  auto isFused = multiplies_bfloat16() ? has_onednn(x) : usesOneDNN(x);
  if (isFused && is_plain(w) && x.numel() > 0) return Linear::apply(x, w, b, static_cast<int64_t>(activation));
  return applied(activation, multiplies_bfloat16() ? at::linear(factor(x), factor(w)).to(at::kFloat) + b : at::linear(x, w, b));
}

} // namespace

extern "C" {

void ct_set_precision(ct_precision chosen) { precision = chosen; }
ct_precision ct_get_precision(void) { return precision; }
bool ct_has_bfloat16(ct_device index) {
  try {
    if (index >= 0) return at::detail::getCUDAHooks().hasCUDA();
  } catch (...) {
    return false;
  }
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") && at::globalContext().hasMKLDNN();
#else
  return false;
#endif
}

void ct_set_products(ct_products products) { chosen.store(products, std::memory_order_relaxed); }

char *ct_linear(ct_tensor input, const ct_linear_layer *layers, size_t count, ct_tensor *out) {
  return make(out, [&] {
    const auto &x = ref(input);
    std::vector<at::Tensor> weights, biases;
    std::vector<int64_t> activations;
    auto width = x.size(-1);
    for (size_t i = 0; i < count; ++i) {
      const auto &w = ref(layers[i].weight);
      TORCH_CHECK(width == w.size(1), "a linear layer of ", w.size(1), " inputs was given ", width);
      if (is_recording()) {
        record({.kind = ct_product_linear, .count = x.numel() / std::max<int64_t>(x.size(-1), 1), .inputs = w.size(1),
                .outputs = w.size(0), .has_input_gradient = i > 0 || x.requires_grad()});
      }
      width = w.size(0);
      weights.push_back(w);
      biases.push_back(ref(layers[i].bias));
      activations.push_back(layers[i].activation);
    }
    if (chosen.load(std::memory_order_relaxed) == ct_products_best && has_perceptron(x, weights)) {
      return perceptron(x, weights, biases, activations);
    }
    auto y = x.reshape({-1, x.size(-1)});
    for (size_t i = 0; i < count; ++i) y = layer(y, weights[i], biases[i], static_cast<ct_activation>(activations[i]));
    if (x.dim() == 2) return y;
    auto shape = x.sizes().vec();
    shape.back() = width;
    return y.view(shape);
  });
}

} // extern "C"
