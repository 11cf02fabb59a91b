#include "Backward.h"
#include "Caches.h"
#include "Descent.h"
#include "Threads.h"
#include <ATen/core/grad_mode.h>
#include <cmath>
#include <optional>

using namespace ct;

namespace {

bool is_plain_and_dense(const at::Tensor &a) { return is_plain(a) && a.is_contiguous(); }

/// Steps of Adam, counted; none where a tensor is not plain and dense.
std::optional<std::vector<Step>> steps_of(const ct_adam &o, const ct_tensor *parameters, const ct_tensor *means,
                                          const ct_tensor *squares, const ct_tensor *steps, size_t count) {
  for (const auto *all : {parameters, means, squares, steps}) {
    if (!std::all_of(all, all + count, [](ct_tensor a) { return is_plain_and_dense(ref(a)); })) return std::nullopt;
  }
  std::vector<Step> found;
  found.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    auto number = static_cast<double>(*ref(steps[i]).data_ptr<float>() += 1);
    auto rate = o.learning_rate / (1 - std::pow(o.beta1, number)), root = std::sqrt(1 - std::pow(o.beta2, number));
    found.push_back({.parameter = ref(parameters[i]), .numbers = ref(parameters[i]).data_ptr<float>(),
                     .mean = ref(means[i]).data_ptr<float>(), .square = ref(squares[i]).data_ptr<float>(),
                     .adam = {.beta1 = static_cast<float>(o.beta1), .beta2 = static_cast<float>(o.beta2),
                              .epsilon = static_cast<float>(o.epsilon), .rate = static_cast<float>(rate),
                              .root = static_cast<float>(root), .decay = o.decoupled ? 0 : static_cast<float>(o.weight_decay),
                              .shrinkage = o.decoupled ? static_cast<float>(1 - o.learning_rate * o.weight_decay) : 1}});
  }
  return found;
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
  for (const auto &parameter : p) tell_changed(parameter);
}

} // namespace

namespace ct {

void Step::take(const float *gradient, int64_t first, int64_t count, kernels::Writing writing) const {
  kernels::adam(adam, numbers + first, gradient, mean + first, square + first, count, writing);
}

void take(const std::vector<Step> &steps, const std::vector<at::Tensor> &gradients) {
  int64_t total = 0;
  for (const auto &step : steps) total += step.parameter.numel();
  constexpr int64_t grain = 16384, vector = 16;
  auto parts = std::clamp<int64_t>(total / grain, 1, at::get_num_threads());
  auto writing = writing_for_all(parts);
  // Every thread takes the same part of each parameter in every step.
  parallel(parts, 1, [&](int64_t first_part, int64_t last_part) {
    for (size_t i = 0; i < steps.size(); ++i) {
      auto count = steps[i].parameter.numel();
      auto end = [&](int64_t part) { return part == parts ? count : count * part / parts / vector * vector; };
      auto first = end(first_part);
      steps[i].take(gradients[i].const_data_ptr<float>() + first, first, end(last_part) - first, writing);
    }
  });
  for (const auto &step : steps) tell_changed(step.parameter);
}

} // namespace ct

extern "C" {

char *ct_tensor_require_gradient(ct_tensor tensor) {
  return guarded([&] { ref(tensor).requires_grad_(true); });
}
bool ct_tensor_requires_gradient(ct_tensor tensor) { return ref(tensor).requires_grad(); }

char *ct_gradients(ct_tensor loss, const ct_tensor *parameters, size_t count, ct_tensor *out) {
  return guarded([&] {
    auto inputs = list(parameters, count);
    auto found = gradients(ref(loss), inputs);
    for (size_t i = 0; i < count; ++i) out[i] = own(found[i]);
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
    auto g = list(gradients, count);
    auto is_plain = std::all_of(g.begin(), g.end(), is_plain_and_dense);
    if (auto all = is_plain ? steps_of(o, parameters, means, squares, steps, count) : std::nullopt) return take(*all, g);
    library_adam(o, o.learning_rate, list(parameters, count), g, list(means, count), list(squares, count), list(steps, count));
  });
}

char *ct_adam_descend(ct_tensor loss, const ct_tensor *parameters, const ct_tensor *means, const ct_tensor *squares,
                      const ct_tensor *steps, size_t count, ct_adam o) {
  return guarded([&] {
    if (auto all = steps_of(o, parameters, means, squares, steps, count)) return descend(ref(loss), *all);
    auto p = list(parameters, count), g = gradients(ref(loss), p);
    at::NoGradGuard guard;
    library_adam(o, o.learning_rate, p, g, list(means, count), list(squares, count), list(steps, count));
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
    for (const auto &parameter : p) tell_changed(parameter);
  });
}

} // extern "C"
