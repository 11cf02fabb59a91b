internal import Foundation
public import Torch

/// A Gaussian whose dimensions are independent.
///
///     N(z; μ, diag σ²)
public struct DiagonalGaussian {
  /// μ, shape `[…, L]`.
  public let mean: Tensor
  /// log σ², the shape of `mean` or one that broadcasts to it.
  public let logVariance: Tensor

  /// A Gaussian by its mean and logarithm of variance.
  public init(mean: Tensor, logVariance: Tensor) {
    self.mean = mean
    self.logVariance = logVariance
  }

  /// ln 2π.
  static let logTwoPi = log(2 * Double.pi)

  /// Draws by z = μ + σ ⊙ ε, ε ~ N(0, I), differentiable in μ and σ.
  ///
  /// - Returns: Shape `[count, …, L]`.
  /// - SeeAlso: Kingma & Welling, “Auto-Encoding Variational Bayes”, 2013, section 2.4.
  public func sample(_ count: Int, using noise: Noise) -> Tensor {
    noise.normal([count] + mean.shape, type: mean.type).reparametrized(mean: mean, logVariance: logVariance)
  }

  /// The logarithm of the density, summed over the last dimension.
  ///
  ///     −½ Σ (ln 2π + log σ² + (z − μ)² / σ²)
  public func logDensity(of z: Tensor) -> Tensor { z.gaussianLogDensity(mean: mean, logVariance: logVariance) }

  /// The logarithm of the density of each dimension by itself.
  ///
  ///     −½ (ln 2π + log σ² + (z − μ)² / σ²)
  public func logDensities(of z: Tensor) -> Tensor {
    ((z - mean).squared() * (-logVariance).exponential() + logVariance + Self.logTwoPi) * -0.5
  }

  /// KL(N(μ, σ²) ‖ N(0, I)) of each dimension, in nats.
  ///
  ///     ½ (μ² + σ² − log σ² − 1)
  ///
  /// - Returns: The shape of `mean`.
  public func standardNormalDivergence() -> Tensor {
    mean.standardNormalDivergence(logVariance: logVariance)
  }
}

/// The Gaussian N(0, I).
public enum StandardNormal {
  /// −½ Σ (ln 2π + z²) over the last dimension.
  public static func logDensity(of z: Tensor) -> Tensor {
    (z.squared() + DiagonalGaussian.logTwoPi).sum(over: -1) * -0.5
  }

  /// −½ (ln 2π + z²) of each dimension by itself.
  public static func logDensities(of z: Tensor) -> Tensor { (z.squared() + DiagonalGaussian.logTwoPi) * -0.5 }
}
