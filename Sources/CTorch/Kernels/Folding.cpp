#include "../Kernels.h"
#include "Vectors.h"
#include <algorithm>

namespace ct::kernels {

/// Inputs that are treated at once.
static constexpr int64_t block = 64;

/// Runs `body(phase, place among its 2 × 2 taps, weight)` for every weight that a tap is a sum of.
template <typename Body> CT_INLINE void each_term(const Taps &taps, const Body &body) {
  for (int phase = 0; phase < 4; ++phase) {
    for (int tap = 0; tap < 4; ++tap) {
      auto rows = taps.of[phase / 2][tap / 2], columns = taps.of[phase % 2][tap % 2];
      for (int weight = 0; weight < 9; ++weight) {
        if (rows >> weight / 3 & 1 && columns >> weight % 3 & 1) body(phase, tap, weight);
      }
    }
  }
}

CT_CLONES void fold(const Taps &taps, const float *__restrict weights, int64_t input_stride, float *__restrict folded,
                    int64_t phase_stride, int64_t inputs) {
  for (int64_t first = 0; first < inputs; first += block) {
    auto count = std::min(block, inputs - first);
    float nine[9][block];
    for (int64_t i = 0; i < count; ++i) {
      for (int weight = 0; weight < 9; ++weight) nine[weight][i] = weights[(first + i) * input_stride + weight];
    }
    for (int phase = 0; phase < 4; ++phase) {
      for (int tap = 0; tap < 4; ++tap) std::fill_n(folded + phase * phase_stride + tap * inputs + first, count, 0.0f);
    }
    each_term(taps, [&](int phase, int tap, int weight) {
      float *to = folded + phase * phase_stride + tap * inputs + first;
      const float *from = nine[weight];
#pragma clang loop vectorize(enable)
      for (int64_t i = 0; i < count; ++i) to[i] += from[i];
    });
  }
}

CT_CLONES void unfold(const Taps &taps, const float *__restrict folded, int64_t phase_stride, float *__restrict weights,
                      int64_t input_stride, int64_t inputs) {
  for (int64_t first = 0; first < inputs; first += block) {
    auto count = std::min(block, inputs - first);
    float nine[9][block] = {};
    each_term(taps, [&](int phase, int tap, int weight) {
      const float *from = folded + phase * phase_stride + tap * inputs + first;
      float *to = nine[weight];
#pragma clang loop vectorize(enable)
      for (int64_t i = 0; i < count; ++i) to[i] += from[i];
    });
    for (int64_t i = 0; i < count; ++i) {
      for (int weight = 0; weight < 9; ++weight) weights[(first + i) * input_stride + weight] = nine[weight][i];
    }
  }
}

} // namespace ct::kernels
