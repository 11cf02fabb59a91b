public import Torch

/// The ELBO with its divergence taken apart and each part weighted by itself.
///
///     α (−E log p(x|z)) + β [KL(q(z|x) ‖ p(z)) + (w_I − 1) I(x; z) + (w_T − 1) TC(z) + (w_D − 1) Σ_d KL(q(z_d) ‖ p(z_d))]
///     I = E ln q(z|x) / q(z),   TC = E ln q(z) / Π_d q(z_d),   q(z) = 1/N Σ_n q(z|x_n)
///
/// As the three parts add up to the divergence, it is α (−E log p(x|z)) + β (w_I I + w_T TC + w_D D), with all weights 1 the ELBO itself.
/// The parts are estimates from one batch (see ``AggregateEstimate``), `divergence` is in closed form where there is one; −ELBO is the
/// sum of the first two terms.
/// - SeeAlso: Chen et al., “Isolating Sources of Disentanglement in Variational Autoencoders”, 2018, equation 4.
public struct BetaTCVAE: Objective {
  /// w_I.
  public var mutualInformationWeight = 1.0
  /// w_T, which the paper calls β.
  public var totalCorrelationWeight = 6.0
  /// w_D.
  public var dimensionWiseWeight = 1.0
  /// How the density of all codes is estimated from those of a batch.
  public var aggregate = AggregateEstimate.Kind.stratified
  /// K, the number of latents drawn for each row.
  public var samples = 1
  /// α.
  public var reconstructionWeight = 1.0
  /// β.
  public var divergenceWeight = 1.0
  /// How the gradient of the expectations is estimated.
  public var estimator = Chosen<Estimators>()

  /// `beta-tcvae`.
  public static var kind: String { "beta-tcvae" }
  /// One sentence.
  public static var summary: String {
    "elbo with weights on the divergence's parts: mutual information, total correlation, divergence of each latent"
  }
  /// The defaults.
  public init() {}

  /// The parts' weights as well as what every objective's settings obey.
  public func validate() throws(LatentError) {
    for (name, weight) in partWeights { try demandWeight(weight, name) }
    try elbo.validate()
  }

  /// Latents are looked at one by one.
  public func check(_ model: ModelConfiguration) throws(LatentError) {
    try demandFactorizedPrior(model, as: "compares each latent with the prior by itself")
  }

  /// Smaller weights of the parts that weigh more than in the ELBO, the largest first.
  public var wakingSettings: [String] {
    partWeights.filter { $0.weight > 1 }.sorted { $0.weight > $1.weight }.map {
      "a smaller objective.\($0.name) than \($0.weight.brief)"
    }
  }

  private var partWeights: [(name: String, weight: Double)] {
    [
      ("totalCorrelationWeight", totalCorrelationWeight), ("mutualInformationWeight", mutualInformationWeight),
      ("dimensionWiseWeight", dimensionWiseWeight),
    ]
  }

  /// α, β, and how much more or less than 1 the parts weigh.
  public var weights: [String: Double] {
    var weights = elbo.weights
    for part in parts(factor: 1) { weights[part.name] = part.weight }
    return weights
  }

  /// q(z|x) and q(z_d|x) of every draw with every row, in double precision, each with its exponential and gradient.
  public func pairs(batch: Int, latents: Int) -> Double {
    Double(samples) * Double(batch) * Double(batch) * Double(latents + 1) * 2 * 3
  }

  /// The terms where the batch is all the data.
  public func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator
  ) -> Terms {
    terms(
      of: model, on: x, ofRows: x.extent(0), divergenceFactor: divergenceFactor, mode: mode, using: noise,
      estimator: estimator)
  }

  /// The terms with the number of rows in mind that batches are taken from.
  public func criterion(for data: DataDescription, rows: Int, on device: Device) throws(LatentError) -> any Criterion {
    BetaTCVAECriterion(objective: self, rows: rows)
  }

  fileprivate func terms(
    of model: VAE, on x: Tensor, ofRows rows: Int, divergenceFactor: Double, mode: Mode, using noise: Noise,
    estimator: any Estimator
  ) -> Terms {
    elbo.terms(
      of: model, on: x, divergenceFactor: divergenceFactor, mode: mode, using: noise, estimator: estimator,
      adding: { draws in
        let estimate = AggregateEstimate(of: draws.posterior, at: draws.z, ofRows: rows, aggregate)
        let own = draws.posterior.logDensity(of: draws.z)
        let costs = [
          own - estimate.joint, estimate.joint - estimate.product,
          estimate.product - model.prior.logDensity(of: draws.z),
        ]
        return zip(parts(factor: divergenceFactor), costs).map { .init(name: $0.name, weight: $0.weight, cost: $1) }
      })
  }

  private func parts(factor: Double) -> [(name: String, weight: Double)] {
    let beta = divergenceWeight * factor
    return [
      ("mutual-information", (mutualInformationWeight - 1) * beta),
      ("total-correlation", (totalCorrelationWeight - 1) * beta),
      ("dimension-wise", (dimensionWiseWeight - 1) * beta),
    ]
  }
}

/// The terms of ``BetaTCVAE`` of batches of a data set whose number of rows is known.
private struct BetaTCVAECriterion: Criterion {
  let objective: BetaTCVAE
  let rows: Int

  func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator
  ) -> Terms {
    objective.terms(
      of: model, on: x, ofRows: max(rows, x.extent(0)), divergenceFactor: divergenceFactor, mode: mode, using: noise,
      estimator: estimator)
  }
}
