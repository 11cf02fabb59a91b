public import Torch

/// How a model's parameters are found where not by gradients: one iteration after another.
///
/// What it does follows from the rows and the seed alone, so that a run is resumed by doing its iterations again.
public protocol Fit {
  /// The model after the iterations so far.
  var model: LinearGaussianModel { get }
  /// Iterations done.
  var iterations: Int { get }
  /// Whether more of them would change nothing that matters.
  var isConverged: Bool { get }
  /// The size of the last iteration's steps; 0 where there are none.
  var learningRate: Double { get }
  /// What the last iteration is to be judged by, each with its name.
  var measures: [NamedNumber] { get }

  /// One more iteration.
  ///
  /// - Throws: ``LatentError`` where the rows have no such model.
  mutating func advance() throws(LatentError)
}

/// A way to find parameters, to be chosen by name.
public protocol FitChoice: Choice {
  /// Refuses a composition that it cannot fit, before any data is read.
  func check(_ configuration: Configuration) throws(LatentError)

  /// The fit of some rows; nil where the parameters follow gradients.
  ///
  /// - Parameter rows: The training rows as the model sees them, shape `[rows, D]`.
  /// - Throws: ``LatentError`` where the rows have no such model.
  func make(_ configuration: Configuration, rows: () -> Tensor) throws(LatentError) -> (any Fit)?
}

/// The ways to find parameters.
public enum Fits: Family {
  /// The choices as fits.
  public typealias Member = any FitChoice
  /// `fits`.
  public static var name: String { "fits" }
  /// The list; a new fit adds a line here.
  public static var choices: [any Choice.Type] {
    [
      GradientFit.self,
      PPCAFit.Settings.self,
      FactorAnalysisFit.Settings.self,
      OjaFit.Settings.self,
    ]
  }
  /// By gradients.
  public static var standard: any Choice { GradientFit() }
}

extension FitChoice {
  /// Refuses everything but a linear VAE whose posterior can be exact.
  func demandLinear(_ configuration: Configuration, variance: GaussianLikelihood.Variance) throws(LatentError) {
    let (model, fit) = (configuration.model, Self.kind)
    func demand(_ holds: Bool, _ key: String, _ found: String, _ needed: String) throws(LatentError) {
      guard holds else {
        throw LatentError("\(key): training.fit \(fit) needs \(needed), not \(found); use --preset \(fit).")
      }
    }
    try demand(model.encoder.choice is LinearNetwork, "model.encoder", model.encoder.kind, "linear")
    try demand(model.decoder.choice is LinearNetwork, "model.decoder", model.decoder.kind, "linear")
    try demand(
      model.posterior.choice is FullGaussianPosterior.Settings, "model.posterior", model.posterior.kind, "full-gaussian"
    )
    try demand(model.prior.choice is StandardNormalPrior.Settings, "model.prior", model.prior.kind, "standard-normal")
    let likelihood = model.likelihood.choice as? GaussianLikelihood.Settings
    try demand(likelihood != nil, "model.likelihood", model.likelihood.kind, "gaussian")
    let found = likelihood?.variance ?? variance
    try demand(found == variance, "model.likelihood.variance", found.rawValue, variance.rawValue)
    try demand(
      configuration.data.binarization == .none, "data.binarization", configuration.data.binarization.rawValue, "none")
  }
}
