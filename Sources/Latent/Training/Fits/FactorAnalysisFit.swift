public import Torch

/// Factor analysis by expectation and conditional maximization.
///
///     W: of greatest likelihood for this Ψ, Ψ^½ U (Λ − I)^½ with the eigenvectors U of Ψ^−½ S Ψ^−½
///     Ψ: the step of EM, diag(S − WWᵀ)
///
/// Neither half can lower the likelihood; for the W of the first, the step of EM leaves W where it is. Where a variance tends to 0
/// such steps get ever shorter, so an iteration takes two of them and then goes on in their direction in ln Ψ, as far as their ratio
/// says, unless that is less likely.
/// - SeeAlso: Rubin & Thayer, “EM Algorithms for ML Factor Analysis”, 1982; Zhao, Yu & Jiang, “ML estimation for factor analysis: EM or
///   non-EM?”, 2008; Varadhan & Roland, “Simple and Globally Convergent Methods for Accelerating the Convergence of Any EM
///   Algorithm”, 2008.
public struct FactorAnalysisFit: Fit {
  /// The model.
  public private(set) var model: LinearGaussianModel
  /// Iterations done.
  public private(set) var iterations = 0
  /// Whether the last iteration raised log p(x) by less than the tolerance.
  public private(set) var isConverged = false
  /// There are no steps of a size.
  public let learningRate = 0.0
  /// −log p(x) of the rows, and by how much the iteration has raised log p(x).
  public private(set) var measures: [NamedNumber] = []

  private let rows: Tensor
  private let data: PrincipalComponents
  private let tolerance: Double
  private let floor: Double
  private var last: Double

  /// The start: no latents, the rows' variances as noise.
  ///
  /// - Parameter floor: The least variance of noise.
  /// - Parameter tolerance: A rise of the mean log p(x), in nats, below which the fit has converged.
  /// - Throws: ``LatentError`` where there are too many latents.
  public init(_ rows: Tensor, latents: Int, floor: Double, tolerance: Double) throws(LatentError) {
    data = PrincipalComponents(of: rows)
    try data.demandRoom(latents: latents, fit: Settings.kind)
    self.rows = rows
    self.tolerance = tolerance
    self.floor = max(floor * (1 + 1e-6), 1e-12)
    model = LinearGaussianModel(
      weights: .zeros([data.dimensions, latents], type: .float64), mean: data.mean,
      noiseVariance: data.variances.clamped(to: self.floor...Double.greatestFiniteMagnitude))
    last = model.logLikelihood(of: rows).mean().item
  }

  /// Two steps, and one from where they point to if that is likelier.
  public mutating func advance() throws(LatentError) {
    let first = stepped(from: model.noiseVariance)
    let second = stepped(from: first.noiseVariance)
    var next = second
    let logarithms = [model, first, second].map { $0.noiseVariance.logarithm() }
    let change = logarithms[1] - logarithms[0]
    let bend = logarithms[2] - logarithms[1] - change
    let ratio = (change.squared().sum().item / max(bend.squared().sum().item, 1e-300)).squareRoot()
    var likelihood = second.logLikelihood(of: rows).mean().item
    if ratio > 1 {
      let far = (logarithms[0] + change * (2 * ratio) + bend * (ratio * ratio)).clamped(to: -50...50).exponential()
      let third = stepped(from: far.clamped(to: floor...Double.greatestFiniteMagnitude))
      let reached = third.logLikelihood(of: rows).mean().item
      if reached > likelihood { (next, likelihood) = (third, reached) }
    }
    guard likelihood.isFinite else {
      throw LatentError(
        "the likelihood of the factors is \(likelihood) after \(iterations) steps; raise varianceFloor.")
    }
    let rise = likelihood - last
    model = next
    last = likelihood
    iterations += 1
    isConverged = rise < tolerance
    measures = [NamedNumber("exactNegativeLogLikelihood", -likelihood), NamedNumber("rise", rise)]
  }

  /// The model after one step from some variances of noise.
  private func stepped(from variances: Tensor) -> LinearGaussianModel {
    let deviations = variances.squareRoot()
    let (values, axes) = data.top(model.latents, scales: deviations.reciprocal())
    let weights = axes * (values - 1).rectified().squareRoot() * deviations.unsqueezed(at: 1)
    let noise = (data.variances - weights.squared().sum(over: 1)).clamped(to: floor...Double.greatestFiniteMagnitude)
    return LinearGaussianModel(weights: weights, mean: data.mean, noiseVariance: noise)
  }

  /// What can be set.
  public struct Settings: FitChoice {
    /// The rise of the mean log p(x) in an iteration, in nats, below which the fit has converged.
    public var tolerance = 1e-8

    /// `factor-analysis`.
    public static var kind: String { "factor-analysis" }
    /// One sentence.
    public static var summary: String {
      "factor analysis, x = Wz + μ + ε with a variance per dimension, by EM until log p(x) rises by less than tolerance"
    }
    /// The defaults.
    public init() {}

    /// A tolerance is positive.
    public func validate() throws(LatentError) {
      guard tolerance > 0, tolerance.isFinite else {
        throw LatentError("tolerance: \(tolerance) must be above 0, in nats a row.")
      }
    }

    /// A linear VAE with a variance for each dimension.
    public func check(_ configuration: Configuration) throws(LatentError) {
      try demandLinear(configuration, variance: .perDimension)
    }

    /// The fit.
    public func make(_ configuration: Configuration, rows: () -> Tensor) throws(LatentError) -> (any Fit)? {
      let likelihood = configuration.model.likelihood.choice as? GaussianLikelihood.Settings
      return try FactorAnalysisFit(
        rows(), latents: configuration.model.latents, floor: likelihood?.varianceFloor ?? 0, tolerance: tolerance)
    }
  }
}
