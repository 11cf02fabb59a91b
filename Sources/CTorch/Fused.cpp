#include "Guard.h"
#include "Threads.h"
#include "Kernels.h"
#include "Node.h"
#include <ATen/CPUGeneratorImpl.h>
#include <mutex>

using namespace ct;

namespace {

/// log p(x) of binary rows by logits. One pass gives the value and its derivative, which waits for the backward pass.
struct Bernoulli {
  at::Tensor gradient;

  static at::Tensor forward(const at::Tensor &x, const at::Tensor &logits) {
    at::AutoDispatchBelowAutograd below;
    auto shape = logits.sizes();
    auto dimensions = shape.back();
    auto out = at::empty(shape.slice(0, shape.size() - 1), logits.options());
    auto gradient = logits.requires_grad() ? at::empty_like(logits) : at::Tensor();
    auto x_rows = std::max<int64_t>(1, x.numel() / std::max<int64_t>(dimensions, 1));
    parallel(out.numel(), grain(dimensions), [&](int64_t first, int64_t last) {
      kernels::bernoulli(x.const_data_ptr<float>(), logits.const_data_ptr<float>(),
                         gradient.defined() ? gradient.data_ptr<float>() : nullptr, out.data_ptr<float>(), first, last,
                         x_rows, dimensions);
    });
    attach({out}, Bernoulli{gradient}, logits);
    return out;
  }
  variable_list backward(variable_list gradients) {
    // For this call alone, so it is changed in place.
    auto factor = gradients[0].contiguous();
    auto dimensions = gradient.size(-1);
    parallel(factor.numel(), grain(dimensions), [&](int64_t first, int64_t last) {
      kernels::scale_rows(gradient.data_ptr<float>(), factor.const_data_ptr<float>(), first, last, dimensions);
    });
    return {gradient};
  }
};

/// Numbers set to 0 at random, the others scaled so that the mean stays. The backward pass draws the same again.
struct Dropout {
  double probability;
  uint64_t seed;
  at::MemoryFormat format;

  at::Tensor masked(const at::Tensor &a) const {
    auto plain = a.contiguous(format);
    auto out = at::empty_like(plain);
    auto threshold = std::min(65535u, static_cast<uint32_t>(probability * 65536 + 0.5));
    auto scale = static_cast<float>(1 / (1 - threshold / 65536.0));
    // Whole groups of draws for every thread.
    constexpr int64_t group = 128;
    parallel((plain.numel() + group - 1) / group, 128, [&](int64_t first, int64_t last) {
      kernels::keep_at_random(plain.const_data_ptr<float>(), out.data_ptr<float>(), seed, threshold, scale, first * group,
                              std::min(plain.numel(), last * group));
    });
    return out;
  }
  static at::Tensor forward(const at::Tensor &a, double probability, uint64_t seed) {
    at::AutoDispatchBelowAutograd below;
    Dropout dropout{probability, seed, a.suggest_memory_format()};
    auto out = dropout.masked(a);
    attach({out}, dropout, a);
    return out;
  }
  variable_list backward(variable_list gradients) { return {masked(gradients[0])}; }
};

/// The mean of all numbers, multiplied by a factor.
struct ScaledMean {
  std::vector<int64_t> shape;
  double factor;

  static at::Tensor forward(const at::Tensor &a, double factor) {
    at::AutoDispatchBelowAutograd below;
    auto plain = a.contiguous();
    auto mean = at::empty({}, plain.options());
    auto count = plain.numel();
    *mean.data_ptr<float>() = static_cast<float>(kernels::sum(plain.const_data_ptr<float>(), count) / static_cast<double>(count) * factor);
    attach({mean}, ScaledMean{a.sizes().vec(), factor}, a);
    return mean;
  }
  variable_list backward(variable_list gradients) {
    auto found = at::empty(shape, gradients[0].options());
    auto part = *gradients[0].const_data_ptr<float>() * static_cast<float>(factor);
    std::fill_n(found.data_ptr<float>(), found.numel(), part / static_cast<float>(found.numel()));
    return {found};
  }
};

/// Sums over the last dimension.
struct RowSums {
  std::vector<int64_t> shape;

