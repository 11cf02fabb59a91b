public import Torch

/// A posterior with correlations between latents.
///
///     q(z|x) = N(z; μ(x), L(x) L(x)ᵀ), L lower triangular, its diagonal e^(½ d) with d clamped as a log σ² is
public struct FullGaussianPosterior: Posterior {
  let latents: Int
  let range: ClosedRange<Double>

  /// Where twice the logarithm of an entry of L's diagonal ends.
  public var logVarianceRange: ClosedRange<Double>? { range }

  /// Puts the entries below the diagonal, given as a row, into their places of a matrix given as a row.
  let placing: Buffer

  init(latents: Int, range: ClosedRange<Double>, with initializer: Initializer) {
    self.latents = latents
    self.range = range
    var places = [Double](repeating: 0, count: latents * (latents - 1) / 2 * latents * latents)
    var entry = 0
    for row in 0..<latents {
      for column in 0..<row {
        places[entry * latents * latents + row * latents + column] = 1
        entry += 1
      }
    }
    placing = Buffer(
      Tensor(places, shape: [entry, latents * latents]).to(type: initializer.type, device: initializer.device))
  }

  /// μ, the diagonal and what lies below it.
  public var featureCount: Int { 2 * latents + latents * (latents - 1) / 2 }

  /// Splits features into μ and L.
  public func callAsFunction(_ features: Tensor) -> any LatentDistribution {
    let mean = features.narrowed(along: -1, from: 0, count: latents)
    let logVariance = features.narrowed(along: -1, from: latents, count: latents).clamped(to: range)
    let below = features.narrowed(along: -1, from: 2 * latents, count: latents * (latents - 1) / 2)
    let diagonal = Tensor.identity(latents, type: features.type, on: features.device)
    let matrix = below.times(placing.value).reshaped([-1, latents, latents])
    return FullGaussian(mean: mean, factor: matrix + (logVariance * 0.5).exponential().unsqueezed(at: -1) * diagonal)
  }

  /// What can be set.
  public struct Settings: PosteriorChoice {
    /// The least d: twice the logarithm of an entry of L's diagonal.
    public var minimumLogVariance = -20.0
    /// The greatest d.
    public var maximumLogVariance = 10.0

    /// `full-gaussian`.
    public static var kind: String { "full-gaussian" }
    /// One sentence.
    public static var summary: String { "q(z|x) = N(z; μ(x), L(x) L(x)ᵀ), L lower triangular with a positive diagonal" }
    /// The defaults.
    public init() {}

    /// The range must not be empty.
    public func validate() throws(LatentError) {
      try DiagonalGaussianPosterior.Settings(minimum: minimumLogVariance, maximum: maximumLogVariance).validate()
    }

    /// The posterior for this many latents.
    public func make(latents: Int, with initializer: Initializer) -> any Posterior {
      FullGaussianPosterior(latents: latents, range: minimumLogVariance...maximumLogVariance, with: initializer)
    }
  }
}

extension FullGaussian: LatentDistribution {
  /// The diagonal of Σ.
  public var variance: Tensor { factor.squared().sum(over: -1) }

  /// ½ (tr Σ + μᵀμ − n − ln |Σ|), split over the latents.
  public func divergenceFromStandardNormal() -> Tensor? { standardNormalDivergence() }

  /// N(μ_d, Σ_dd).
  public var marginals: DiagonalGaussian? { DiagonalGaussian(mean: mean, logVariance: variance.logarithm()) }
}
