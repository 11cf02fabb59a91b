internal import Foundation
public import Torch

/// The importance-weighted bound: the ELBO for K = 1, and nearer to log p(x) the more draws there are.
///
///     −L_K = −E log 1/K Σ_k w_k,   log w_k = α log p(x|z_k) + β (log p(z_k) − log q(z_k|x)),   z_k ~ q(z|x)
///
/// The first two terms are those of the ELBO, by the same draws; the third, `tightening`, is what the draws together gain on their mean,
/// never above 0: −L_K = α reconstruction + β divergence + tightening. With weights 1 their sum bounds −log p(x).
///
/// The gradient in the encoder falls behind its noise as K grows; `doubly-reparametrized` takes out what has the mean 0:
///
///     Σ_k w̃_k² (∂ log w_k / ∂z_k) (∂z_k / ∂φ)   in place of   Σ_k w̃_k d log w_k / dφ,   w̃ = w / Σ w
///
/// - SeeAlso: Burda, Grosse & Salakhutdinov, “Importance Weighted Autoencoders”, 2016; Tucker et al., “Doubly Reparameterized Gradient
///   Estimators for Monte Carlo Objectives”, 2018.
public struct IWAE: Objective {
  /// How the encoder's gradient is estimated.
  public enum Gradient: String, NamedValue {
    /// Through the draws and the density of q(z|x).
    case reparametrized
    /// Through the draws alone, with squared weights: the same mean, less variance.
    case doublyReparametrized = "doubly-reparametrized"
  }

  /// K, the number of latents drawn for each row.
  public var samples = 5
  /// How the encoder's gradient is estimated.
  public var gradient = Gradient.reparametrized
  /// α.
  public var reconstructionWeight = 1.0
  /// β.
  public var divergenceWeight = 1.0

  /// The reparametrized one; `gradient` says the rest.
  public var estimator: Chosen<Estimators> { Chosen() }
  /// False.
  public var takesEstimator: Bool { false }

  /// `iwae`.
  public static var kind: String { "iwae" }
  /// One sentence.
  public static var summary: String {
    "−log 1/K Σ p(x|z) p(z) / q(z|x), K draws together: a bound that tightens with K; weights α and β"
  }
  /// The defaults.
  public init() {}

  /// α, β and 1.
  public var weights: [String: Double] {
    ["reconstruction": reconstructionWeight, "divergence": divergenceWeight, "tightening": 1]
  }

  /// Reconstruction, divergence, and what K draws together gain on them.
  public func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator
  ) -> Terms {
    let (alpha, beta) = (reconstructionWeight, divergenceWeight * divergenceFactor)
    let features = model.encoder(model.likelihood.encoderInput(x), mode: mode)
    let posterior = model.posterior(features)
    let drawn = estimator.draw(samples, from: posterior, using: noise)
    let isDouble = gradient == .doublyReparametrized
    // Filled in once the weights are known, before a gradient passes.
    let share = Tensor.ones(drawn.shape.dropLast() + [1], type: drawn.type, on: drawn.device)
    let z = isDouble ? drawn.scalingGradient(by: share) : drawn
    let reconstruction = -model.logLikelihood(of: x, given: z, mode: mode)
    let logDensity = (isDouble ? model.posterior(features.detached()) : posterior).logDensity(of: z)
    let divergence = logDensity - model.prior.logDensity(of: z)
    let cost = reconstruction * alpha + divergence * beta
    let bound = log(Double(samples)) - (-cost).logSumExp(over: 0)

    let surrogate: Tensor
    if isDouble {
      let weights = (-cost).softmax(along: 0).detached()
      share.copy(from: weights.unsqueezed(at: -1))
      surrogate = (weights * cost).sum(over: 0).mean()
    } else {
      surrogate = bound.mean()
    }
    return Terms(
      [
        .init("reconstruction", reconstruction.mean().detached(), weight: alpha),
        .init("divergence", divergence.mean().detached(), weight: beta),
        .init("tightening", (bound - cost.mean(over: 0)).mean().detached()),
      ], surrogate: surrogate)
  }
}
