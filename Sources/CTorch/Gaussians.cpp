#include "Guard.h"
#include "Node.h"
#include "Threads.h"
#include <torch/csrc/autograd/saved_variable.h>

using namespace ct;

namespace {

/// Rows of features cut into μ and log σ², the latter kept within a range.
struct GaussianParts {
  torch::autograd::SavedVariable features;
  float minimum, maximum;

  static std::pair<at::Tensor, at::Tensor> forward(const at::Tensor &features, double minimum, double maximum) {
    at::AutoDispatchBelowAutograd below;
    auto plain = features.contiguous();
    at::DimVector shape(plain.sizes());
    auto latents = shape.back() / 2;
    shape.back() = latents;
    auto mean = at::empty(shape, plain.options()), log_variance = at::empty(shape, plain.options());
    auto least = static_cast<float>(minimum), most = static_cast<float>(maximum);
    kernels::gaussian_parts(plain.const_data_ptr<float>(), least, most, mean.data_ptr<float>(), log_variance.data_ptr<float>(), rows(mean),
                            latents);
    attach({mean, log_variance}, GaussianParts{{plain, false}, least, most}, features);
    return {mean, log_variance};
  }
  variable_list backward(variable_list gradients) {
    auto kept = features.unpack();
    // Nothing may depend on one of the two.
    const auto &other = gradients[gradients[0].defined() ? 0 : 1];
    auto plain = [&](const at::Tensor &gradient) { return gradient.defined() ? gradient.contiguous() : at::zeros_like(other); };
    auto mean = plain(gradients[0]), log_variance = plain(gradients[1]);
    auto found = at::empty_like(kept);
    kernels::gaussian_parts_back(kept.const_data_ptr<float>(), minimum, maximum, mean.const_data_ptr<float>(),
                                 log_variance.const_data_ptr<float>(), found.data_ptr<float>(), rows(mean), mean.size(-1));
    return {found};
  }
  static int64_t rows(const at::Tensor &a) { return a.numel() / std::max<int64_t>(1, a.size(-1)); }
};

/// μ + σ ε for several draws of each row, differentiable in μ and log σ².
struct Reparametrized {
  /// σ ε
  at::Tensor scaled;

  static at::Tensor forward(const at::Tensor &mean, const at::Tensor &log_variance, const at::Tensor &noise) {
    at::AutoDispatchBelowAutograd below;
    auto m = mean.contiguous(), l = log_variance.contiguous(), e = noise.contiguous();
    auto z = at::empty_like(e), scaled = at::empty_like(e);
    auto size = m.numel(), draws = e.numel() / size;
    parallel(draws, grain(size), [&](int64_t first, int64_t last) {
      for (auto k = first; k < last; ++k) {
        kernels::reparametrize(m.const_data_ptr<float>(), l.const_data_ptr<float>(), e.const_data_ptr<float>() + k * size,
                               scaled.data_ptr<float>() + k * size, z.data_ptr<float>() + k * size, size);
      }
    });
    attach({z}, Reparametrized{scaled}, mean, log_variance);
    return z;
  }
  variable_list backward(variable_list gradients) {
    auto gradient = gradients[0].contiguous();
    auto shape = scaled.sizes().slice(1);
    auto mean = at::empty(shape, scaled.options()), log_variance = at::empty(shape, scaled.options());
    auto size = mean.numel(), draws = scaled.size(0);
    parallel(size, grain(draws), [&](int64_t first, int64_t last) {
      kernels::reparametrize_back(gradient.const_data_ptr<float>() + first, scaled.const_data_ptr<float>() + first,
                                  mean.data_ptr<float>() + first, log_variance.data_ptr<float>() + first, draws, size, last - first);
    });
    return {mean, log_variance};
  }
};

/// KL(N(μ, σ²) ‖ N(0, 1)) of each number, differentiable in μ and log σ².
struct StandardNormalDivergence {
  torch::autograd::SavedVariable mean;
  /// The derivative in log σ².
  at::Tensor slope;

  static at::Tensor forward(const at::Tensor &mean, const at::Tensor &log_variance) {
    at::AutoDispatchBelowAutograd below;
    auto m = mean.contiguous(), l = log_variance.contiguous();
    auto out = at::empty_like(m), slope = at::empty_like(m);
    kernels::standard_normal_divergence(m.const_data_ptr<float>(), l.const_data_ptr<float>(), out.data_ptr<float>(),
                                        slope.data_ptr<float>(), m.numel());
    attach({out}, StandardNormalDivergence{{m, false}, slope}, mean, log_variance);
    return out;
  }
  variable_list backward(variable_list gradients) {
    const auto &g = gradients[0];
    auto m = mean.unpack();
    auto in_mean = at::empty_like(m), in_log_variance = at::empty_like(m);
    auto columns = m.dim() > 0 ? m.size(-1) : 1, rows = m.numel() / std::max<int64_t>(1, columns);
    // A sum over the last dimension gives all of a row the same gradient, which it does not write out.
    auto is_by_row = g.dim() == 2 && g.stride(1) == 0;
    auto factor = is_by_row ? g : g.contiguous();
    kernels::standard_normal_divergence_back(factor.const_data_ptr<float>(), is_by_row ? g.stride(0) : columns, is_by_row,
                                             m.const_data_ptr<float>(), slope.const_data_ptr<float>(), in_mean.data_ptr<float>(),
                                             in_log_variance.data_ptr<float>(), rows, columns);
    return {in_mean, in_log_variance};
  }
};

/// log N(x; μ, σ²) of rows, differentiable in μ and log σ², the latter one for all numbers, one for each column, or one for each number. One
/// pass forward and one backward.
struct GaussianDensity {
  at::Tensor slope;
  torch::autograd::SavedVariable log_variance;
  bool is_shared;
  std::vector<int64_t> shape;

