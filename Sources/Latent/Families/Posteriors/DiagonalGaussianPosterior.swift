public import Torch

/// A posterior whose dimensions are independent.
///
///     q(z|x) = N(z; μ(x), diag σ²(x)); the encoder gives μ and log σ², the latter clamped
public struct DiagonalGaussianPosterior: Posterior {
  let latents: Int
  let range: ClosedRange<Double>

  /// Where log σ² ends.
  public var logVarianceRange: ClosedRange<Double>? { range }

  /// μ and log σ² of each latent.
  public var featureCount: Int { 2 * latents }

  /// Splits features into μ and log σ².
  public func callAsFunction(_ features: Tensor) -> any LatentDistribution {
    let parts = features.gaussianParts(logVarianceIn: range)
    return DiagonalGaussian(mean: parts.mean, logVariance: parts.logVariance)
  }

  /// What can be set.
  public struct Settings: PosteriorChoice {
    /// The least log σ² that is told apart.
    public var minimumLogVariance = -20.0
    /// The greatest log σ².
    public var maximumLogVariance = 10.0

    /// `diagonal-gaussian`.
    public static var kind: String { "diagonal-gaussian" }
    /// One sentence.
    public static var summary: String { "q(z|x) = N(z; μ(x), diag σ²(x)), log σ² clamped to a stated range" }
    /// The defaults.
    public init() {}

    /// A range of log σ².
    public init(minimum: Double, maximum: Double) {
      minimumLogVariance = minimum
      maximumLogVariance = maximum
    }

    /// The range must not be empty.
    public func validate() throws(LatentError) {
      guard minimumLogVariance < maximumLogVariance, maximumLogVariance <= 80 else {
        throw LatentError(
          "minimumLogVariance: \(minimumLogVariance) must be below maximumLogVariance (\(maximumLogVariance)), itself at most 80."
        )
      }
    }

    /// The posterior for this many latents.
    public func make(latents: Int, with initializer: Initializer) -> any Posterior {
      DiagonalGaussianPosterior(latents: latents, range: minimumLogVariance...maximumLogVariance)
    }
  }
}

extension DiagonalGaussian: LatentDistribution {
  /// σ².
  public var variance: Tensor { logVariance.exponential() }

  /// ½ (μ² + σ² − log σ² − 1) of each latent.
  public func divergenceFromStandardNormal() -> Tensor? { standardNormalDivergence() }

  /// Itself.
  public var marginals: DiagonalGaussian? { self }
}
