public import Torch

/// What training minimizes, in nats per row.
///
/// Every objective calls its terms `reconstruction` (−E log p(x|z)) and `divergence` (of q(z|x) from p(z)), so that weights, logs and
/// reports mean the same thing whatever was chosen; unweighted, their sum is −ELBO. What an objective has besides is terms of its own
/// names. One without a divergence bounds nothing.
public protocol Objective: Choice, Criterion {
  /// The number of latents drawn for each row.
  var samples: Int { get }
  /// α, what the reconstruction is multiplied by.
  var reconstructionWeight: Double { get }
  /// β, what the divergence is multiplied by once its schedule has run.
  var divergenceWeight: Double { get }

  /// Whether it has a divergence, which holds q(z|x) and p(z) together.
  var hasDivergence: Bool { get }

  /// How the gradient of the expectation over draws is estimated.
  var estimator: Chosen<Estimators> { get }

  /// Whether the estimator can be chosen.
  var takesEstimator: Bool { get }

  /// The numbers that terms of pairs of rows hold at once, for batches of so many rows; 0 where rows are looked at one by one.
  func pairs(batch: Int, latents: Int) -> Double

  /// What each term is multiplied by once schedules have run, by its name.
  var weights: [String: Double] { get }

  /// What of its own settings, besides α and β, to change where latents carry nothing, such as `a larger objective.floor`.
  var wakingSettings: [String] { get }

  /// This objective with what it has to remember of the files that it names.
  ///
  /// - Throws: ``LatentError`` where such a file is missing, or is not what was remembered of it.
  func resolved() throws(LatentError) -> any Objective

  /// Refuses a model that the objective cannot train, with what would be right.
  func check(_ model: ModelConfiguration) throws(LatentError)

  /// What gives the terms in training, with all the files read that the objective names.
  ///
  /// - Parameter rows: N, the training rows that batches are taken from.
  /// - Throws: ``LatentError`` where such a file cannot be used with the data.
  func criterion(for data: DataDescription, rows: Int, on device: Device) throws(LatentError) -> any Criterion
}

/// What gives an objective's terms.
public protocol Criterion {
  /// The terms for a batch.
  ///
  /// - Parameter x: Observations as the likelihood describes them, shape `[batch, D]`.
  /// - Parameter divergenceFactor: What the schedule makes of β at this moment, 0 … 1.
  /// - Parameter estimator: What the objective's chosen estimator made: it draws the latents and remembers what it needs between steps.
  func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator
  ) -> Terms
}

extension Criterion {
  /// The terms for a batch, with the posterior's draws differentiable.
  public func terms(of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise) -> Terms {
    terms(
      of: model, on: x, divergenceFactor: divergenceFactor, mode: mode, using: noise,
      estimator: ReparametrizedEstimator())
  }
}

extension Objective {
  /// It has.
  public var hasDivergence: Bool { true }

  /// It can.
  public var takesEstimator: Bool { true }

  /// None.
  public func pairs(batch: Int, latents: Int) -> Double { 0 }

  /// α and β.
  public var weights: [String: Double] {
    ["reconstruction": reconstructionWeight, "divergence": divergenceWeight]
  }

  /// None.
  public var wakingSettings: [String] { [] }

  /// It names no files.
  public func resolved() throws(LatentError) -> any Objective { self }

  /// Every model with a density can be trained; see ``Configuration/validate()``.
  public func check(_ model: ModelConfiguration) throws(LatentError) {}

  /// The objective itself.
  public func criterion(for data: DataDescription, rows: Int, on device: Device) throws(LatentError) -> any Criterion {
    self
  }

  /// β / α, the weight of the divergence where the reconstruction's is 1.
  public func effectiveBeta(divergenceFactor: Double = 1) -> Double {
    divergenceWeight * divergenceFactor / reconstructionWeight
  }

  /// What every objective's settings obey.
  public func validate() throws(LatentError) {
    guard (1...10_000).contains(samples) else {
      throw LatentError("samples: \(samples) is no number of draws; expected 1 to 10000.")
    }
    guard reconstructionWeight > 0, reconstructionWeight.isFinite else {
      throw LatentError("reconstructionWeight: \(reconstructionWeight) must be above 0.")
    }
    try demandWeight(divergenceWeight, "divergenceWeight")
    try estimator.validate(at: "estimator")
  }
}

/// The objectives.
public enum Objectives: Family {
  /// The choices as objectives.
  public typealias Member = any Objective
  /// `objectives`.
  public static var name: String { "objectives" }
  /// The list; a new objective adds a line here.
  public static var choices: [any Choice.Type] {
    [
      ELBO.self,
      MonteCarloELBO.self,
      Reconstruction.self,
      Perceptual.self,
      IWAE.self,
      FreeBits.self,
      BetaTCVAE.self,
      InfoVAE.self,
    ]
  }
  /// The evidence lower bound.
  public static var standard: any Choice { ELBO() }
}
