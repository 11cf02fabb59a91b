public import Torch

/// Continuous elements whose mean and variance the decoder both gives.
///
///     log p(x|z) = −½ Σ_d (ln 2π + log σ_d²(z) + (x_d − m_d(z))² / σ_d²(z)),   σ_d² = floor + e^(s_d(z))
///
/// Without the floor an element that is constant over some rows drives its variance to 0 and the density without bound.
/// - SeeAlso: Kingma & Welling, “Auto-Encoding Variational Bayes”, 2013, appendix C.2.
public struct DecodedGaussianLikelihood: Likelihood {
  /// The least variance.
  public let floor: Double

  /// m(z) and s(z).
  public let featuresPerElement = 2

  /// A likelihood with this least variance.
  public init(floor: Double) { self.floor = floor }

  private func distribution(_ features: Tensor) -> DiagonalGaussian {
    let pairs = features.reshaped(features.shape.dropLast() + [features.extent(-1) / 2, 2])
    let logVariance = (pairs.selected(along: -1, 1).clamped(to: -30...30).exponential() + floor).logarithm()
    return DiagonalGaussian(mean: pairs.selected(along: -1, 0), logVariance: logVariance)
  }

  /// −½ Σ (ln 2π + log σ² + (x − m)² / σ²).
  public func logDensity(of x: Tensor, features: Tensor) -> Tensor { distribution(features).logDensity(of: x) }

  /// m.
  public func mean(_ features: Tensor) -> Tensor { distribution(features).mean }

  /// m, and s = 0.
  public func features(withMean mean: Tensor) -> Tensor? { Tensor.stack([mean, mean * 0], along: -1).reshaped([-1]) }

  /// σ²(z) of each element.
  public func boundedVariance(_ features: Tensor) -> (values: Tensor, floor: Double)? {
    (distribution(features).logVariance.exponential(), floor)
  }

  /// m + σ ε.
  public func sample(_ features: Tensor, using noise: Noise) -> Tensor {
    distribution(features).sample(1, using: noise).squeezed(at: 0)
  }

  /// What can be set.
  public struct Settings: LikelihoodChoice {
    /// The least σ², in squared units of the scaled data.
    public var varianceFloor = 1e-3

    /// `decoded-gaussian`.
    public static var kind: String { "decoded-gaussian" }
    /// One sentence.
    public static var summary: String { "continuous values, N(x; m(z), σ²(z)), mean and variance both by the decoder" }
    /// The defaults.
    public init() {}

    /// The floor is positive.
    public func validate() throws(LatentError) {
      guard varianceFloor > 0, varianceFloor.isFinite else {
        throw LatentError("varianceFloor: \(varianceFloor) must be above 0, else the variance runs to 0.")
      }
    }

    /// Pictures become [0, 1]; columns of a table get mean 0 and deviation 1.
    public func scaling(for data: DataSummary) -> ScalingKind { data.isPicture ? .unit : .standard }

    /// The likelihood.
    public func make(dimensions: Int, with initializer: Initializer) throws(LatentError) -> any Likelihood {
      DecodedGaussianLikelihood(floor: varianceFloor)
    }
  }
}
