#pragma once
#include <ATen/Parallel.h>
#include <algorithm>
#include <cstdint>

namespace ct {

/// Runs `body(context, part, parts)` once for each of `parts`, side by side on the threads that libtorch computes with (Process.cpp).
void run_parts(void (*body)(void *context, int64_t part, int64_t parts), void *context, int64_t parts);

/// Splits 0 ..< count among the threads, each with at least `grain` in a row.
///
/// `at::parallel_for` is a template over OpenMP's pragmas, which only libtorch itself is compiled with: here it would run on one thread.
template <typename Body> void parallel(int64_t count, int64_t grain, const Body &body) {
  if (count <= 0) return;
  auto parts = std::min<int64_t>(at::get_num_threads(), (count + grain - 1) / grain);
  if (parts <= 1 || at::in_parallel_region()) return body(int64_t(0), count);
  struct Work {
    const Body &body;
    int64_t count;
  } work{body, count};
  run_parts(
      [](void *context, int64_t part, int64_t parts) {
        auto &work = *static_cast<Work *>(context);
        auto first = work.count * part / parts, last = work.count * (part + 1) / parts;
        if (first < last) work.body(first, last);
      },
      &work, parts);
}

} // namespace ct
