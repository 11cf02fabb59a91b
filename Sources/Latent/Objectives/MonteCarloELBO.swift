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

  /// `monte-carlo-elbo`.
  public static var kind: String { "monte-carlo-elbo" }
  /// One sentence.
  public static var summary: String { "mean over K draws of −log p(x|z) + log q(z|x) − log p(z); weights α and β" }
  /// The defaults.
  public init() {}

  /// Reconstruction and divergence, both by the same draws.
  public func terms(of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise) -> Terms {
    let posterior = model.encode(x, mode: mode)
    let z = posterior.sample(samples, using: noise)
    return Terms([
      .init("reconstruction", -model.logLikelihood(of: x, given: z, mode: mode).mean(), weight: reconstructionWeight),
      .init(
        "divergence", (posterior.logDensity(of: z) - model.prior.logDensity(of: z)).mean(),
        weight: divergenceWeight * divergenceFactor),
    ])
  }
}
