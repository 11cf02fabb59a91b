#include "../Kernels.h"
#include "Vectors.h"
#include <algorithm>

namespace ct::kernels {

CT_CLONES static void adam_of_chunk(Adam step, const float *__restrict p, float *__restrict changed, const float *__restrict g,
                                    float *__restrict m, float *__restrict v, int64_t count) {
  const float inverse = 1.0f / step.root;
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) {
    float value = p[i] * step.shrinkage, gradient = g[i] + step.decay * p[i];
    float mean = step.beta1 * m[i] + (1.0f - step.beta1) * gradient;
    float square = step.beta2 * v[i] + (1.0f - step.beta2) * gradient * gradient;
    m[i] = mean;
    v[i] = square;
    changed[i] = value - step.rate * mean / (__builtin_elementwise_sqrt(square) * inverse + step.epsilon);
  }
}

void adam(Adam step, float *p, const float *g, float *m, float *v, int64_t count, Writing writing) {
  constexpr int64_t chunk = 256;
  alignas(64) float changed[chunk];
  for (int64_t i = 0; i < count; i += chunk) {
    auto some = std::min(chunk, count - i);
    adam_of_chunk(step, p + i, changed, g + i, m + i, v + i, some);
    put(changed, p + i, some, writing);
  }
}

} // namespace ct::kernels
