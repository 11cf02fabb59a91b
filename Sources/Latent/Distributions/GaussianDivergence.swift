public import Torch

extension FullGaussian {
  /// KL(self ‖ other), in nats: not symmetric, never below 0, and 0 only for equals.
  ///
  ///     ½ [ln |Σ₂| / |Σ₁| − n + tr(Σ₂⁻¹ Σ₁) + (μ₂ − μ₁)ᵀ Σ₂⁻¹ (μ₂ − μ₁)]
  ///
  /// - Returns: Shape `[batch]`.
  public func divergence(from other: FullGaussian) -> Tensor {
    let whitened = other.factor.solvingTriangular(factor)
    let shift = other.factor.solvingTriangular((other.mean - mean).unsqueezed(at: -1))
    let determinants = (other.factor.diagonal().logarithm() - factor.diagonal().logarithm()).sum(over: -1) * 2
    let trace = whitened.squared().sum(over: -1, -2)
    return (determinants - Double(mean.extent(-1)) + trace + shift.squared().sum(over: -1, -2)) * 0.5
  }
}

/// The divergence of any two densities, estimated by draws.
///
///     KL(q ‖ p) ≈ mean over k of ln q(z_k) − ln p(z_k),   z_k ~ q
public struct NumericDivergence: Sendable, Equatable {
  /// The estimate, in nats.
  public let value: Double
  /// Its standard error.
  public let standardError: Double

  /// Estimates from the logarithms of both densities at the same draws from q.
  ///
  /// - Parameter logDensity: ln q(z_k), one dimension.
  /// - Parameter otherLogDensity: ln p(z_k), of the same shape.
  public init(logDensity: Tensor, otherLogDensity: Tensor) {
    let differences = (logDensity - otherLogDensity).to(type: .float64).values(as: Double.self)
    let count = Double(differences.count)
    let mean = differences.reduce(0, +) / count
    value = mean
    standardError = (differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count).squareRoot()
  }
}
