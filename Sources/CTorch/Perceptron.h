#pragma once
#include "Guard.h"

namespace ct {

/// Whether `perceptron` takes such rows and weights on this processor, in the precision that this thread multiplies in.
bool has_perceptron(const at::Tensor &x, at::TensorList weights);

/// Linear layers with their activations (`ct_activation`) of rows `[…, inputs]`, plain floats.
at::Tensor perceptron(const at::Tensor &x, at::TensorList weights, at::TensorList biases, at::IntArrayRef activations);

} // namespace ct
