public import Torch

/// The reconstruction alone: what an autoencoder minimizes.
///
///     −E_q log p(x|z)
///
/// Nothing holds q(z|x) near p(z). With the posterior `point` and the likelihood `unit-gaussian` it is ½ ‖x − D(E(x))‖² and a constant.
public struct Reconstruction: Objective {
  /// K, the number of latents drawn for each row.
  public var samples = 1

  /// 1.
  public var reconstructionWeight: Double { 1 }
  /// 0: there is no divergence.
  public var divergenceWeight: Double { 0 }
  /// False.
  public var hasDivergence: Bool { false }
  /// The reparametrized one: a posterior without a density has no score.
  public var estimator: Chosen<Estimators> { Chosen() }
  /// False.
  public var takesEstimator: Bool { false }

  /// `reconstruction`.
  public static var kind: String { "reconstruction" }
  /// One sentence.
  public static var summary: String { "−E log p(x|z) alone, without a divergence: an autoencoder's" }
  /// The defaults.
  public init() {}

  /// The reconstruction.
  public func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator
  ) -> Terms {
    let z = estimator.draw(samples, from: model.encode(x, mode: mode), using: noise)
    return Terms([.init("reconstruction", -model.logLikelihood(of: x, given: z, mode: mode).mean())])
  }
}
