public import Torch

/// Values in [0, 1] with a true density.
///
///     log p(x|z) = Σ_d x_d log λ_d + (1 − x_d) log(1 − λ_d) + log C(λ_d)
///
/// - SeeAlso: ``ContinuousBernoulliDistribution``.
public struct ContinuousBernoulliLikelihood: Likelihood {
  /// One logit.
  public let featuresPerElement = 1

  /// A likelihood of values in [0, 1].
  public init() {}

  /// Within [0, 1], as observations are.
  public func encoderInput(free: Tensor) -> Tensor { free.squashed() }

  /// The Bernoulli's terms and the logarithm of the normalizer.
  public func logDensity(of x: Tensor, features: Tensor) -> Tensor {
    x.bernoulliLogDensity(logits: features)
      + ContinuousBernoulliDistribution(logits: features).logNormalizer().sum(over: -1)
  }

  /// E[x|z], which is not λ.
  public func mean(_ features: Tensor) -> Tensor { ContinuousBernoulliDistribution(logits: features).mean() }

  /// A draw in [0, 1].
  public func sample(_ features: Tensor, using noise: Noise) -> Tensor {
    ContinuousBernoulliDistribution(logits: features).sample(using: noise)
  }

  /// What can be set: nothing.
  public struct Settings: LikelihoodChoice {
    /// `continuous-bernoulli`.
    public static var kind: String { "continuous-bernoulli" }
    /// One sentence.
    public static var summary: String { "values in [0, 1] with a true density: the Bernoulli's terms and log C(λ)" }
    /// The only one.
    public init() {}

    /// Bytes and levels of pictures become [0, 1]; other values stay as they are.
    public func scaling(for data: DataSummary) -> ScalingKind { .unitForPictures(data) }

    /// Only values in [0, 1].
    public func check(_ range: ValueRange) throws(LatentError) { try range.demandUnitInterval(for: Self.kind) }

    /// The likelihood.
    public func make(dimensions: Int, with initializer: Initializer) throws(LatentError) -> any Likelihood {
      ContinuousBernoulliLikelihood()
    }
  }
}
