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
      of: model, on: x, divergenceFactor: divergenceFactor, mode: mode, using: noise, estimator: estimator,
      adding: { _ in [] })
  }

  /// What the two terms were made of, for terms that are made of the same.
  struct Draws {
    /// q(z|x) of each row.
    let posterior: any LatentDistribution
    /// Draws from it, shape `[K, batch, latents]`.
    let z: Tensor
    /// The decoder's features of them, `[K, batch, …]`.
    let features: Tensor
    /// KL(q(z|x) ‖ p(z)), shape `[batch, latents]`; nil where there is no closed form.
    let divergences: Tensor?
    /// KL(q(z|x) ‖ p(z)) of each row, shape `[batch]`, or `[K, batch]` where it is by draws.
    let divergence: Tensor
  }

  /// A term that is added to the two of the ELBO.
  struct Addition {
    let name: String
    let weight: Double
    /// A scalar; or of each draw, shape `[K, batch]`, where it is an expectation whose gradient the estimator has to see.
    let cost: Tensor
  }

  /// Reconstruction and divergence, and terms more.
  func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator,
    adding additions: (Draws) -> [Addition]
  ) -> Terms {
    let posterior = model.encode(x, mode: mode)
    let z = estimator.draw(samples, from: posterior, using: noise)
    let features = model.decoder(z, mode: mode)
    let logLikelihood = model.likelihood.logDensity(of: x, features: features)
    let closedForm = model.prior.divergence(of: posterior)
    let divergence = closedForm?.sum(over: -1) ?? posterior.logDensity(of: z) - model.prior.logDensity(of: z)
    let added = additions(
      Draws(posterior: posterior, z: z, features: features, divergences: closedForm, divergence: divergence))
    let (alpha, beta) = (reconstructionWeight, divergenceWeight * divergenceFactor)
    // A divergence in closed form has its exact gradient already: only the reconstruction is an expectation over draws.
    func cost() -> Tensor {
      let drawn = added.filter { $0.cost.rank == 2 && $0.weight != 0 }
        .reduce(-logLikelihood * alpha) { $0 + $1.cost * $1.weight }
      return closedForm == nil ? drawn + divergence * beta : drawn
    }
    let surrogate = estimator.surrogate(cost: cost()) { posterior.logDensity(of: z) }
    return Terms(
      [
        .init("reconstruction", logLikelihood.scaledMean(by: -1), weight: alpha),
        .init("divergence", divergence.mean(), weight: beta),
      ] + added.map { .init($0.name, $0.cost.rank == 2 ? $0.cost.mean() : $0.cost, weight: $0.weight) },
      surrogate: surrogate)
  }
}

extension Objective {
  /// The ELBO with this objective's draws, weights and estimator, for objectives that are an ELBO and terms more.
  var elbo: ELBO {
    var elbo = ELBO()
    elbo.samples = samples
    elbo.reconstructionWeight = reconstructionWeight
    elbo.divergenceWeight = divergenceWeight
    elbo.estimator = estimator
    return elbo
  }

  /// Refuses a weight that is below 0 or no number.
  func demandWeight(_ weight: Double, _ name: String, in unit: String = "") throws(LatentError) {
    guard weight >= 0, weight.isFinite else { throw LatentError("\(name): \(weight) must be at least 0\(unit).") }
  }

  /// Refuses priors whose latents depend on each other.
  ///
  /// - Parameter need: Why the objective has to look at each latent by itself, as in `has a floor for each latent's divergence`.
  func demandFactorizedPrior(_ model: ModelConfiguration, as need: String) throws(LatentError) {
    guard try model.prior.member().isFactorized else {
      throw LatentError(
        "objective: '\(Self.kind)' \(need), and those of '\(model.prior.kind)' depend on each other; "
          + "use --set model.prior=standard-normal, or another objective.")
    }
  }
}
