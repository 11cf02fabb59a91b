#pragma once
#include <bit>
#include <cstdint>

/// What the loops are written with.

#if defined(__x86_64__) && defined(__linux__)
/// Compiled for several processors, of which the best is chosen when the program starts.
#define CT_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CT_CLONES
#endif
#define CT_INLINE static inline __attribute__((always_inline))

/// x = n ln 2 + r with whole n and |r| ≤ ½ ln 2, n kept as 2ⁿ.
struct Reduced {
  float remainder, power;
};
CT_INLINE Reduced reduced(float x) {
  float n = (x * 1.44269504f + 12582912.0f) - 12582912.0f; // 1.5 · 2²³: rounds to a whole number
  float r = n * -0.693359375f + x;
  return {n * 2.12194440e-4f + r, std::bit_cast<float>(static_cast<uint32_t>(static_cast<int32_t>(n) + 127) << 23)};
}

/// ½ + r/6 + r²/24 + …: e^r = 1 + r + r² times it, by the Taylor polynomial of |r| ≤ ½ ln 2.
CT_INLINE float exponential_tail(float r) {
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  return p * r + 0.5f;
}

/// e^x to about 1 part in 10⁷, its exponent kept within ±87.
CT_INLINE float exponential(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 87.0f ? 87.0f : x;
  auto [r, power] = reduced(x);
  float p = exponential_tail(r);
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  return p * power;
}

/// tanh x = u / (u + 2) with u = e²ˣ − 1, which keeps small x exact, to about 1 part in 10⁶.
CT_INLINE float hyperbolic_tangent(float x) {
  float t = 2.0f * x;
  t = t < -20.0f ? -20.0f : t;
  t = t > 20.0f ? 20.0f : t;
  auto [r, power] = reduced(t);
  float u = power * (exponential_tail(r) * r * r + r) + (power - 1.0f);
  return u / (u + 2.0f);
}

/// ln(1 + e) for 0 ≤ e ≤ 1, to about 1 part in 10⁷: 2 artanh(e / (2 + e)) by its series, whose argument is at most ⅓.
CT_INLINE float log_one_plus(float e) {
  float s = e / (2.0f + e), t = s * s;
  float p = 1.0f / 15;
  p = p * t + 1.0f / 13;
  p = p * t + 1.0f / 11;
  p = p * t + 1.0f / 9;
  p = p * t + 1.0f / 7;
  p = p * t + 1.0f / 5;
  p = p * t + 1.0f / 3;
  p = p * t + 1.0f;
  return 2.0f * s * p;
}

/// The bits of the nearest bfloat16, ties to even; not-a-number stays so.
CT_INLINE uint32_t narrowed(float a) {
  auto bits = std::bit_cast<uint32_t>(a);
  return a == a ? (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16 : 0x7FC0u;
}
