internal import Foundation
public import Torch

/// Principal components learned online, a row at a time, by Oja's rule for several components (Sanger's).
///
///     y = Vᵀ(x − μ),   V ← V + η ((x − μ) yᵀ − V · upper triangle of y yᵀ),   η = learningRate / (tr S (1 + decay · epoch))
///
/// The model is the one of greatest likelihood with the subspace that V spans.
/// - SeeAlso: Oja, “Simplified Neuron Model as a Principal Component Analyzer”, 1982; Sanger, “Optimal Unsupervised Learning in a
///   Single-Layer Linear Feedforward Neural Network”, 1989.
public struct OjaFit: Fit {
  /// The model of the last epoch.
  public private(set) var model: LinearGaussianModel
  /// Epochs done.
  public private(set) var iterations = 0
  /// Whether the largest principal angle from the exact subspace is below the tolerance.
  public private(set) var isConverged = false
  /// η of the last epoch.
  public private(set) var learningRate = 0.0
  /// −log p(x) of the rows and the largest principal angle from the exact subspace, in degrees.
  public private(set) var measures: [NamedNumber] = []

  private let rows: Tensor
  private let data: PrincipalComponents
  private let exactAxes: Tensor
  private let settings: Settings
  private let seed: UInt64
  private let values: [Double]
  private var components: [Double]

  /// The start: small components at random.
  ///
  /// - Throws: ``LatentError`` where there are too many latents.
  public init(_ rows: Tensor, latents: Int, settings: Settings = Settings(), seed: UInt64) throws(LatentError) {
    model = try PPCAFit(rows, latents: latents).model
    data = PrincipalComponents(of: rows)
    exactAxes = data.top(latents).vectors
    values = data.centred.values(as: Double.self)
    components =
      (Noise(seed: seed, stream: "oja").normal([latents, data.dimensions], type: .float64)
      / Double(data.dimensions).squareRoot()).values()
    (self.rows, self.settings, self.seed) = (rows, settings, seed)
  }

  /// One epoch: every row once, in random order.
  public mutating func advance() throws(LatentError) {
    let total = data.variances.sum().item
    learningRate = settings.learningRate / (total * (1 + settings.decay * Double(iterations)))
    let order = Noise(seed: seed, stream: "oja", index: iterations + 1).permutation(data.count).values(as: Int64.self)
    for row in order { learn(from: Int(row) * data.dimensions) }
    iterations += 1
    guard components.allSatisfy(\.isFinite), let axes = orthonormalAxes() else {
      throw LatentError(
        "Oja's components grew without bound in epoch \(iterations); lower training.fit.learningRate.")
    }
    let covariance = data.centred.times(axes)
    let (ascending, turn) = (covariance.transposed().times(covariance) / Double(data.count)).symmetricEigen()
    let variance = (total - ascending.sum().item) / Double(data.dimensions - model.latents)
    model = PPCAFit.model(data, axes: axes.times(turn), values: ascending, variance: variance)
    let angle = Self.largestAngle(between: axes, and: exactAxes)
    isConverged = angle < settings.tolerance
    measures = [
      NamedNumber("exactNegativeLogLikelihood", -model.logLikelihood(of: rows).mean().item),
      NamedNumber("largestAngle", angle),
    ]
  }

  private mutating func learn(from start: Int) {
    let (size, count, rate) = (data.dimensions, model.latents, learningRate)
    values.withUnsafeBufferPointer { x in
      components.withUnsafeMutableBufferPointer { v in
        // What is left of the row once the components so far are taken off it.
        var rest = Array(x[start..<start + size])
        for component in 0..<count {
          let base = component * size
          var y = 0.0
          for index in 0..<size { y += v[base + index] * x[start + index] }
          for index in 0..<size {
            rest[index] -= y * v[base + index]
            v[base + index] += rate * y * rest[index]
          }
        }
      }
    }
  }

  /// Orthonormal axes of the components' span, `[D, latents]`, in double precision; nil where they are dependent.
  private func orthonormalAxes() -> Tensor? {
    let v = Tensor(components, shape: [model.latents, data.dimensions])
    guard let lower = try? v.times(v.transposed()).cholesky() else { return nil }
    return lower.solvingTriangular(v).transposed()
  }

  /// The largest principal angle between the spans of two sets of orthonormal axes, `[D, latents]`, in degrees.
  ///
  ///     arcsin ‖(I − B Bᵀ) A‖
  static func largestAngle(between a: Tensor, and b: Tensor) -> Double {
    let rest = a - b.times(b.transposed().times(a))
    let square = rest.transposed().times(rest).symmetricEigen().values.maximum().item
    return asin(min(1, max(0, square).squareRoot())) * 180 / .pi
  }

  /// What can be set.
  public struct Settings: FitChoice {
    /// η of the first epoch, times the rows' total variance.
    public var learningRate = 0.1
    /// By how much 1/η grows each epoch, in units of the first.
    public var decay = 0.2
    /// The largest principal angle from the exact subspace, in degrees, below which the fit has converged.
    public var tolerance = 0.1

    /// `oja`.
    public static var kind: String { "oja" }
    /// One sentence.
    public static var summary: String {
      "Oja's rule for several components, online: V ← V + η (x yᵀ − V · upper(y yᵀ)), y = Vᵀx, with its angle to PCA"
    }
    /// The defaults.
    public init() {}

    /// Steps that can converge.
    public func validate() throws(LatentError) {
      guard learningRate > 0, learningRate <= 1 else {
        throw LatentError("learningRate: \(learningRate) must be above 0 and at most 1.")
      }
      guard decay >= 0, decay.isFinite else { throw LatentError("decay: \(decay) must be at least 0.") }
      guard tolerance >= 0, tolerance < 90 else {
        throw LatentError("tolerance: \(tolerance) must be at least 0 and below 90 degrees.")
      }
    }

    /// A linear VAE with one variance.
    public func check(_ configuration: Configuration) throws(LatentError) {
      try demandLinear(configuration, variance: .scalar)
    }

    /// The fit.
    public func make(_ configuration: Configuration, rows: () -> Tensor) throws(LatentError) -> (any Fit)? {
      try OjaFit(rows(), latents: configuration.model.latents, settings: self, seed: configuration.seed)
    }
  }
}
