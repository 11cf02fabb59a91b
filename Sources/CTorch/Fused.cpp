#include "Guard.h"
#include "Threads.h"
#include "Kernels.h"
#include <ATen/CPUGeneratorImpl.h>
#include <mutex>
#include <torch/csrc/autograd/custom_function.h>

using namespace ct;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

/// log p(x) of binary rows by logits. One pass gives the value and its derivative, which waits for the backward pass.
struct Bernoulli : torch::autograd::Function<Bernoulli> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &x, const at::Tensor &logits) {
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
    context->save_for_backward({gradient});
    return out;
  }
  static variable_list backward(AutogradContext *context, variable_list gradients) {
    // Saved for this call alone, so it is changed in place.
    auto gradient = context->get_saved_variables()[0];
    auto factor = gradients[0].contiguous();
    auto dimensions = gradient.size(-1);
    parallel(factor.numel(), grain(dimensions), [&](int64_t first, int64_t last) {
      kernels::scale_rows(gradient.data_ptr<float>(), factor.const_data_ptr<float>(), first, last, dimensions);
    });
    return {at::Tensor(), gradient};
  }
};

/// Numbers set to 0 at random, the others scaled so that the mean stays. The backward pass draws the same again.
struct Dropout : torch::autograd::Function<Dropout> {
  static at::Tensor apply_mask(const at::Tensor &a, double probability, int64_t seed) {
    auto plain = a.contiguous(a.suggest_memory_format());
    auto out = at::empty_like(plain);
    auto threshold = std::min(65535u, static_cast<uint32_t>(probability * 65536 + 0.5));
    auto scale = static_cast<float>(1 / (1 - threshold / 65536.0));
    // Whole groups of draws for every thread.
    constexpr int64_t group = 128;
    parallel((plain.numel() + group - 1) / group, 128, [&](int64_t first, int64_t last) {
      kernels::keep_at_random(plain.const_data_ptr<float>(), out.data_ptr<float>(), static_cast<uint64_t>(seed), threshold,
                              scale, first * group, std::min(plain.numel(), last * group));
    });
    return out;
  }
  static at::Tensor forward(AutogradContext *context, const at::Tensor &a, double probability, int64_t seed) {
    at::AutoDispatchBelowAutograd below;
    context->saved_data["probability"] = probability;
    context->saved_data["seed"] = seed;
    context->saved_data["format"] = static_cast<int64_t>(a.suggest_memory_format());
    return apply_mask(a, probability, seed);
  }
  static variable_list backward(AutogradContext *context, variable_list gradients) {
    auto format = static_cast<at::MemoryFormat>(context->saved_data["format"].toInt());
    auto gradient = gradients[0].contiguous(format);
    return {apply_mask(gradient, context->saved_data["probability"].toDouble(), context->saved_data["seed"].toInt()),
            at::Tensor(), at::Tensor()};
  }
};

/// The mean of all numbers, multiplied by a factor.
struct ScaledMean : torch::autograd::Function<ScaledMean> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &a, double factor) {
    at::AutoDispatchBelowAutograd below;
    context->saved_data["shape"] = a.sizes().vec();
    context->saved_data["factor"] = factor;
    auto plain = a.contiguous();
    auto mean = at::empty({}, plain.options());
    auto count = plain.numel();
    *mean.data_ptr<float>() = static_cast<float>(kernels::sum(plain.const_data_ptr<float>(), count) / static_cast<double>(count) * factor);
    return mean;
  }
  static variable_list backward(AutogradContext *context, variable_list gradients) {
    auto found = at::empty(context->saved_data["shape"].toIntVector(), gradients[0].options());
    auto part = *gradients[0].const_data_ptr<float>() * static_cast<float>(context->saved_data["factor"].toDouble());
    std::fill_n(found.data_ptr<float>(), found.numel(), part / static_cast<float>(found.numel()));
    return {found, at::Tensor()};
  }
};

/// Sums over the last dimension.
struct RowSums : torch::autograd::Function<RowSums> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &a) {
    at::AutoDispatchBelowAutograd below;
    auto shape = a.sizes().vec();
    context->saved_data["shape"] = shape;
    auto columns = shape.back();
    shape.pop_back();
    auto out = at::empty(shape, a.options());
    parallel(out.numel(), grain(columns), [&](int64_t first, int64_t last) {
      kernels::sum_rows(a.const_data_ptr<float>() + first * columns, columns, out.data_ptr<float>() + first, last - first, columns);
    });
    return out;
  }
  static variable_list backward(AutogradContext *context, variable_list gradients) {
    return {gradients[0].unsqueeze(-1).expand(context->saved_data["shape"].toIntVector())};
  }
};

/// A copy whose derivative is multiplied by a factor that is read when the derivative passes: it may be filled in until then.
struct ScaledGradient : torch::autograd::Function<ScaledGradient> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &a, const at::Tensor &factor) {
    at::AutoDispatchBelowAutograd below;
    // Not saved as a variable of the graph, which would have to stay as it is.
    context->saved_data["factor"] = factor.detach();
    return a.clone();
  }
  static variable_list backward(AutogradContext *context, variable_list gradients) {
    return {gradients[0] * context->saved_data["factor"].toTensor(), at::Tensor()};
  }
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
      return Bernoulli::apply(v.contiguous(), l.contiguous());
    }
    auto target = v.expand_as(l);
    return at::binary_cross_entropy_with_logits(l, target, {}, {}, at::Reduction::None).sum(-1).neg();
  });
}

char *ct_gradient_scaled(ct_tensor a, ct_tensor factor, ct_tensor *out) {
  return make(out, [&] { return ScaledGradient::apply(ref(a), ref(factor)); });
}

char *ct_scaled_mean(ct_tensor a, double factor, ct_tensor *out) {
  return make(out, [&] {
    const auto &x = ref(a);
    return is_plain(x) && x.numel() > 0 ? ScaledMean::apply(x, factor) : at::mean(x) * factor;
  });
}

char *ct_row_sums(ct_tensor a, ct_tensor *out) {
  return make(out, [&] {
    const auto &x = ref(a);
    // Long rows are summed more exactly by libtorch, in a tree of sums.
    constexpr int64_t longest = 1024;
    auto fits = is_plain(x) && x.is_contiguous() && x.dim() > 0 && x.numel() > 0 && x.size(-1) <= longest;
    return fits ? RowSums::apply(x) : at::sum(x, -1);
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
    auto seed = static_cast<int64_t>(at::check_generator<at::CPUGeneratorImpl>(source)->random64());
    return Dropout::apply(x, probability, seed);
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
