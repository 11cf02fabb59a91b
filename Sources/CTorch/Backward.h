#pragma once
#include "Guard.h"

namespace ct {

/// The derivatives of a scalar in parameters; undefined where it does not depend on one.
std::vector<at::Tensor> gradients(const at::Tensor &loss, const std::vector<at::Tensor> &parameters);

} // namespace ct
