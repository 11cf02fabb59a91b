#include "Guard.h"
#include <ATen/core/grad_mode.h>

using namespace ct;

extern "C" {

char *ct_flat(const ct_tensor *tensors, size_t count, ct_tensor *block, ct_tensor *parts) {
  return guarded([&] {
    at::NoGradGuard guard;
    auto all = list(tensors, count);
    TORCH_CHECK(!all.empty(), "nothing to lay flat");
    // Each part begins where a line of the cache does.
    auto next = [](int64_t offset) { return (offset + 15) / 16 * 16; };
    int64_t total = 0;
    for (const auto &tensor : all) total = next(total) + tensor.numel();
    auto memory = at::zeros({total}, all[0].options().dtype(at::kFloat));
    std::vector<at::Tensor> views;
    int64_t offset = 0;
    for (const auto &tensor : all) {
      offset = next(offset);
      // The strides that a fresh tensor like it would have.
      auto like = at::empty_like(tensor, tensor.options().device(at::kMeta));
      views.push_back(memory.as_strided(like.sizes(), like.strides(), offset));
      offset += tensor.numel();
    }
    for (size_t i = 0; i < count; ++i) parts[i] = own(views[i]);
    *block = own(memory);
  });
}

char *ct_tensors_copy(const ct_tensor *targets, const ct_tensor *sources, size_t count) {
  return guarded([&] {
    at::NoGradGuard guard;
    at::_foreach_copy_(list(targets, count), list(sources, count));
  });
}

} // extern "C"
