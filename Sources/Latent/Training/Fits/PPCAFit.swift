public import Torch

/// Probabilistic principal components, of greatest likelihood in closed form.
///
///     σ² = mean of the D − L smallest eigenvalues of the covariance (1/N),   W = U (Λ − σ² I)^½
///
/// - SeeAlso: Tipping & Bishop, “Probabilistic Principal Component Analysis”, 1999, section 3.
public struct PPCAFit: Fit {
  /// The model.
  public private(set) var model: LinearGaussianModel
  /// 1 once it is done.
  public private(set) var iterations = 0
  /// There is nothing to repeat.
  public let isConverged = true
  /// There are no steps.
  public let learningRate = 0.0
  /// −log p(x) of the rows, and σ².
  public private(set) var measures: [NamedNumber] = []

  private let rows: Tensor

  /// The model of greatest likelihood.
  ///
  /// - Parameter rows: Shape `[rows, D]`.
  /// - Throws: ``LatentError`` where there are too many latents, or the rows vary in fewer directions.
  public init(_ rows: Tensor, latents: Int) throws(LatentError) {
    let data = PrincipalComponents(of: rows)
    try data.demandRoom(latents: latents, fit: Settings.kind)
    guard let model = Self.model(data, top: data.top(latents)) else {
      throw LatentError(
        "model.latents: the rows vary in no more than \(latents) directions and leave no noise, which fit \(Settings.kind) "
          + "needs; use fewer latents.")
    }
    self.model = model
    self.rows = rows
  }

  /// The closed form is all there is.
  public mutating func advance() throws(LatentError) {
    iterations += 1
    measures = [
      NamedNumber("exactNegativeLogLikelihood", -model.logLikelihood(of: rows).mean().item),
      NamedNumber("noiseVariance", model.noiseVariance.mean().item),
    ]
  }

  /// The model of greatest likelihood from the greatest eigenvalues and their eigenvectors; nil where they leave no noise.
  static func model(
    _ data: PrincipalComponents, top: (values: Tensor, vectors: Tensor)
  ) -> LinearGaussianModel? {
    let total = data.variances.sum().item
    let variance = (total - top.values.sum().item) / Double(data.dimensions - top.values.count)
    guard variance > 1e-12 * total else { return nil }
    return model(data, axes: top.vectors, values: top.values, variance: variance)
  }

  /// W = U (Λ − σ² I)^½ for orthonormal axes U along which the rows have the variances Λ.
  static func model(
    _ data: PrincipalComponents, axes: Tensor, values: Tensor, variance: Double
  ) -> LinearGaussianModel {
    let lengths = (values - variance).rectified().squareRoot()
    return LinearGaussianModel(
      weights: axes * lengths, mean: data.mean, noiseVariance: Tensor(variance, type: .float64).reshaped([1]))
  }

  /// What can be set: nothing.
  public struct Settings: FitChoice {
    /// `ppca`.
    public static var kind: String { "ppca" }
    /// One sentence.
    public static var summary: String {
      "probabilistic principal components in closed form: W = U (Λ − σ² I)^½, σ² the mean of the other eigenvalues"
    }
    /// The only one.
    public init() {}

    /// A linear VAE with one variance.
    public func check(_ configuration: Configuration) throws(LatentError) {
      try demandLinear(configuration, variance: .scalar)
    }

    /// The fit.
    public func make(_ configuration: Configuration, rows: () -> Tensor) throws(LatentError) -> (any Fit)? {
      try PPCAFit(rows(), latents: configuration.model.latents)
    }
  }
}
