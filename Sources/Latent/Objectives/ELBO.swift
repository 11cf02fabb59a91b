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
    terms(
      of: model, on: x, divergenceFactor: divergenceFactor, mode: mode, using: noise, estimator: estimator, adding: nil)
  }

  /// A term of x and what is decoded for it, whose expectation over the same draws is added to the two of the ELBO.
  struct Addition {
    let name: String
    let weight: Double
    /// Of each row, shape `[K, batch]` from x, shape `[batch, D]`, and the decoder's features, `[K, batch, …]`.
    let cost: (_ x: Tensor, _ features: Tensor) -> Tensor
  }

  /// Reconstruction and divergence, and one term more.
  func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator,
    adding addition: Addition?
  ) -> Terms {
    let posterior = model.encode(x, mode: mode)
    let z = estimator.draw(samples, from: posterior, using: noise)
    let features = model.decoder(z, mode: mode)
    let reconstruction = -model.likelihood.logDensity(of: x, features: features)
    let added = addition.map { (name: $0.name, weight: $0.weight, cost: $0.cost(x, features)) }
    let closedForm = model.prior.divergence(of: posterior)?.sum(over: -1)
    let divergence = closedForm ?? posterior.logDensity(of: z) - model.prior.logDensity(of: z)
    let (alpha, beta) = (reconstructionWeight, divergenceWeight * divergenceFactor)
    // A divergence in closed form has its exact gradient already: only the reconstruction is an expectation over draws.
    let drawn = added.map { reconstruction * alpha + $0.cost * $0.weight } ?? reconstruction * alpha
    let surrogate = estimator.surrogate(cost: closedForm == nil ? drawn + divergence * beta : drawn) {
      posterior.logDensity(of: z)
    }
    return Terms(
      [
        .init("reconstruction", reconstruction.mean(), weight: alpha),
        .init("divergence", divergence.mean(), weight: beta),
      ] + (added.map { [.init($0.name, $0.cost.mean(), weight: $0.weight)] } ?? []), surrogate: surrogate)
  }
}
