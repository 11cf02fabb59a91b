#pragma once
#include "Guard.h"
#include <functional>

/// Steps that are taken on parameters while their gradients are found.
namespace ct {

/// Tells those who keep a tensor for a pass backward, or rounded, that it has changed: fused operations do not say so by themselves.
inline void tell_changed(const at::Tensor &a) { a.unsafeGetTensorImpl()->bump_version(); }

/// A step of Adam on one parameter, which is plain and contiguous, as are its running means.
///
/// Threads that take it look at numbers alone: a count of who holds a tensor would pass from core to core.
struct Step {
  at::Tensor parameter;
  float *numbers, *mean, *square;
  kernels::Adam adam;

  /// Changes so many numbers from `first` on by their gradients.
  void take(const float *gradient, int64_t first, int64_t count, kernels::Writing writing) const;
};

/// Takes steps, each by its parameter's gradient, in one pass of all threads.
void take(const std::vector<Step> &steps, const std::vector<at::Tensor> &gradients);

/// Takes steps by the derivatives of a scalar, zeros where it does not depend on a parameter.
void descend(const at::Tensor &loss, const std::vector<Step> &steps);

/// What a node of the graph leaves to be done when all nodes have run, for until then parameters are what they were.
struct Remainder {
  /// Done for each of `parts`, side by side with what other nodes leave.
  std::function<void(int64_t part, int64_t parts)> work;
  /// Done when all parameters have changed.
  std::function<void()> end;
};

/// The steps on the parameters at so many outputs of the node that is running, which takes them itself by what it leaves: each part of a
/// parameter changes while the gradient of that part is in a core's own cache.
///
/// None where gradients are asked for instead of steps, or where one of the parameters gets gradients from elsewhere too. They live until
/// all that was left is done.
std::vector<const Step *> hand_over(size_t first_output, size_t count);
void leave(Remainder remainder);

} // namespace ct
