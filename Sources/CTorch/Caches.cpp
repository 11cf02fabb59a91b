#include "Caches.h"
#include "CTorch.h"
#include "Threads.h"
#include <atomic>
#include <chrono>
#include <mutex>
#include <vector>

using namespace ct;
using Clock = std::chrono::steady_clock;
using Nanoseconds = std::chrono::duration<double, std::nano>;

namespace {

std::atomic<ct_writing> chosen{ct_writing_measured};

/// The time that a core takes to change a line which all cores have read, for many in a row.
Nanoseconds time_of_a_line(int64_t threads) {
  struct alignas(64) Line {
    volatile float number = 0;
  };
  constexpr int64_t rounds = 4, lines = 256;
  std::vector<Line> all(lines * threads);
  std::vector<Nanoseconds> times(threads);
  auto least = Nanoseconds::max();
  for (int64_t round = 0; round < rounds; ++round) {
    on_threads(threads, [&](int64_t) {
      for (const auto &line : all) (void)line.number;
    });
    on_threads(threads, [&](int64_t part) {
      auto begun = Clock::now();
      for (auto i = part * lines; i < (part + 1) * lines; ++i) all[i].number = static_cast<float>(round);
      std::atomic_thread_fence(std::memory_order_seq_cst);
      times[part] = Clock::now() - begun;
    });
    // Whatever else the cores do makes it longer.
    least = std::min(least, *std::max_element(times.begin(), times.end()) / lines);
  }
  return least;
}

} // namespace

kernels::Writing ct::writing_for_all(int64_t parts) {
  if (auto asked = chosen.load(std::memory_order_relaxed); asked != ct_writing_measured) {
    return asked == ct_writing_far ? kernels::Writing::far : kernels::Writing::near;
  }
  if (parts == 1) return kernels::Writing::near;
  static std::mutex mutex;
  static int64_t measured_threads = 0;
  static Clock::time_point measured;
  static auto found = kernels::Writing::near;
  int64_t threads = at::get_num_threads();
  std::lock_guard<std::mutex> lock(mutex);
  if (auto now = Clock::now(); threads != measured_threads || now - measured > std::chrono::seconds(1)) {
    // Cores with one cache for all take 2 ns, others 9 to 25 (Zen 5); past the caches a line takes about 5, to be written and read again.
    constexpr Nanoseconds past_caches(5);
    found = time_of_a_line(threads) > past_caches ? kernels::Writing::far : kernels::Writing::near;
    measured = now;
    measured_threads = threads;
  }
  return found;
}

extern "C" void ct_set_writing(ct_writing writing) { chosen.store(writing, std::memory_order_relaxed); }
