public import Torch

/// The evidence lower bound with its divergence in closed form.
///
///     −ELBO = −E_q log p(x|z) + KL(q(z|x) ‖ p(z))
///
/// The expectation is a mean over K draws. A posterior and prior without a closed form use the draws for the divergence as well.
/// - SeeAlso: Kingma & Welling, “Auto-Encoding Variational Bayes”, 2013, equation 10.
public struct ELBO: Objective {
  /// K, the number of latents drawn for each row.
  public var samples = 1
  /// α.
  public var reconstructionWeight = 1.0
  /// β.
  public var divergenceWeight = 1.0
  /// How the gradient of the expectation is estimated.
  public var estimator = Chosen<Estimators>()

  /// `elbo`.
  public static var kind: String { "elbo" }
  /// One sentence.
  public static var summary: String {
    "−E log p(x|z) + KL(q(z|x) ‖ p(z)), the divergence in closed form; weights α and β"
  }
  /// The defaults.
  public init() {}

  /// Reconstruction and divergence.
  public func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator
  ) -> Terms {
    let posterior = model.encode(x, mode: mode)
    let z = estimator.draw(samples, from: posterior, using: noise)
    let reconstruction = -model.logLikelihood(of: x, given: z, mode: mode)
    let closedForm = model.prior.divergence(of: posterior)?.sum(over: -1)
    let divergence = closedForm ?? posterior.logDensity(of: z) - model.prior.logDensity(of: z)
    let (alpha, beta) = (reconstructionWeight, divergenceWeight * divergenceFactor)
    // A divergence in closed form has its exact gradient already: only the reconstruction is an expectation over draws.
    let surrogate = estimator.surrogate(
      cost: closedForm == nil ? reconstruction * alpha + divergence * beta : reconstruction * alpha
    ) { posterior.logDensity(of: z) }
    return Terms(
      [
        .init("reconstruction", reconstruction.mean(), weight: alpha),
        .init("divergence", divergence.mean(), weight: beta),
      ], surrogate: surrogate)
  }
}
