#include "Doubling.h"
#include <torch/csrc/autograd/custom_function.h>

using namespace ct;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

void note(ct_product_kind kind, const at::Tensor &x, const at::Tensor &weight, int64_t stride, int64_t padding,
          int64_t extra_height = 0, int64_t extra_width = 0) {
  if (!is_recording()) return;
  record({.kind = kind, .count = x.size(0), .inputs = x.size(1),
          .outputs = weight.size(kind == ct_product_transposed ? 1 : 0), .height = x.size(2), .width = x.size(3),
          .kernel = weight.size(2), .stride = stride, .padding = padding, .extra_height = extra_height,
          .extra_width = extra_width, .has_input_gradient = x.requires_grad()});
}

void note_doubling(const at::Tensor &x, int64_t outputs) {
  if (!is_recording()) return;
  record({.kind = ct_product_convolution, .count = x.size(0), .inputs = x.size(1), .outputs = 4 * outputs, .height = x.size(2),
          .width = x.size(3), .kernel = 2, .stride = 1, .padding = 1, .has_input_gradient = x.requires_grad()});
}

bool is_plain(const at::Tensor &x, const at::Tensor &weight) {
  return ct::is_plain(x) && ct::is_plain(weight) && x.numel() > 0;
}

/// Pixels side by side, the channels of each together: what convolutions are fastest with.
at::Tensor pixelwise(const at::Tensor &x) { return x.contiguous(at::MemoryFormat::ChannelsLast); }

/// Pictures that lie pixel by pixel as `[pixels, channels]`, without a copy.
at::Tensor as_rows(const at::Tensor &x) { return x.permute({0, 2, 3, 1}).reshape({-1, x.size(1)}); }

at::Tensor like_pictures(const at::Tensor &rows, const at::Tensor &x) {
  return rows.view({x.size(0), x.size(2), x.size(3), x.size(1)}).permute({0, 3, 1, 2});
}

void activate(ct_activation activation, at::Tensor &y) {
  switch (activation) {
  case ct_activation_none: break;
  case ct_activation_relu: y.relu_(); break;
  case ct_activation_leaky_relu: at::leaky_relu_(y, kernels::leak); break;
  case ct_activation_tanh: y.tanh_(); break;
  case ct_activation_sigmoid: y.sigmoid_(); break;
  }
}

/// The activation of a convolution of factors in the type that products take.
at::Tensor convolve(const at::Tensor &x, const at::Tensor &w, const at::Tensor &b, int64_t stride, int64_t padding,
                    ct_activation activation) {
  auto isNarrow = x.scalar_type() == at::kBFloat16;
  auto y = pixelwise(at::convolution(x, w, isNarrow ? at::Tensor() : b, {stride, stride}, {padding, padding}, {1, 1}, false,
                                     {0, 0}, 1));
  if (isNarrow) return like_pictures(with_bias(activation, as_rows(y), b), y);
  activate(activation, y);
  return y;
}

/// The gradients in x and w of a convolution without bias.
std::pair<at::Tensor, at::Tensor> convolve_back(const at::Tensor &gradient, const at::Tensor &x, const at::Tensor &w,
                                                int64_t stride, int64_t padding, bool for_x, bool for_w) {
  auto found = at::convolution_backward(gradient, x, w, at::OptionalIntArrayRef(), {stride, stride}, {padding, padding},
                                        {1, 1}, false, {0, 0}, 1, {for_x, for_w, false});
  auto wide = [](const at::Tensor &a) { return a.defined() ? a.to(at::kFloat) : a; };
  return {wide(std::get<0>(found)), wide(std::get<1>(found))};
}

