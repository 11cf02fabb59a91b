#include "../Kernels.h"
#include "Vectors.h"

namespace ct::kernels {

/// ln x of 0 < x ≤ 1, to about 1 part in 10⁷: of x = m 2ᵉ with √½ ≤ m < √2, 2 artanh((m − 1) / (m + 1)) by its series.
CT_INLINE float logarithm(float x) {
  auto bits = std::bit_cast<uint32_t>(x) - 0x3F3504F3u; // √½
  auto exponent = static_cast<float>(static_cast<int32_t>(bits) >> 23);
  float m = std::bit_cast<float>((bits & 0x7FFFFFu) + 0x3F3504F3u);
  float s = (m - 1.0f) / (m + 1.0f), t = s * s;
  float p = 1.0f / 9;
  p = p * t + 1.0f / 7;
  p = p * t + 1.0f / 5;
  p = p * t + 1.0f / 3;
  return exponent * 0.693359375f + (exponent * -2.12194440e-4f + (2.0f * s * t * p + 2.0f * s));
}

/// cos 2πu and sin 2πu of 0 ≤ u < 1: the Taylor polynomials of what is left of u after whole quarters, at most an eighth of a turn.
CT_INLINE void turned(float u, float &cosine, float &sine) {
  float quarters = (u * 4.0f + 12582912.0f) - 12582912.0f; // 1.5 · 2²³: rounds to a whole number
  float x = (u - quarters * 0.25f) * 6.28318531f, t = x * x;
  float c = 1.0f / 40320;
  c = c * t - 1.0f / 720;
  c = c * t + 1.0f / 24;
  c = c * t - 0.5f;
  c = c * t + 1.0f;
  float s = -1.0f / 5040;
  s = s * t + 1.0f / 120;
  s = s * t - 1.0f / 6;
  s = s * t * x + x;
  auto quarter = static_cast<int32_t>(quarters);
  float first = quarter & 1 ? s : c, second = quarter & 1 ? c : s;
  cosine = (quarter + 1) & 2 ? -first : first;
  sine = quarter & 2 ? -second : second;
}

CT_CLONES void normals(const uint32_t *__restrict words, float *__restrict out, int64_t count) {
  constexpr int64_t half = normal_group / 2;
  for (int64_t start = 0; start < count; start += normal_group) {
#pragma clang loop vectorize(enable)
    for (int64_t i = 0; i < half; ++i) {
      auto uniform = [](uint32_t word) { return static_cast<float>(static_cast<int32_t>(word & 0xFFFFFFu)) * 0x1p-24f; };
      float radius = __builtin_elementwise_sqrt(-2.0f * logarithm(1.0f - uniform(words[start + i])));
      float cosine, sine;
      turned(uniform(words[start + half + i]), cosine, sine);
      out[start + i] = radius * cosine;
      out[start + half + i] = radius * sine;
    }
  }
}

} // namespace ct::kernels
