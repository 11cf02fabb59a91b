public import Torch

/// The ELBO with a divergence that costs nothing more once it is small, so that a latent is not given up.
///
///     α (−E_q log p(x|z)) + β Σ_l max(λ, mean over the batch of KL_l)
///
/// KL_l is the divergence of latent l in closed form and λ its floor in nats. The term `shortfall` is Σ_l max(λ − KL_l, 0), what the
/// latents lack of their floors; `divergence` stays KL(q(z|x) ‖ p(z)), and −ELBO is the sum of the first two terms.
/// - SeeAlso: Kingma et al., “Improved Variational Inference with Inverse Autoregressive Flow”, 2016, appendix C.8.
public struct FreeBits: Objective {
  /// λ, what the divergence of a latent may be without cost, in nats.
  public var floor = 0.1
  /// K, the number of latents drawn for each row.
  public var samples = 1
  /// α.
  public var reconstructionWeight = 1.0
  /// β.
  public var divergenceWeight = 1.0
  /// How the gradient of the expectation is estimated.
  public var estimator = Chosen<Estimators>()

  /// `free-bits`.
  public static var kind: String { "free-bits" }
  /// One sentence.
  public static var summary: String {
    "elbo whose divergence costs at least λ nats a latent, on the mean of a batch; weights α and β"
  }
  /// The defaults.
  public init() {}

  /// λ as well as what every objective's settings obey.
  public func validate() throws(LatentError) {
    try demandWeight(floor, "floor", in: " nats")
    try elbo.validate()
  }

  /// A floor for each latent needs a divergence of each.
  public func check(_ model: ModelConfiguration) throws(LatentError) {
    try demandFactorizedPrior(model, as: "has a floor for each latent's divergence")
  }

  /// A larger floor, below which latents cost nothing.
  public var wakingSettings: [String] { ["a larger objective.floor than \(floor.brief)"] }

  /// α, and β twice.
  public var weights: [String: Double] {
    elbo.weights.merging(["shortfall": divergenceWeight]) { first, _ in first }
  }

  /// Reconstruction, divergence and what the latter lacks.
  public func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator
  ) -> Terms {
    elbo.terms(
      of: model, on: x, divergenceFactor: divergenceFactor, mode: mode, using: noise, estimator: estimator,
      adding: { draws in
        // Where a prior gives its latents no closed form, they share one floor.
        let divergence = draws.divergences?.mean(over: 0) ?? draws.divergence.mean()
        let shortfall = (floor * Double(model.latents / divergence.count) - divergence).rectified().sum()
        return [.init(name: "shortfall", weight: divergenceWeight * divergenceFactor, cost: shortfall)]
      })
  }
}