  static at::Tensor forward(const at::Tensor &a) {
    at::AutoDispatchBelowAutograd below;
    auto columns = a.size(-1);
    auto out = at::empty(a.sizes().slice(0, a.dim() - 1), a.options());
    parallel(out.numel(), grain(columns), [&](int64_t first, int64_t last) {
      kernels::sum_rows(a.const_data_ptr<float>() + first * columns, columns, out.data_ptr<float>() + first, last - first, columns);
    });
    attach({out}, RowSums{a.sizes().vec()}, a);
    return out;
  }
  variable_list backward(variable_list gradients) { return {gradients[0].unsqueeze(-1).expand(shape)}; }
};

/// A copy whose derivative is multiplied by a factor that is read when the derivative passes: it may be filled in until then.
struct ScaledGradient {
  at::Tensor factor;

  static at::Tensor forward(const at::Tensor &a, const at::Tensor &factor) {
    at::AutoDispatchBelowAutograd below;
    auto out = a.clone();
    attach({out}, ScaledGradient{factor.detach()}, a);
    return out;
  }
  variable_list backward(variable_list gradients) { return {gradients[0] * factor}; }
};

} // namespace

namespace ct {

kernels::Slope slope(ct_activation activation) {
  switch (activation) {
  case ct_activation_none: return kernels::Slope::none;
  case ct_activation_relu: return kernels::Slope::rectified;
  case ct_activation_leaky_relu: return kernels::Slope::leaky;
  case ct_activation_tanh: return kernels::Slope::tanh;
  case ct_activation_sigmoid: return kernels::Slope::sigmoid;
  }
  return kernels::Slope::none;
}


Before before_activation(ct_activation activation, const at::Tensor &gradient, const at::Tensor &y, bool transposes,
                         at::ScalarType type) {
  auto rows = gradient.size(0), columns = gradient.size(1);
  auto isNarrow = type == at::kBFloat16;
  auto before = activation == ct_activation_none ? gradient : at::empty_like(gradient);
  auto narrowed = isNarrow ? at::empty_like(gradient, gradient.options().dtype(at::kBFloat16)) : before;
  auto transposed = transposes ? at::empty({columns, rows}, narrowed.options()) : at::Tensor();
  Blocks blocks(rows, columns);
  auto sums = at::empty({blocks.count, columns}, gradient.options());
  blocks.each([&](int64_t block, int64_t first, int64_t last) {
    kernels::before_activation(slope(activation), gradient.const_data_ptr<float>(),
                               y.defined() ? y.const_data_ptr<float>() : nullptr, before.data_ptr<float>(),
                               sums.data_ptr<float>() + block * columns, first, last, columns);
    if (isNarrow) {
      auto *bits = static_cast<uint16_t *>(narrowed.data_ptr());
      kernels::narrow(before.const_data_ptr<float>() + first * columns, bits + first * columns, (last - first) * columns);
      if (transposes) {
        kernels::transpose(bits + first * columns, columns, static_cast<uint16_t *>(transposed.data_ptr()) + first, rows,
                           last - first, columns);
      }
    } else if (transposes) {
      kernels::transpose(before.const_data_ptr<float>() + first * columns, columns, transposed.data_ptr<float>() + first, rows,
                         last - first, columns);
    }
  });
  auto *total = sums.data_ptr<float>();
  for (int64_t block = 1; block < blocks.count; ++block) {
    for (int64_t c = 0; c < columns; ++c) total[c] += total[block * columns + c];
  }
  return {narrowed, transposed, sums.select(0, 0)};
}

at::Tensor with_bias(ct_activation activation, const at::Tensor &narrow, const at::Tensor &bias) {
  auto rows = narrow.size(0), columns = narrow.size(1);
  auto out = at::empty({rows, columns}, bias.options());
  parallel(rows, grain(columns), [&](int64_t first, int64_t last) {
    kernels::widen_with_bias(slope(activation), static_cast<const uint16_t *>(narrow.const_data_ptr()),
                             bias.const_data_ptr<float>(), out.data_ptr<float>(), first, last, columns);
  });
  if (activation == ct_activation_tanh) out.tanh_();
  if (activation == ct_activation_sigmoid) out.sigmoid_();
  return out;
}

} // namespace ct

