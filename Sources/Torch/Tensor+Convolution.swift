internal import CTorch

// Pictures have shape `[count, channels, height, width]`.
extension Tensor {
  /// The convolution with a square kernel, and an activation.
  ///
  ///     height ← ⌊(height + 2 · padding − k) / stride⌋ + 1
  ///
  /// - Parameter weight: Shape `[outputs, channels, k, k]`.
  /// - Parameter bias: Shape `[outputs]`.
  public func convolved(
    weight: Tensor, bias: Tensor, stride: Int, padding: Int, activation: FusedActivation = .none
  ) -> Tensor {
    .make("convolved") {
      ct_convolution(handle, weight.handle, bias.handle, Int64(stride), Int64(padding), activation.code, $0)
    }
  }

  /// The transposed convolution with a square kernel, and an activation.
  ///
  ///     height ← (height − 1) · stride − 2 · padding + k + extra
  ///
  /// - Parameter weight: Shape `[channels, outputs, k, k]`.
  /// - Parameter bias: Shape `[outputs]`.
  /// - Parameter extra: Rows below and columns to the right, each less than the stride.
  public func transposeConvolved(
    weight: Tensor, bias: Tensor, stride: Int, padding: Int, extra: (height: Int, width: Int),
    activation: FusedActivation = .none
  ) -> Tensor {
    .make("transposeConvolved") {
      ct_transposed_convolution(
        handle, weight.handle, bias.handle, Int64(stride), Int64(padding), Int64(extra.height), Int64(extra.width),
        activation.code, $0)
    }
  }

  /// Pictures at another size, each pixel the nearest one, then their convolution with a square kernel and stride 1, and an activation.
  ///
  /// - Parameter weight: Shape `[outputs, channels, k, k]`.
  /// - Parameter bias: Shape `[outputs]`.
  public func enlargedAndConvolved(
    height: Int, width: Int, weight: Tensor, bias: Tensor, padding: Int, activation: FusedActivation = .none
  ) -> Tensor {
    .make("enlargedAndConvolved") {
      ct_enlarging_convolution(
        handle, weight.handle, bias.handle, Int64(height), Int64(width), Int64(padding), activation.code, $0)
    }
  }

  /// Each channel scaled to mean 0 and variance 1 over the batch, then by `scale` and `shift`, and an activation; the running moments follow the batch's.
  ///
  ///     y = (x − mean) / √(variance + ε) · scale + shift,   running ← (1 − momentum) · running + momentum · batch
  ///
  /// - SeeAlso: Ioffe & Szegedy, “Batch Normalization”, 2015.
  public func batchNormalized(
    scale: Tensor, shift: Tensor, updating runningMean: Tensor, _ runningVariance: Tensor, momentum: Double,
    epsilon: Double, activation: FusedActivation = .none
  ) -> Tensor {
    .make("batchNormalized") {
      ct_batch_normalization_training(
        handle, scale.handle, shift.handle, runningMean.handle, runningVariance.handle, momentum, epsilon,
        activation.code, $0)
    }
  }

  /// Each channel scaled by running moments that stay as they are.
  public func batchNormalized(
    scale: Tensor, shift: Tensor, by runningMean: Tensor, _ runningVariance: Tensor, epsilon: Double,
    activation: FusedActivation = .none
  ) -> Tensor {
    .make("batchNormalized") {
      ct_batch_normalization(
        handle, scale.handle, shift.handle, runningMean.handle, runningVariance.handle, epsilon, activation.code, $0)
    }
  }
}
