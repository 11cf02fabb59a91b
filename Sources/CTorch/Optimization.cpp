#include "Backward.h"
#include "Guard.h"
#include "Threads.h"
#include <ATen/core/grad_mode.h>
#include <cmath>

using namespace ct;

namespace {

bool is_plain_and_dense(const std::vector<at::Tensor> &all) {
  return std::all_of(all.begin(), all.end(), [](auto &a) { return is_plain(a) && a.is_contiguous(); });
}

/// A step in one pass of all threads over all parameters, of each of which every thread takes the same part in every step.
void adam(const ct_adam &o, const std::vector<at::Tensor> &p, const std::vector<at::Tensor> &g, const std::vector<at::Tensor> &m,
          const std::vector<at::Tensor> &v, const std::vector<at::Tensor> &t) {
  std::vector<kernels::Adam> steps;
  int64_t total = 0;
  for (size_t i = 0; i < p.size(); ++i) {
    auto count = static_cast<double>(*t[i].data_ptr<float>() += 1);
    auto rate = o.learning_rate / (1 - std::pow(o.beta1, count)), root = std::sqrt(1 - std::pow(o.beta2, count));
    steps.push_back({.beta1 = static_cast<float>(o.beta1), .beta2 = static_cast<float>(o.beta2),
                     .epsilon = static_cast<float>(o.epsilon), .rate = static_cast<float>(rate),
                     .root = static_cast<float>(root), .decay = o.decoupled ? 0 : static_cast<float>(o.weight_decay),
                     .shrinkage = o.decoupled ? static_cast<float>(1 - o.learning_rate * o.weight_decay) : 1});
    total += p[i].numel();
  }
  constexpr int64_t grain = 16384, vector = 16;
  auto parts = std::clamp<int64_t>(total / grain, 1, at::get_num_threads());
  parallel(parts, 1, [&](int64_t first_part, int64_t last_part) {
    for (size_t i = 0; i < p.size(); ++i) {
      auto count = p[i].numel();
      auto end = [&](int64_t part) { return part == parts ? count : count * part / parts / vector * vector; };
      auto first = end(first_part), size = end(last_part) - first;
      kernels::adam(steps[i], p[i].data_ptr<float>() + first, g[i].const_data_ptr<float>() + first,
                    m[i].data_ptr<float>() + first, v[i].data_ptr<float>() + first, size);
    }
  });
}

/// A step by libtorch, its learning rate a number or a tensor on the device.
template <typename Rate>
void library_adam(const ct_adam &o, const Rate &rate, const std::vector<at::Tensor> &p, const std::vector<at::Tensor> &g,
                  const std::vector<at::Tensor> &m, const std::vector<at::Tensor> &v, const std::vector<at::Tensor> &t) {
  at::_foreach_add_(t, 1);
  auto step = [&](auto function) {
    function(p, g, m, v, at::TensorList(), t, rate, o.beta1, o.beta2, o.weight_decay, o.epsilon);
  };
  if (o.decoupled) {
    step([](auto &&...all) { at::_fused_adamw_(all..., false, false); });
  } else {
    step([](auto &&...all) { at::_fused_adam_(all..., false, false); });
  }
}

} // namespace

extern "C" {

char *ct_tensor_require_gradient(ct_tensor tensor) {
  return guarded([&] { ref(tensor).requires_grad_(true); });
}
bool ct_tensor_requires_gradient(ct_tensor tensor) { return ref(tensor).requires_grad(); }

char *ct_gradients(ct_tensor loss, const ct_tensor *parameters, size_t count, ct_tensor *out) {
  return guarded([&] {
    auto inputs = list(parameters, count);
    auto found = gradients(ref(loss), inputs);
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
    if (is_plain_and_dense(p) && is_plain_and_dense(g) && is_plain_and_dense(m) && is_plain_and_dense(v) && is_plain_and_dense(t)) {
      adam(o, p, g, m, v, t);
      for (auto &parameter : p) parameter.unsafeGetTensorImpl()->bump_version();
      return;
    }
    library_adam(o, o.learning_rate, p, g, m, v, t);
  });
}

char *ct_adam_step_by(ct_tensor learning_rate, const ct_tensor *parameters, const ct_tensor *gradients,
                      const ct_tensor *means, const ct_tensor *squares, const ct_tensor *steps, size_t count, ct_adam o) {
  return guarded([&] {
    at::NoGradGuard guard;
    library_adam(o, ref(learning_rate), list(parameters, count), list(gradients, count), list(means, count),
                 list(squares, count), list(steps, count));
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
