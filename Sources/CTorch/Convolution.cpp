#include "Guard.h"

using namespace ct;

namespace {

void note(ct_product_kind kind, const at::Tensor &x, const at::Tensor &weight, int64_t stride, int64_t padding,
          int64_t extra_height = 0, int64_t extra_width = 0) {
  if (!is_recording()) return;
  record({.kind = kind, .count = x.size(0), .inputs = x.size(1),
          .outputs = weight.size(kind == ct_product_transposed ? 1 : 0), .height = x.size(2), .width = x.size(3),
          .kernel = weight.size(2), .stride = stride, .padding = padding, .extra_height = extra_height,
          .extra_width = extra_width, .has_input_gradient = x.requires_grad()});
}

} // namespace

extern "C" {

char *ct_convolution(ct_tensor x, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding, ct_tensor *out) {
  return make(out, [&] {
    note(ct_product_convolution, ref(x), ref(weight), stride, padding);
    return at::conv2d(ref(x), ref(weight), ref(bias), stride, padding);
  });
}

char *ct_transposed_convolution(ct_tensor x, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding,
                                int64_t extra_height, int64_t extra_width, ct_tensor *out) {
  const int64_t extra[] = {extra_height, extra_width};
  return make(out, [&] {
    note(ct_product_transposed, ref(x), ref(weight), stride, padding, extra_height, extra_width);
    return at::conv_transpose2d(ref(x), ref(weight), ref(bias), stride, padding, list(extra, 2));
  });
}

char *ct_batch_normalization_training(ct_tensor x, ct_tensor scale, ct_tensor shift, ct_tensor running_mean,
                                      ct_tensor running_variance, double momentum, double epsilon, ct_tensor *out) {
  return make(out, [&] {
    return at::batch_norm(ref(x), ref(scale), ref(shift), ref(running_mean), ref(running_variance), true, momentum, epsilon,
                          true);
  });
}

char *ct_batch_normalization(ct_tensor x, ct_tensor scale, ct_tensor shift, ct_tensor running_mean,
                             ct_tensor running_variance, double epsilon, ct_tensor *out) {
  return make(out, [&] {
    return at::batch_norm(ref(x), ref(scale), ref(shift), ref(running_mean), ref(running_variance), false, 0, epsilon, true);
  });
}

char *ct_tensor_enlarge(ct_tensor a, int64_t height, int64_t width, ct_tensor *out) {
  const int64_t size[] = {height, width};
  return make(out, [&] { return at::upsample_nearest2d(ref(a), list(size, 2)); });
}

} // extern "C"
