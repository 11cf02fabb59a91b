#pragma once
#include "Guard.h"

namespace ct {

/// The derivatives of a scalar in parameters, zeros where it does not depend on one, in memory as the parameters are.
std::vector<at::Tensor> gradients(const at::Tensor &loss, const std::vector<at::Tensor> &parameters);

} // namespace ct
