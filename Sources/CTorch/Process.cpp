#include "Guard.h"
#include "Threads.h"
#include <ATen/Version.h>
#include <ATen/core/grad_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <atomic>
#include <c10/core/GradMode.h>
#include <dlfcn.h>
#include <thread>
#include <torch/version.h>
#if defined(__linux__)
#include <sched.h>
#endif
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace {

/// The entry of GCC's OpenMP library by which compiled pragmas start threads; libtorch brings the library, which keeps its threads.
using Region = void (*)(void (*body)(void *), void *context, unsigned threads, unsigned flags);
using Number = int (*)();

template <typename Function> Function loaded(const char *name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

} // namespace

void ct::run_parts(void (*body)(void *, int64_t, int64_t), void *context, int64_t parts) {
  static const auto region = loaded<Region>("GOMP_parallel");
  static const auto number = loaded<Number>("omp_get_thread_num"), threads = loaded<Number>("omp_get_num_threads");
  struct Call {
    void (*body)(void *, int64_t, int64_t);
    void *context;
    int64_t parts;
  } call{body, context, parts};
  if (!region || !number || !threads) {
    for (int64_t part = 0; part < parts; ++part) body(context, part, parts);
    return;
  }
  region(
      [](void *data) {
        auto &call = *static_cast<Call *>(data);
        // Fewer threads than there are parts may come, or more.
        for (int64_t part = number(), step = threads(); part < call.parts; part += step) {
          call.body(call.context, part, call.parts);
        }
        // No other order holds for what went past the caches.
        std::atomic_thread_fence(std::memory_order_seq_cst);
      },
      // A team of another size would end threads that the next one then has to start anew.
      &call, static_cast<unsigned>(std::max<int64_t>(parts, at::get_num_threads())), 0);
}

extern "C" {

void ct_initialize(void) {
#if defined(__GLIBC__)
  // Fresh blocks above the mmap threshold cost page faults at every step; kept ones cost none.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2147483647);
  mallopt(M_TOP_PAD, 64 << 20);
#endif
  ct_keep_memory();
}
void ct_error_free(ct_error error) { free(error); }
int32_t ct_threads(void) { return at::get_num_threads(); }
void ct_set_threads(int32_t count) { at::set_num_threads(count); }
int32_t ct_cores(void) {
#if defined(__linux__)
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) == 0) return CPU_COUNT(&cores);
#endif
  return static_cast<int32_t>(std::max(1u, std::thread::hardware_concurrency()));
}
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
