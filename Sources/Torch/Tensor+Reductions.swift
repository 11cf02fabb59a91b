internal import CTorch

extension [Int] {
  @inline(__always)
  fileprivate func over(_ tensor: Tensor) -> [Int] { isEmpty ? Array(0..<tensor.rank) : self }
}

// Over the named dimensions, or over all where none is named; negative numbers count from the last.
extension Tensor {
  /// The sum.
  public func sum(over dimensions: Int..., keepingDimensions keep: Bool = false) -> Tensor {
    if dimensions == [-1] && !keep { return .make("sum") { ct_row_sums(handle, $0) } }
    return dimensions.over(self).withExtents { extents in
      .make("sum") { ct_tensor_sum(handle, extents.baseAddress, extents.count, keep, $0) }
    }
  }

  /// The mean.
  public func mean(over dimensions: Int..., keepingDimensions keep: Bool = false) -> Tensor {
    if dimensions.isEmpty && !keep { return scaledMean(by: 1) }
    return dimensions.over(self).withExtents { extents in
      .make("mean") { ct_tensor_mean(handle, extents.baseAddress, extents.count, keep, $0) }
    }
  }

  /// The mean of all elements, times a factor.
  public func scaledMean(by factor: Double) -> Tensor { .make("scaledMean") { ct_scaled_mean(handle, factor, $0) } }

  /// The greatest element.
  public func maximum(over dimensions: Int..., keepingDimensions keep: Bool = false) -> Tensor {
    dimensions.over(self).withExtents { extents in
      .make("maximum") { ct_tensor_amax(handle, extents.baseAddress, extents.count, keep, $0) }
    }
  }

  /// The smallest element.
  public func minimum(over dimensions: Int..., keepingDimensions keep: Bool = false) -> Tensor {
    dimensions.over(self).withExtents { extents in
      .make("minimum") { ct_tensor_amin(handle, extents.baseAddress, extents.count, keep, $0) }
    }
  }

  /// ln Σ eˣ without overflow.
  public func logSumExp(over dimensions: Int..., keepingDimensions keep: Bool = false) -> Tensor {
    dimensions.over(self).withExtents { extents in
      .make("logSumExp") { ct_tensor_logsumexp(handle, extents.baseAddress, extents.count, keep, $0) }
    }
  }

  /// The population variance, with 1/N.
  public func variance(over dimension: Int) -> Tensor {
    (self - mean(over: dimension, keepingDimensions: true)).squared().mean(over: dimension)
  }

  /// eˣ / Σ eˣ along a dimension.
  public func softmax(along dimension: Int = -1) -> Tensor {
    .make("softmax") { ct_tensor_softmax(handle, Int64(dimension), $0) }
  }

  /// x − ln Σ eˣ along a dimension.
  public func logSoftmax(along dimension: Int = -1) -> Tensor {
    .make("logSoftmax") { ct_tensor_log_softmax(handle, Int64(dimension), $0) }
  }

  /// The index of the greatest element along a dimension.
  public func indexOfMaximum(along dimension: Int = -1) -> Tensor {
    .make("indexOfMaximum") { ct_tensor_argmax(handle, Int64(dimension), $0) }
  }

  /// Running sums along a dimension.
  public func cumulativeSum(along dimension: Int) -> Tensor {
    .make("cumulativeSum") { ct_tensor_cumsum(handle, Int64(dimension), $0) }
  }

  /// μ and log σ² of features, the halves of the last dimension, the latter kept within a range.
  public func gaussianParts(logVarianceIn range: ClosedRange<Double>) -> (mean: Tensor, logVariance: Tensor) {
    var (mean, logVariance) = (ct_tensor(), ct_tensor())
    demand("gaussianParts", ct_gaussian_parts(handle, range.lowerBound, range.upperBound, &mean, &logVariance))
    return (Tensor(owning: mean), Tensor(owning: logVariance))
  }

  /// Draws of Gaussians by this noise, differentiable in their means and log-variances.
  ///
  ///     mean + e^(logVariance / 2) ⊙ self
  ///
  /// - Returns: The shape of the noise, whose first dimension counts draws.
  public func reparametrized(mean: Tensor, logVariance: Tensor) -> Tensor {
    .make("reparametrized") { ct_reparametrized(mean.handle, logVariance.handle, handle, $0) }
  }

  /// The same numbers, whose gradient is multiplied by a factor on its way back.
  ///
  /// - Parameter factor: Of a shape that broadcasts to this one's. It is read when the gradient passes: it may be filled in until then, by
  ///   what is made of the numbers themselves.
  public func scalingGradient(by factor: Tensor) -> Tensor {
    .make("scalingGradient") { ct_gradient_scaled(handle, factor.handle, $0) }
  }

  /// KL(N(μ, σ²) ‖ N(0, 1)) of each number, where this is μ.
  ///
  ///     ½ (μ² + σ² − log σ² − 1)
  public func standardNormalDivergence(logVariance: Tensor) -> Tensor {
    .make("standardNormalDivergence") { ct_standard_normal_divergence(handle, logVariance.handle, $0) }
  }

  /// Σ_d x_d log p_d + (1 − x_d) log(1 − p_d) over the last dimension, with log p from the logits without overflow.
  ///
  /// - Parameter logits: The shape of `self`, or with further dimensions in front.
  public func bernoulliLogDensity(logits: Tensor) -> Tensor {
    .make("bernoulliLogDensity") { ct_bernoulli_log_density(handle, logits.handle, $0) }
  }

  /// The logarithm of a Gaussian's density at these points, summed over the last dimension.
  ///
  ///     −½ Σ_d (ln 2π + log σ² + (x − μ)² / σ²)
  ///
  /// The shapes broadcast.
  public func gaussianLogDensity(mean: Tensor, logVariance: Tensor) -> Tensor {
    .make("gaussianLogDensity") { ct_gaussian_log_density(handle, mean.handle, logVariance.handle, $0) }
  }
}
