#include "../Kernels.h"
#include "Vectors.h"

namespace ct::kernels {

CT_CLONES void adam(Adam step, float *__restrict p, const float *__restrict g, float *__restrict m, float *__restrict v,
                    int64_t count) {
  const float inverse = 1.0f / step.root;
#pragma clang loop vectorize(enable)
  for (int64_t i = 0; i < count; ++i) {
    float value = p[i] * step.shrinkage, gradient = g[i] + step.decay * p[i];
    float mean = step.beta1 * m[i] + (1.0f - step.beta1) * gradient;
    float square = step.beta2 * v[i] + (1.0f - step.beta2) * gradient * gradient;
    m[i] = mean;
    v[i] = square;
    p[i] = value - step.rate * mean / (__builtin_elementwise_sqrt(square) * inverse + step.epsilon);
  }
}

} // namespace ct::kernels
