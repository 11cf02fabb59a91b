#include "Guard.h"
#include "Kernels.h"
#include "Threads.h"
#include <torch/csrc/autograd/custom_function.h>

using namespace ct;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

/// Pairs of sums of every block added up in double precision.
std::pair<std::vector<double>, std::vector<double>> added(const std::vector<float> &parts, int64_t blocks, int64_t columns) {
  std::vector<double> first(columns, 0), second(columns, 0);
  for (int64_t block = 0; block < blocks; ++block) {
    for (int64_t c = 0; c < columns; ++c) {
      first[c] += parts[2 * block * columns + c];
      second[c] += parts[(2 * block + 1) * columns + c];
    }
  }
  return {first, second};
}

float below(ct_activation activation) {
  return activation == ct_activation_relu ? 0.0f : activation == ct_activation_leaky_relu ? static_cast<float>(kernels::leak) : 1.0f;
}

/// Batch normalization by the batch's own moments with a rectifier behind it, pixel by pixel in memory: two passes over the input
/// forward, two backward, and only the input kept.
struct Normalized : torch::autograd::Function<Normalized> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &pictures, const at::Tensor &scale,
                            const at::Tensor &shift, const at::Tensor &running_mean, const at::Tensor &running_variance,
                            double momentum, double epsilon, int64_t activation) {
    at::AutoDispatchBelowAutograd below_autograd;
    auto x = pictures.contiguous(at::MemoryFormat::ChannelsLast);
    auto columns = x.size(1), rows = x.numel() / columns;
    const auto *a = x.const_data_ptr<float>();
    Blocks blocks(rows, columns);
    std::vector<float> parts(2 * blocks.count * columns);
    blocks.each([&](int64_t block, int64_t first, int64_t last) {
      // Distances from the first row: near enough to the mean for the difference of squares to keep its digits.
      kernels::moments(a, a, &parts[2 * block * columns], &parts[(2 * block + 1) * columns], first, last, columns);
    });
    auto [sums, squares] = added(parts, blocks.count, columns);
    // mean, 1 / deviation, and y = x · factor + addend.
    auto constants = at::empty({4, columns}, x.options());
    auto *mean = constants.data_ptr<float>(), *inverse = mean + columns, *factor = inverse + columns, *addend = factor + columns;
    auto *means = running_mean.data_ptr<float>(), *variances = running_variance.data_ptr<float>();
    const auto *scales = scale.const_data_ptr<float>(), *shifts = shift.const_data_ptr<float>();
    for (int64_t c = 0; c < columns; ++c) {
      auto distance = sums[c] / rows, variance = std::max(0.0, squares[c] / rows - distance * distance);
      auto center = a[c] + distance, inverse_deviation = 1 / std::sqrt(variance + epsilon);
      mean[c] = static_cast<float>(center);
      inverse[c] = static_cast<float>(inverse_deviation);
      factor[c] = static_cast<float>(inverse_deviation * scales[c]);
      addend[c] = static_cast<float>(shifts[c] - center * inverse_deviation * scales[c]);
      means[c] += static_cast<float>(momentum * (center - means[c]));
      variances[c] += static_cast<float>(momentum * (variance * rows / std::max<int64_t>(rows - 1, 1) - variances[c]));
    }
    auto y = at::empty_like(x);
    auto *ys = y.data_ptr<float>();
    auto under = below(static_cast<ct_activation>(activation));
    blocks.each([&](int64_t, int64_t first, int64_t last) {
      kernels::normalize(a, factor, addend, under, ys, first, last, columns);
    });
    context->save_for_backward({x, scale, constants});
    context->saved_data["activation"] = activation;
    return y;
  }
  static variable_list backward(AutogradContext *context, variable_list gradients) {
    auto saved = context->get_saved_variables();
    const auto &x = saved[0];
    auto g = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    auto columns = x.size(1), rows = x.numel() / columns;
    const auto *a = x.const_data_ptr<float>(), *gs = g.const_data_ptr<float>();
    const auto *mean = saved[2].const_data_ptr<float>(), *inverse = mean + columns, *factor = inverse + columns,
               *addend = factor + columns;
    auto under = below(static_cast<ct_activation>(context->saved_data["activation"].toInt()));
    Blocks blocks(rows, columns);
    std::vector<float> parts(2 * blocks.count * columns);
    blocks.each([&](int64_t block, int64_t first, int64_t last) {
      kernels::normalize_back_sums(gs, a, factor, addend, mean, under, &parts[2 * block * columns],
                                   &parts[(2 * block + 1) * columns], first, last, columns);
    });
    auto [sums, products] = added(parts, blocks.count, columns);
    // dx = factor · (g′ − Σ g′ / rows − (x − mean) / σ² · Σ g′ (x − mean) / rows), gathered into g′ · factor + x · slope + offset.
    auto dscale = at::empty({columns}, x.options()), dshift = at::empty({columns}, x.options());
    std::vector<float> slope(columns), offset(columns);
    for (int64_t c = 0; c < columns; ++c) {
      dscale.data_ptr<float>()[c] = static_cast<float>(products[c] * inverse[c]);
      dshift.data_ptr<float>()[c] = static_cast<float>(sums[c]);
      auto pull = -static_cast<double>(factor[c]) * inverse[c] * inverse[c] * products[c] / rows;
      slope[c] = static_cast<float>(pull);
      offset[c] = static_cast<float>(-factor[c] * sums[c] / rows - pull * mean[c]);
    }
    auto dx = at::empty_like(x);
    auto *out = dx.data_ptr<float>();
    blocks.each([&](int64_t, int64_t first, int64_t last) {
      kernels::normalize_back(gs, a, factor, addend, slope.data(), offset.data(), under, out, first, last, columns);
    });
    return {dx, dscale, dshift, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

} // namespace

extern "C" {

char *ct_batch_normalization_training(ct_tensor input, ct_tensor scale, ct_tensor shift, ct_tensor running_mean,
                                      ct_tensor running_variance, double momentum, double epsilon, ct_activation activation,
                                      ct_tensor *out) {
  return make(out, [&] {
    const auto &x = ref(input), &s = ref(scale), &b = ref(shift);
    auto isRectifier = activation == ct_activation_none || activation == ct_activation_relu || activation == ct_activation_leaky_relu;
    if (isRectifier && x.dim() == 4 && is_plain(x) && is_plain(s) && s.is_contiguous() && b.is_contiguous() && x.numel() > 0) {
      return Normalized::apply(x, s, b, ref(running_mean), ref(running_variance), momentum, epsilon,
                               static_cast<int64_t>(activation));
    }
    return applied(activation,
                   at::batch_norm(x, s, b, ref(running_mean), ref(running_variance), true, momentum, epsilon, true));
  });
}

char *ct_batch_normalization(ct_tensor x, ct_tensor scale, ct_tensor shift, ct_tensor running_mean,
                             ct_tensor running_variance, double epsilon, ct_activation activation, ct_tensor *out) {
  return make(out, [&] {
    return applied(activation, at::batch_norm(ref(x), ref(scale), ref(shift), ref(running_mean), ref(running_variance), false,
                                              0, epsilon, true));
  });
}

} // extern "C"
