#include "Guard.h"
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/grad_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/GradMode.h>
#include <torch/version.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

extern "C" {

void ct_initialize(void) {
#if defined(__GLIBC__)
  // Fresh blocks above the mmap threshold cost page faults at every step; kept ones cost none.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2147483647);
  mallopt(M_TOP_PAD, 64 << 20);
#endif
}
void ct_error_free(ct_error error) { free(error); }
int32_t ct_threads(void) { return at::get_num_threads(); }
void ct_set_threads(int32_t count) { at::set_num_threads(count); }
int32_t ct_cuda_count(void) {
  try {
    return at::hasCUDA() ? at::detail::getCUDAHooks().deviceCount() : 0;
  } catch (...) {
    return 0;
  }
}
bool ct_gradients_enabled(void) { return c10::GradMode::is_enabled(); }
void ct_set_gradients_enabled(bool enabled) { c10::GradMode::set_enabled(enabled); }
const char *ct_version(void) { return TORCH_VERSION; }

} // extern "C"
