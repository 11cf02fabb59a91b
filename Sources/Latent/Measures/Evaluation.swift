/// How good a model is on some rows: estimates with their errors, in nats per row.
///
/// A posterior without a density has no ELBO and gives no log p(x); what is not defined for it is not a number here and `null` in JSON.
public struct Evaluation: Codable, Sendable, Equatable {
  /// The number of rows judged.
  public var rows = 0
  /// −ELBO: reconstruction + divergence.
  @Measure public var negativeELBO = 0.0
  /// The standard error of −ELBO from the draws of z, these rows given.
  @Measure public var negativeELBOError = 0.0
  /// −E_q log p(x|z).
  public var reconstruction = 0.0
  /// KL(q(z|x) ‖ p(z)).
  @Measure public var divergence = 0.0
  /// −log p(x), estimated by importance sampling with q as proposal.
  @Measure public var negativeLogLikelihood = 0.0
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
  /// −ELBO − (−log p(x)): how far q(z|x) is from the true posterior, KL(q(z|x) ‖ p(z|x)).
  @Measure public var gap = 0.0
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
