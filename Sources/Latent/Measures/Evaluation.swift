/// How good a model is on some rows: estimates with their errors, in nats per row.
///
/// A posterior without a density has no ELBO and gives no log p(x); what is not defined for it is not a number here and `null` in JSON.
public struct Evaluation: Codable, Sendable, Equatable {
  /// The number of rows judged.
  public var rows = 0
  /// The rows that were to be judged, where judging was stopped before it came to all of them; else nil.
  public var rowsAsked: Int?
  /// −ELBO: reconstruction + divergence.
  @Measure public var negativeELBO = 0.0
  /// The standard error of −ELBO from the draws of z, these rows given.
  @Measure public var negativeELBOError = 0.0
  /// −E_q log p(x|z).
  public var reconstruction = 0.0
  /// KL(q(z|x) ‖ p(z)).
  @Measure public var divergence = 0.0
  /// −log p(x), estimated by importance sampling with q as proposal: the bound by K draws, which is never too low on average.
  @Measure public var negativeLogLikelihood = 0.0
  /// The same less what the logarithm adds to it on average, by the delta method; nil where there is no density.
  ///
  ///     −log (1/K) Σ w − ½ (K/ESS − 1) / (K − 1)
  ///
  /// Its error is ``standardError`` too, which covers it where the weights' tail is light (``tail``).
  public var correctedNegativeLogLikelihood: Double?
  /// The standard error of −log p(x) from the draws of z, these rows given.
  @Measure public var standardError = 0.0
  /// The standard error of −log p(x) as a statement about all rows of which these are a sample.
  @Measure public var samplingError = 0.0
  /// The mean of log p(x) itself, where the model is linear and Gaussian so that it is known; else nil.
  public var exactLogLikelihood: Double?
  /// K, the draws of z for each row.
  public var samples = 0
  /// The median over rows of the effective number of those draws, 1 … K.
  @Measure public var effectiveSamples = 0.0
  /// The bound by fewer draws, up to K; nil where there is no density.
  public var bounds: [SampleBound]?
  /// The shape of the importance weights' tail over rows; nil where it is not known of any row.
  public var tail: WeightTail?
  /// −ELBO − (−log p(x)): how far q(z|x) is from the true posterior, KL(q(z|x) ‖ p(z|x)).
  @Measure public var gap = 0.0
  /// The standard error of the gap from the draws, which are the same for both of its parts; nil where there is no density.
  public var gapError: Double?
  /// What the gap consists of, where it was asked for.
  public var gapParts: GapParts?
  /// −log p(x) by annealed importance sampling, where it was asked for.
  public var annealed: AnnealedLikelihood?
  /// The same on rows drawn from the model, bounded from both sides, where it was asked for.
  public var simulated: AnnealedLikelihood?
  /// How far E[x|z] at z = E[z|x] is from x, in the data's units.
  public var reconstructionError: ReconstructionError?
  /// Latents whose posterior mean varies over rows by more than 0.01.
  public var activeUnits = 0
  /// The variance over rows of each latent's posterior mean.
  public var activityPerLatent: [Double] = []
  /// L.
  public var latents = 0
  /// −log p(x) / (D ln 2), of the values as scaled.
  @Measure public var bitsPerDimension = 0.0
  /// The divergence of each latent; empty where the posterior has no closed form.
  public var divergencePerLatent: [Double] = []
  /// What the divergence consists of; nil where the posterior has no density.
  public var divergenceSplit: DivergenceSplit?
  /// What may be wrong with the model; nil where it was not looked for.
  public var diagnosis: CollapseDiagnosis?
  /// What a reader should know, each a sentence.
  public var warnings: [String] = []

  /// Whether the posterior has a density, so that −ELBO and −log p(x) are defined.
  public var hasBound: Bool { !(divergence.isNaN && negativeLogLikelihood.isNaN) }

  /// A latent counts as active above this variance over rows of its posterior mean.
  ///
  /// - SeeAlso: Burda, Grosse & Salakhutdinov, “Importance Weighted Autoencoders”, 2016, section 5.2.
  public static let activityThreshold = 0.01
}

extension Evaluation {
  /// The bound of −log p(x) by some draws.
  public struct SampleBound: Codable, Sendable, Equatable {
    /// K of this bound.
    public var samples: Int
    /// Disjoint groups of so many draws whose bounds were averaged.
    public var groups: Int
    /// −1/N Σ log (1/K) Σ w, the mean over groups.
    public var value: Double
    /// Its standard error, of the draws.
    public var error: Double

    /// A bound.
    public init(samples: Int, groups: Int, value: Double, error: Double) {
      (self.samples, self.groups, self.value, self.error) = (samples, groups, value, error)
    }
  }

  /// The shape k̂ of the importance weights' tail.
  ///
  /// - SeeAlso: Vehtari, Simpson, Gelman, Yao & Gabry, “Pareto Smoothed Importance Sampling”, 2024.
  public struct WeightTail: Codable, Sendable, Equatable {
    /// Its median over the rows of which it is known.
    public var median: Double
    /// The share of rows where it is above 0.7, so that their estimate is not to be relied on.
    public var shareAbove: Double
    /// The rows of which it is known: at least 21 draws, and weights that differ.
    public var rows: Int

    /// A tail.
    public init(median: Double, shareAbove: Double, rows: Int) {
      (self.median, self.shareAbove, self.rows) = (median, shareAbove, rows)
    }
  }
}
