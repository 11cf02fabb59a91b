#pragma once
#include <ATen/Parallel.h>
#include <algorithm>
#include <cstdint>

namespace ct {

/// So many of a size as hold all.
constexpr int64_t whole(int64_t count, int64_t size) { return (count + size - 1) / size; }

/// Runs `body(context, part, parts)` once for each of `parts`, side by side on the threads that libtorch computes with (Process.cpp).
void run_parts(void (*body)(void *context, int64_t part, int64_t parts), void *context, int64_t parts);

/// Splits 0 ..< count among the threads, each with at least `grain` in a row.
///
/// `at::parallel_for` is a template over OpenMP's pragmas, which only libtorch itself is compiled with: here it would run on one thread.
template <typename Body> void parallel(int64_t count, int64_t grain, const Body &body) {
  if (count <= 0) return;
  auto parts = std::min<int64_t>(at::get_num_threads(), whole(count, grain));
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

/// Runs `body(part)` for each of so many parts at once.
template <typename Body> void on_threads(int64_t parts, const Body &body) {
  parallel(parts, 1, [&](int64_t first, int64_t last) {
    for (auto part = first; part < last; ++part) body(part);
  });
}

/// Rows of so many numbers that a thread takes at the least.
inline int64_t grain(int64_t columns) { return std::max<int64_t>(1, 16384 / std::max<int64_t>(columns, 1)); }

/// Rows in blocks, as many as their numbers deserve whatever the threads are, so that sums over blocks do not depend on those.
struct Blocks {
  int64_t rows, count, height;

  /// Heights are whole numbers of 16, so that blocks that are turned round are written in whole lines of the cache.
  Blocks(int64_t rows, int64_t columns) : rows(rows) {
    constexpr int64_t unit = 16, most = 64, least_numbers = 8192;
    auto wanted = std::max(whole(rows, most), least_numbers / std::max<int64_t>(columns, 1));
    height = std::max<int64_t>(1, whole(wanted, unit)) * unit;
    count = std::max<int64_t>(1, whole(rows, height));
  }

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
