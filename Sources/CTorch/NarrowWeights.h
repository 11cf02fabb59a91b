#pragma once
#include "Guard.h"

namespace ct {

/// A layer's weights rounded to bfloat16, as products take them: forward turned round, `[inputs, outputs]`, and backward as they are,
/// `[outputs, inputs]`; both in pairs of rows.
struct NarrowWeights {
  at::Tensor forward, backward;

  bool is_defined() const { return forward.defined(); }

  /// Memory for those of a layer, backward only where it is asked for.
  static NarrowWeights empty(const at::Tensor &weights, bool has_backward) {
    auto options = weights.options().dtype(at::kBFloat16);
    return {at::empty({weights.size(1), weights.size(0)}, options), has_backward ? at::empty_like(weights, options) : at::Tensor()};
  }
};

/// Those that were kept when the weights last changed; none if something else has changed them since.
NarrowWeights kept_narrow(const at::Tensor &weights);
/// Keeps them for the weights as they are now, as long as these live.
void keep_narrow(const at::Tensor &weights, const NarrowWeights &narrow);
/// Lets go of those of weights in this memory, which somebody may write to.
void forget_narrow(const at::Tensor &weights);

} // namespace ct
