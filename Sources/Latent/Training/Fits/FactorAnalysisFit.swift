public import Torch

/// Factor analysis by expectation and conditional maximization.
///
///     W: of greatest likelihood for this Ψ, Ψ^½ U (Λ − I)^½ with the eigenvectors U of Ψ^−½ S Ψ^−½
///     Ψ: the step of EM, diag(S − WWᵀ)
///
/// Neither half can lower the likelihood. For the W of the first, the step of EM leaves W where it is.
/// - SeeAlso: Rubin & Thayer, “EM Algorithms for ML Factor Analysis”, 1982; Zhao, Yu & Jiang, “ML estimation for factor analysis: EM or
///   non-EM?”, 2008.
public struct FactorAnalysisFit: Fit {
  /// The model.
  public private(set) var model: LinearGaussianModel
  /// Steps done.
  public private(set) var iterations = 0
  /// Whether the last step raised log p(x) by less than the tolerance.
  public private(set) var isConverged = false
  /// There are no steps of a size.
  public let learningRate = 0.0
  /// −log p(x) of the rows, and by how much the step has raised log p(x).
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

  /// One step.
  public mutating func advance() throws(LatentError) {
    let deviations = model.noiseVariance.squareRoot()
    let (values, axes) = data.top(model.latents, scales: deviations.reciprocal())
    let weights = axes * (values - 1).rectified().squareRoot() * deviations.unsqueezed(at: 1)
    let noise = (data.variances - weights.squared().sum(over: 1)).clamped(to: floor...Double.greatestFiniteMagnitude)
    let next = LinearGaussianModel(weights: weights, mean: data.mean, noiseVariance: noise)
    let likelihood = next.logLikelihood(of: rows).mean().item
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

  /// What can be set.
  public struct Settings: FitChoice {
    /// The rise of the mean log p(x) of a step, in nats, below which the fit has converged.
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