/// A convolution with its activation, pixel by pixel in memory.
struct Convolution : torch::autograd::Function<Convolution> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &pictures, const at::Tensor &weight,
                            const at::Tensor &bias, int64_t stride, int64_t padding, int64_t activation) {
    at::AutoDispatchBelowAutograd below;
    auto x = factor(pixelwise(pictures)), w = factor(pixelwise(weight));
    auto y = convolve(x, w, bias, stride, padding, static_cast<ct_activation>(activation));
    context->save_for_backward({x, w, activation == ct_activation_none ? at::Tensor() : y});
    context->saved_data["stride"] = stride;
    context->saved_data["padding"] = padding;
    context->saved_data["activation"] = activation;
    return y;
  }
  static variable_list backward(AutogradContext *context, variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto g = pixelwise(gradients[0]);
    auto before = before_activation(static_cast<ct_activation>(context->saved_data["activation"].toInt()), as_rows(g),
                                    saved[2].defined() ? as_rows(saved[2]) : at::Tensor(), false, saved[0].scalar_type());
    auto [dx, dw] = convolve_back(like_pictures(before.gradient, g), saved[0], saved[1],
                                  context->saved_data["stride"].toInt(), context->saved_data["padding"].toInt(),
                                  context->needs_input_grad(0), context->needs_input_grad(1));
    return {dx, dw, before.sums, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

/// A convolution and its activation by libtorch's own operations: on any device, of any type.
template <typename Convolve>
at::Tensor anywhere(ct_activation activation, const at::Tensor &x, const at::Tensor &w, const at::Tensor &b, Convolve convolve) {
  if (!multiplies_bfloat16()) return applied(activation, convolve(x, w, b));
  return applied(activation, convolve(factor(x), factor(w), at::Tensor()).to(at::kFloat) + b.view({-1, 1, 1}));
}

/// A layer that doubles pictures, and its activation.
struct DoublingConvolution : torch::autograd::Function<DoublingConvolution> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &pictures, const at::Tensor &weight,
                            const at::Tensor &bias, int64_t doubling, int64_t height, int64_t width, int64_t activation) {
    at::AutoDispatchBelowAutograd below;
    auto kind = static_cast<Doubling>(doubling);
    auto x = factor(pixelwise(pictures)), w = factor(fold(kind, weight));
    auto small = convolve(x, w, bias.repeat({4}), 1, 1, static_cast<ct_activation>(activation));
    auto y = spread(kind, small, height, width);
    context->save_for_backward({x, w, activation == ct_activation_none ? at::Tensor() : y});
    context->saved_data["doubling"] = doubling;
    context->saved_data["activation"] = activation;
    return y;
  }
  static variable_list backward(AutogradContext *context, variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto kind = static_cast<Doubling>(context->saved_data["doubling"].toInt());
    auto g = pixelwise(gradients[0]);
    auto before = before_activation(static_cast<ct_activation>(context->saved_data["activation"].toInt()), as_rows(g),
                                    saved[2].defined() ? as_rows(saved[2]) : at::Tensor(), false, saved[0].scalar_type());
    const auto &x = saved[0], &w = saved[1];
    auto small = collect(kind, like_pictures(before.gradient, g), x.size(2) + 1, x.size(3) + 1);
    auto [dx, dw] = convolve_back(small, x, w, 1, 1, context->needs_input_grad(0), context->needs_input_grad(1));
    if (dw.defined()) dw = unfold(kind, dw);
    return {dx, dw, before.sums, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

} // namespace

extern "C" {

char *ct_convolution(ct_tensor input, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding,
                     ct_activation activation, ct_tensor *out) {
  return make(out, [&] {
    const auto &x = ref(input), &w = ref(weight), &b = ref(bias);
    note(ct_product_convolution, x, w, stride, padding);
    if (is_plain(x, w)) return Convolution::apply(x, w, b, stride, padding, static_cast<int64_t>(activation));
    return anywhere(activation, x, w, b, [&](auto... all) { return at::conv2d(all..., stride, padding); });
  });
}

char *ct_transposed_convolution(ct_tensor input, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding,
                                int64_t extra_height, int64_t extra_width, ct_activation activation, ct_tensor *out) {
  const int64_t extra[] = {extra_height, extra_width};
  return make(out, [&] {
    const auto &x = ref(input), &w = ref(weight), &b = ref(bias);
    if (is_plain(x, w) && stride == 2 && padding == 1 && w.size(2) == 3 && w.size(3) == 3) {
      auto height = 2 * x.size(2) - 1 + extra_height, width = 2 * x.size(3) - 1 + extra_width;
      note_doubling(x, w.size(1));
      return DoublingConvolution::apply(x, w.transpose(0, 1), b, static_cast<int64_t>(Doubling::transposed), height, width,
                                        static_cast<int64_t>(activation));
    }
    note(ct_product_transposed, x, w, stride, padding, extra_height, extra_width);
    return anywhere(activation, x, w, b,
                    [&](auto... all) { return at::conv_transpose2d(all..., stride, padding, list(extra, 2)); });
  });
}

char *ct_enlarging_convolution(ct_tensor input, ct_tensor weight, ct_tensor bias, int64_t height, int64_t width,
                               int64_t padding, ct_activation activation, ct_tensor *out) {
  const int64_t size[] = {height, width};
  return make(out, [&] {
    const auto &x = ref(input), &w = ref(weight), &b = ref(bias);
    if (is_plain(x, w) && padding == 1 && w.size(2) == 3 && w.size(3) == 3 && height == 2 * x.size(2) &&
        width == 2 * x.size(3)) {
      note_doubling(x, w.size(0));
      return DoublingConvolution::apply(x, w, b, static_cast<int64_t>(Doubling::repeated), height, width,
                                        static_cast<int64_t>(activation));
    }
    auto enlarged = at::upsample_nearest2d(x, list(size, 2));
    note(ct_product_convolution, enlarged, w, 1, padding);
    if (is_plain(x, w)) return Convolution::apply(enlarged, w, b, 1, padding, static_cast<int64_t>(activation));
    return anywhere(activation, enlarged, w, b, [&](auto... all) { return at::conv2d(all..., 1, padding); });
  });
}

} // extern "C"
