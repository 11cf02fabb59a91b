#include "Guard.h"

using namespace ct;

extern "C" {

char *ct_convolution(ct_tensor x, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding, ct_tensor *out) {
  return make(out, [&] { return at::conv2d(ref(x), ref(weight), ref(bias), stride, padding); });
}

char *ct_transposed_convolution(ct_tensor x, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding,
                                int64_t extra_height, int64_t extra_width, ct_tensor *out) {
  const int64_t extra[] = {extra_height, extra_width};
  return make(out, [&] {
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
