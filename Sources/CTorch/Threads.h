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

/// Rows in blocks, as many as their numbers deserve whatever the threads are, so that sums over blocks do not depend on those.
struct Blocks {
  int64_t rows, count, height;

  Blocks(int64_t rows, int64_t columns)
      : rows(rows), count(std::clamp<int64_t>(rows * columns / 16384, 1, 64)), height((rows + count - 1) / count) {}

  /// Runs `body(block, first row, row behind the last)` for each, side by side.
  template <typename Body> void each(const Body &body) const {
    parallel(count, 1, [&](int64_t begin, int64_t end) {
      for (auto block = begin; block < end; ++block) {
        body(block, std::min(rows, block * height), std::min(rows, (block + 1) * height));
      }
    });
  }
};

} // namespace ct
