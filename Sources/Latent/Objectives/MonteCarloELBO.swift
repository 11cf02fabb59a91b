public import Torch

/// The evidence lower bound with every expectation by draws.
///
///     −ELBO = mean over k of −log p(x|z_k) + (log q(z_k|x) − log p(z_k))
///
/// Its gradient is noisier than that of ``ELBO``; it needs no closed form.
public struct MonteCarloELBO: Objective {
  /// K, the number of latents drawn for each row.
  public var samples = 1
  /// α.
  public var reconstructionWeight = 1.0
  /// β.
  public var divergenceWeight = 1.0
  /// How the gradient of the expectation is estimated.
  public var estimator = Chosen<Estimators>()

  /// `monte-carlo-elbo`.
  public static var kind: String { "monte-carlo-elbo" }
  /// One sentence.
  public static var summary: String { "mean over K draws of −log p(x|z) + log q(z|x) − log p(z); weights α and β" }
  /// The defaults.
  public init() {}

  /// Reconstruction and divergence, both by the same draws.
  public func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator
  ) -> Terms {
    let posterior = model.encode(x, mode: mode)
    let z = estimator.draw(samples, from: posterior, using: noise)
    let reconstruction = -model.logLikelihood(of: x, given: z, mode: mode)
    let logDensity = posterior.logDensity(of: z)
    let divergence = logDensity - model.prior.logDensity(of: z)
    let (alpha, beta) = (reconstructionWeight, divergenceWeight * divergenceFactor)
    let surrogate = estimator.surrogate(cost: reconstruction * alpha + divergence * beta) { logDensity }
    return Terms(
      [
        .init("reconstruction", reconstruction.mean(), weight: alpha),
        .init("divergence", divergence.mean(), weight: beta),
      ], surrogate: surrogate)
  }
}
