#include "Guard.h"
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

using namespace ct;

extern "C" {

char *ct_tensor_require_gradient(ct_tensor tensor) {
  return guarded([&] { ref(tensor).requires_grad_(true); });
}
bool ct_tensor_requires_gradient(ct_tensor tensor) { return ref(tensor).requires_grad(); }

char *ct_gradients(ct_tensor loss, const ct_tensor *parameters, size_t count, ct_tensor *out) {
  return guarded([&] {
    auto inputs = list(parameters, count);
    auto found = torch::autograd::grad({ref(loss)}, inputs, {}, std::nullopt, false, true);
    at::NoGradGuard guard;
    for (size_t i = 0; i < count; ++i) {
      if (!found[i].defined()) {
        out[i] = own(at::zeros_like(inputs[i]));
      } else if (found[i].strides() == inputs[i].strides()) {
        out[i] = own(found[i]);
      } else {
        // Fused steps go through memory in parallel, and a convolution's derivatives may lie there in another order.
        out[i] = own(at::empty_like(inputs[i]).copy_(found[i]));
      }
    }
  });
}

char *ct_gradients_clip(const ct_tensor *gradients, size_t count, double maximum, double *norm) {
  return guarded([&] {
    at::NoGradGuard guard;
    auto all = list(gradients, count);
    *norm = at::stack(at::_foreach_norm(all, 2)).to(at::kDouble).norm().item<double>();
    if (*norm > maximum) at::_foreach_mul_(all, maximum / (*norm + 1e-12));
  });
}

char *ct_adam_step(const ct_tensor *parameters, const ct_tensor *gradients, const ct_tensor *means,
                   const ct_tensor *squares, const ct_tensor *steps, size_t count, ct_adam o) {
  return guarded([&] {
    at::NoGradGuard guard;
    auto p = list(parameters, count), g = list(gradients, count), m = list(means, count), v = list(squares, count),
         t = list(steps, count);
    at::_foreach_add_(t, 1);
    auto step = [&](auto function) {
      function(p, g, m, v, at::TensorList(), t, o.learning_rate, o.beta1, o.beta2, o.weight_decay, o.epsilon);
    };
    if (o.decoupled) {
      step([](auto &&...all) { at::_fused_adamw_(all..., false, false); });
    } else {
      step([](auto &&...all) { at::_fused_adam_(all..., false, false); });
    }
  });
}

char *ct_sgd_step(const ct_tensor *parameters, const ct_tensor *gradients, const ct_tensor *momenta, size_t count,
                  ct_sgd o) {
  return guarded([&] {
    at::NoGradGuard guard;
    auto p = list(parameters, count), g = list(gradients, count);
    auto m = o.momentum != 0 ? list(momenta, count) : std::vector<at::Tensor>();
    at::_fused_sgd_(p, g, m, o.weight_decay, o.momentum, o.learning_rate, 0.0, o.nesterov, false, false);
  });
}

} // extern "C"
