#include "../Kernels.h"
#include "Vectors.h"
#include <algorithm>

namespace ct::kernels {

static constexpr int64_t lanes = 16;
using Words = uint32_t __attribute__((ext_vector_type(lanes)));
using Pairs = uint64_t __attribute__((ext_vector_type(lanes / 2)));
using Numbers = float __attribute__((ext_vector_type(lanes)));

/// The upper and lower halves of 16 products, those of every second lane at once: so processors multiply words.
CT_INLINE void multiply(const Words &a, uint64_t factor, Words &upper, Words &lower) {
  constexpr uint64_t word = 0xFFFFFFFF;
  auto pairs = __builtin_bit_cast(Pairs, a);
  Pairs even = (pairs & word) * factor, odd = (pairs >> 32) * factor;
  upper = __builtin_bit_cast(Words, (even >> 32) | (odd & ~word));
  lower = __builtin_bit_cast(Words, (even & word) | (odd << 32));
}

CT_CLONES void keep_at_random(const float *__restrict a, float *__restrict out, uint64_t seed, uint32_t threshold, float scale,
                              int64_t first, int64_t last) {
  // A counter a lane, each of which gives 8 numbers.
  constexpr int64_t group = 8 * lanes;
  constexpr Words lane{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (int64_t start = first; start < last; start += group) {
    auto counter = static_cast<uint64_t>(start / group * lanes);
    Words words[4] = {lane + static_cast<uint32_t>(counter), Words(static_cast<uint32_t>(counter >> 32)), Words(0), Words(0)};
    auto key0 = static_cast<uint32_t>(seed), key1 = static_cast<uint32_t>(seed >> 32);
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; ++round) {
      Words first_upper, first_lower, second_upper, second_lower;
      multiply(words[0], 0xD2511F53, first_upper, first_lower);
      multiply(words[2], 0xCD9E8D57, second_upper, second_lower);
      words[0] = second_upper ^ words[1] ^ key0;
      words[2] = first_upper ^ words[3] ^ key1;
      words[1] = second_lower;
      words[3] = first_lower;
      key0 += 0x9E3779B9;
      key1 += 0xBB67AE85;
    }
    Numbers kept[8];
#pragma clang loop unroll(full)
    for (int64_t word = 0; word < 4; ++word) {
      kept[2 * word] = (words[word] & 0xFFFFu) >= threshold ? Numbers(scale) : Numbers(0.0f);
      kept[2 * word + 1] = (words[word] >> 16) >= threshold ? Numbers(scale) : Numbers(0.0f);
    }
    const auto *factors = reinterpret_cast<const float *>(kept);
    auto count = std::min(group, last - start);
#pragma clang loop vectorize(enable)
    for (int64_t i = 0; i < count; ++i) out[start + i] = a[start + i] * factors[i];
  }
}

} // namespace ct::kernels
