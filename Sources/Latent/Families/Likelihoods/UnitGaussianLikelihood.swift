public import Torch

/// Continuous elements around a mean with variance 1: the squared error with its constant kept.
///
///     log p(x|z) = −½ ‖x − m(z)‖² − D/2 · ln 2π
public struct UnitGaussianLikelihood: Likelihood {
  /// m(z).
  public let featuresPerElement = 1

  /// A likelihood with variance 1.
  public init() {}

  /// −½ Σ (ln 2π + (x − m)²).
  public func logDensity(of x: Tensor, features: Tensor) -> Tensor {
    x.gaussianLogDensity(mean: features, logVariance: .zeros([1], type: features.type, on: features.device))
  }

  /// m.
  public func mean(_ features: Tensor) -> Tensor { features }

  /// The mean itself.
  public func features(withMean mean: Tensor) -> Tensor? { mean }

  /// m + ε.
  public func sample(_ features: Tensor, using noise: Noise) -> Tensor {
    features + noise.normal(features.shape, type: features.type)
  }

  /// What can be set: nothing.
  public struct Settings: LikelihoodChoice {
    /// `unit-gaussian`.
    public static var kind: String { "unit-gaussian" }
    /// One sentence.
    public static var summary: String { "continuous values, N(x; m(z), I): the squared error with its constant" }
    /// The only one.
    public init() {}

    /// Pictures become [0, 1]; columns of a table get mean 0 and deviation 1.
    public func scaling(for data: DataSummary) -> ScalingKind { data.isPicture ? .unit : .standard }

    /// The likelihood.
    public func make(dimensions: Int, with initializer: Initializer) throws(LatentError) -> any Likelihood {
      UnitGaussianLikelihood()
    }
  }
}
