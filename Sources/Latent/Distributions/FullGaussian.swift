public import Torch

/// A Gaussian with correlations, by the lower triangular factor of its covariance.
///
///     N(z; μ, Σ),   Σ = L Lᵀ,   L lower triangular with a positive diagonal
public struct FullGaussian {
  /// μ, shape `[batch, n]`.
  public let mean: Tensor
  /// L, shape `[batch, n, n]`.
  public let factor: Tensor

  /// A Gaussian by its mean and the factor of its covariance.
  public init(mean: Tensor, factor: Tensor) {
    self.mean = mean
    self.factor = factor
  }

  /// Σ, shape `[batch, n, n]`.
  public var covariance: Tensor { factor.times(factor.transposed()) }

  /// Draws by z = μ + L ε, ε ~ N(0, I), differentiable in μ and L.
  ///
  /// - Returns: Shape `[count, batch, n]`.
  public func sample(_ count: Int, using noise: Noise) -> Tensor {
    let epsilon = noise.normal([count] + mean.shape, type: mean.type)
    return mean + factor.times(epsilon.unsqueezed(at: -1)).squeezed(at: -1)
  }

  /// The logarithm of the density.
  ///
  ///     Σᵢ log N(εᵢ; 0, 1) − log Lᵢᵢ,   ε = L⁻¹ (z − μ)
  ///
  /// - Parameter z: Shape `[…, batch, n]`.
  /// - Returns: Shape `[…, batch]`.
  public func logDensity(of z: Tensor) -> Tensor {
    let residual = (z - mean).unsqueezed(at: -1)
    let factor = factor.expanded(residual.shape.dropLast(2) + factor.shape.suffix(2))
    let epsilon = factor.solvingTriangular(residual).squeezed(at: -1)
    return StandardNormal.logDensity(of: epsilon) - self.factor.diagonal().logarithm().sum(over: -1)
  }

  /// KL(N(μ, Σ) ‖ N(0, I)), in nats, split over the dimensions: the sum over them is the divergence.
  ///
  ///     ½ (tr Σ + μᵀμ − n − ln |Σ|) = Σᵢ ½ (Σⱼ Lᵢⱼ² + μᵢ² − 1) − ln Lᵢᵢ
  ///
  /// - Returns: Shape `[batch, n]`.
  public func standardNormalDivergence() -> Tensor {
    (factor.squared().sum(over: -1) + mean.squared() - 1) * 0.5 - factor.diagonal().logarithm()
  }
}