  static at::Tensor forward(const at::Tensor &x, const at::Tensor &mean, const at::Tensor &log_variance) {
    at::AutoDispatchBelowAutograd below;
    auto shape = mean.sizes();
    auto dimensions = shape.back();
    auto is_shared = log_variance.sizes() != mean.sizes();
    auto l = is_shared ? log_variance.expand({dimensions}).contiguous() : log_variance.contiguous();
    auto out = at::empty(shape.slice(0, shape.size() - 1), mean.options());
    auto slope = mean.requires_grad() || log_variance.requires_grad() ? at::empty_like(mean) : at::Tensor();
    auto stride = is_shared ? 0 : dimensions;
    parallel(out.numel(), grain(dimensions), [&](int64_t first, int64_t last) {
      kernels::gaussian(x.const_data_ptr<float>(), mean.const_data_ptr<float>(), l.const_data_ptr<float>(), stride,
                        slope.defined() ? slope.data_ptr<float>() : nullptr, out.data_ptr<float>(), first, last,
                        x.numel() / dimensions, dimensions);
    });
    attach({out}, GaussianDensity{slope, {l, false}, is_shared, log_variance.sizes().vec()}, mean, log_variance);
    return out;
  }
  variable_list backward(variable_list gradients) {
    // The slopes are for this call alone, so they are changed in place.
    auto l = log_variance.unpack(), g = gradients[0].contiguous();
    auto dimensions = slope.size(-1), rows = g.numel();
    auto back = [&](float *to, int64_t stride, int64_t first, int64_t last) {
      kernels::gaussian_back(g.const_data_ptr<float>(), l.const_data_ptr<float>(), stride, slope.data_ptr<float>(), to, first, last,
                             dimensions);
    };
    if (!is_shared) {
      auto found = at::empty_like(l);
      parallel(rows, grain(dimensions), [&](int64_t first, int64_t last) { back(found.data_ptr<float>(), dimensions, first, last); });
      return {slope, found.view(shape)};
    }
    // Sums by blocks of rows, which do not depend on the threads.
    Blocks blocks(rows, dimensions);
    auto parts = at::empty({blocks.count, dimensions}, l.options());
    blocks.each([&](int64_t block, int64_t first, int64_t last) { back(parts.data_ptr<float>() + block * dimensions, 0, first, last); });
    auto found = shape.empty() || shape.back() == 1 ? parts.sum() : parts.sum(0);
    return {slope, found.view(shape)};
  }
};

} // namespace

extern "C" {

char *ct_gaussian_log_density(ct_tensor x, ct_tensor mean, ct_tensor log_variance, ct_tensor *out) {
  return make(out, [&] {
    const auto &v = ref(x), &m = ref(mean), &l = ref(log_variance);
    auto fits = m.dim() > 0 && v.dim() > 0 && v.dim() <= m.dim() && m.sizes().slice(m.dim() - v.dim()) == v.sizes() && m.numel() > 0;
    auto is_known = l.sizes() == m.sizes() || (l.dim() <= 1 && (l.numel() == 1 || l.numel() == m.size(-1)));
    if (fits && is_known && is_plain(v) && is_plain(m) && is_plain(l) && !v.requires_grad()) {
      return GaussianDensity::forward(v.contiguous(), m.contiguous(), l);
    }
    return ((v - m).square() * (-l).exp() + l + kernels::log_two_pi).sum(-1) * -0.5;
  });
}

char *ct_gaussian_parts(ct_tensor features, double minimum, double maximum, ct_tensor *mean, ct_tensor *log_variance) {
  return guarded([&] {
    const auto &f = ref(features);
    auto latents = f.size(-1) / 2;
    if (is_plain(f) && f.size(-1) == 2 * latents && f.numel() > 0) {
      auto [first, second] = GaussianParts::forward(f, minimum, maximum);
      *mean = own(first);
      *log_variance = own(second);
      return;
    }
    auto first = f.narrow(-1, 0, latents), second = at::clamp(f.narrow(-1, latents, latents), minimum, maximum);
    *mean = own(first);
    *log_variance = own(second);
  });
}

char *ct_reparametrized(ct_tensor mean, ct_tensor log_variance, ct_tensor noise, ct_tensor *out) {
  return make(out, [&] {
    const auto &m = ref(mean), &l = ref(log_variance), &e = ref(noise);
    auto fits = m.sizes() == l.sizes() && e.dim() == m.dim() + 1 && e.sizes().slice(1) == m.sizes() && m.numel() > 0;
    if (fits && is_plain(m) && is_plain(l) && is_plain(e)) return Reparametrized::forward(m, l, e);
    return m + (l * 0.5).exp() * e;
  });
}

char *ct_standard_normal_divergence(ct_tensor mean, ct_tensor log_variance, ct_tensor *out) {
  return make(out, [&] {
    const auto &m = ref(mean), &l = ref(log_variance);
    if (is_plain(m) && is_plain(l) && m.sizes() == l.sizes()) return StandardNormalDivergence::forward(m, l);
    return (m.square() + l.exp() - l - 1) * 0.5;
  });
}

} // extern "C"