extern "C" {

char *ct_bernoulli_log_density(ct_tensor x, ct_tensor logits, ct_tensor *out) {
  return make(out, [&] {
    const auto &l = ref(logits), &v = ref(x);
    auto fits = l.dim() > 0 && v.dim() > 0 && v.dim() <= l.dim() && l.sizes().slice(l.dim() - v.dim()) == v.sizes();
    if (is_plain(l) && is_plain(v) && fits && !v.requires_grad()) {
      return Bernoulli::forward(v.contiguous(), l.contiguous());
    }
    auto target = v.expand_as(l);
    return at::binary_cross_entropy_with_logits(l, target, {}, {}, at::Reduction::None).sum(-1).neg();
  });
}

char *ct_gradient_scaled(ct_tensor a, ct_tensor factor, ct_tensor *out) {
  return make(out, [&] { return ScaledGradient::forward(ref(a), ref(factor)); });
}

char *ct_scaled_mean(ct_tensor a, double factor, ct_tensor *out) {
  return make(out, [&] {
    const auto &x = ref(a);
    return is_plain(x) && x.numel() > 0 ? ScaledMean::forward(x, factor) : at::mean(x) * factor;
  });
}

char *ct_row_sums(ct_tensor a, ct_tensor *out) {
  return make(out, [&] {
    const auto &x = ref(a);
    // Long rows are summed more exactly by libtorch, in a tree of sums.
    constexpr int64_t longest = 1024;
    auto fits = is_plain(x) && x.is_contiguous() && x.dim() > 0 && x.numel() > 0 && x.size(-1) <= longest;
    return fits ? RowSums::forward(x) : at::sum(x, -1);
  });
}

char *ct_dropout(ct_tensor a, double probability, ct_generator generator, ct_tensor *out) {
  return make(out, [&] {
    const auto &x = ref(a);
    if (!is_plain(x)) {
      auto kept = at::empty_like(x).bernoulli_(1 - probability, ref(generator));
      return x * kept.div_(1 - probability);
    }
    auto &source = ref(generator);
    std::lock_guard<std::mutex> lock(source.mutex());
    auto seed = at::check_generator<at::CPUGeneratorImpl>(source)->random64();
    return Dropout::forward(x, probability, seed);
  });
}

char *ct_tensor_scaled_rows(ct_tensor bytes, ct_tensor rows, double offset, double scale, ct_tensor *out) {
  return make(out, [&] {
    const auto &values = ref(bytes), &index = ref(rows);
    TORCH_CHECK(values.dim() == 2 && index.dim() == 1 && index.scalar_type() == at::kLong, "rows by their numbers");
    if (!values.is_cpu() || values.scalar_type() != at::kByte || !values.is_contiguous() || !index.is_contiguous()) {
      return at::index_select(values, 0, index).to(at::kFloat).sub(offset).div(scale);
    }
    auto columns = values.size(1), count = values.size(0);
    auto result = at::empty({index.numel(), columns}, values.options().dtype(at::kFloat));
    const auto *numbers = index.const_data_ptr<int64_t>();
    for (int64_t r = 0; r < index.numel(); ++r) {
      TORCH_CHECK_INDEX(numbers[r] >= 0 && numbers[r] < count, "row ", numbers[r], " of ", count);
    }
    parallel(index.numel(), grain(columns), [&](int64_t first, int64_t last) {
      // Rows lie anywhere in memory, which no processor foresees.
      constexpr int64_t ahead = 16, line = 64;
      auto ask = [&](int64_t r) {
        auto *row = values.const_data_ptr<uint8_t>() + numbers[r] * columns;
        for (int64_t c = 0; c < columns; c += line) __builtin_prefetch(row + c);
      };
      for (auto r = first; r < std::min(first + ahead, last); ++r) ask(r);
      for (auto r = first; r < last; ++r) {
        if (r + ahead < last) ask(r + ahead);
        kernels::scale_bytes(values.const_data_ptr<uint8_t>() + numbers[r] * columns, result.data_ptr<float>() + r * columns,
                             columns, static_cast<float>(offset), static_cast<float>(scale));
      }
    });
    return result;
  });
}

} // extern "C"
