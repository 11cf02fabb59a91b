internal import Foundation
public import Torch

/// Continuous elements around a mean, with a variance that is learned.
///
///     log p(x|z) = −½ Σ_d (ln 2π + log σ² + (x_d − m_d(z))² / σ²),   σ² = floor + e^(10 s)
///
/// s is a parameter: one for all elements, or one for each. An adaptive optimizer moves a parameter by about the learning rate a
/// step, whatever its gradient; the factor of 10 lets σ² find its scale in hundreds of steps instead of thousands.
public struct GaussianLikelihood: Likelihood {
  /// s, shape `[1]` or `[D]`.
  public let scaledLogVariance: Parameter

  /// What s is multiplied by.
  static let gain = 10.0

  /// The least variance.
  public let floor: Double

  /// m(z).
  public let featuresPerElement = 1

  /// log σ², shape `[1]` or `[D]`.
  func boundedLogVariance() -> Tensor { ((scaledLogVariance.value * Self.gain).exponential() + floor).logarithm() }

  /// −½ Σ (ln 2π + log σ² + (x − m)² / σ²).
  public func logDensity(of x: Tensor, features: Tensor) -> Tensor {
    DiagonalGaussian(mean: features, logVariance: boundedLogVariance()).logDensity(of: x)
  }

  /// −½ (ln 2π + log σ² + (x − m)² / σ²) of each element.
  public func logDensities(of x: Tensor, features: Tensor) -> Tensor {
    DiagonalGaussian(mean: features, logVariance: boundedLogVariance()).logDensities(of: x)
  }

  /// m.
  public func mean(_ features: Tensor) -> Tensor { features }

  /// The mean itself.
  public func features(withMean mean: Tensor) -> Tensor? { mean }

  /// σ², one for all elements or one for each.
  public func boundedVariance(_ features: Tensor) -> (values: Tensor, floor: Double)? {
    (boundedLogVariance().exponential(), floor)
  }

  /// m + σ ε.
  public func sample(_ features: Tensor, using noise: Noise) -> Tensor {
    DiagonalGaussian(mean: features, logVariance: boundedLogVariance()).sample(1, using: noise).squeezed(at: 0)
  }

  /// What is learned of the variance.
  public enum Variance: String, NamedValue {
    /// One σ² for all elements.
    case scalar
    /// One σ² for each element.
    case perDimension = "per-dimension"
  }

  /// What can be set.
  public struct Settings: LikelihoodChoice {
    /// One σ² for all elements, or one for each.
    public var variance = Variance.scalar
    /// The least σ², in squared units of the scaled data.
    public var varianceFloor = 1e-5
    /// σ² at the start.
    public var initialVariance = 1.0

    /// `gaussian`.
    public static var kind: String { "gaussian" }
    /// One sentence.
    public static var summary: String {
      "continuous values, N(x; m(z), σ²) with σ² learned, one for all (scalar) or per-dimension"
    }
    /// The defaults.
    public init() {}

    /// Variances are positive.
    public func validate() throws(LatentError) {
      guard varianceFloor >= 0, varianceFloor < initialVariance else {
        throw LatentError(
          "varianceFloor: \(varianceFloor) must be at least 0 and below initialVariance (\(initialVariance)).")
      }
    }

    /// Pictures become [0, 1]; columns of a table get mean 0 and deviation 1.
    public func scaling(for data: DataSummary) -> ScalingKind { data.isPicture ? .unit : .standard }

    /// The likelihood for observations of D elements.
    public func make(dimensions: Int, with initializer: Initializer) throws(LatentError) -> any Likelihood {
      let start = log(initialVariance - varianceFloor) / GaussianLikelihood.gain
      let shape = [variance == .scalar ? 1 : dimensions]
      return GaussianLikelihood(scaledLogVariance: Parameter(initializer.constant(shape, start)), floor: varianceFloor)
    }
  }
}
