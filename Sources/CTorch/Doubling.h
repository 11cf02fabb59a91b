#pragma once
#include "Guard.h"

namespace ct {

/// How a layer that doubles pictures with a kernel of 3 is a convolution of the small picture with a kernel of 2.
///
/// Every output pixel (2i + a, 2j + b) is a sum over 2 × 2 neighbouring input pixels, with weights of its own for each phase (a, b):
/// sums of the layer's 3 × 3. So one convolution with four times the outputs does it, and each pixel is put where it belongs.
enum class Doubling : int64_t {
  /// Pixels repeated, then convolved: rows i − 1, i for a = 0 with w₀, w₁ + w₂; rows i, i + 1 for a = 1 with w₀ + w₁, w₂.
  repeated,
  /// The transposed convolution with stride 2: rows i, i + 1 with w₁, 0 for a = 0 and with w₂, w₀ for a = 1.
  transposed,
};

/// [outputs, inputs, 3, 3] to [4 outputs, inputs, 2, 2], the phases outermost and the inputs of a pixel together.
at::Tensor fold(Doubling doubling, const at::Tensor &weight);
/// The gradient of `fold`.
at::Tensor unfold(Doubling doubling, const at::Tensor &folded);

/// The doubled picture `[count, outputs, height, width]` of the small convolution `[count, 4 outputs, lines, columns]`, both pixel by pixel
/// in memory.
at::Tensor spread(Doubling doubling, const at::Tensor &small, int64_t height, int64_t width);
/// The gradient of `spread`.
at::Tensor collect(Doubling doubling, const at::Tensor &picture, int64_t lines, int64_t columns);

} // namespace ct
