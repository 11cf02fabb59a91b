#include "../Kernels.h"
#include "Vectors.h"
#include <algorithm>

namespace ct::kernels {

CT_INLINE uint32_t twisted(uint32_t a, uint32_t b) {
  return (((a & 0x80000000u) | (b & 0x7FFFFFFFu)) >> 1) ^ (b & 1u ? 0x9908B0DFu : 0u);
}

/// The next 624 words before tempering.
CT_CLONES static void turn(uint32_t *state) {
  constexpr int64_t count = 624, distance = 397;
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count - distance; ++i) state[i] = state[i + distance] ^ twisted(state[i], state[i + 1]);
#pragma clang loop vectorize(enable)
  for (int64_t i = count - distance; i < count - 1; ++i) {
    state[i] = state[i - (count - distance)] ^ twisted(state[i], state[i + 1]);
  }
  state[count - 1] = state[distance - 1] ^ twisted(state[count - 1], state[0]);
}

CT_CLONES static void temper(const uint32_t *__restrict state, uint32_t *__restrict out, int64_t count) {
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) {
    auto y = state[i];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9D2C5680u;
    y ^= (y << 15) & 0xEFC60000u;
    out[i] = y ^ y >> 18;
  }
}

void twister_words(uint32_t *state, int64_t &next, uint32_t *out, int64_t count) {
  for (int64_t done = 0; done < count;) {
    if (next == twister_size) {
      turn(state);
      next = 0;
    }
    auto part = std::min(count - done, twister_size - next);
    temper(state + next, out + done, part);
    next += part;
    done += part;
  }
}

CT_CLONES void below(const uint32_t *__restrict words, const float *__restrict probabilities, float *__restrict out, int64_t count) {
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) {
    out[i] = static_cast<float>(static_cast<int32_t>(words[i] & 0xFFFFFFu)) * 0x1p-24f < probabilities[i] ? 1.0f : 0.0f;
  }
}

CT_CLONES bool are_probabilities(const float *a, int64_t count) {
  int32_t wrong = 0;
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) wrong |= !((a[i] >= 0.0f) & (a[i] <= 1.0f));
  return wrong == 0;
}

} // namespace ct::kernels
