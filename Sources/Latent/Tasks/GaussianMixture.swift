internal import Foundation
public import Torch

/// A mixture of Gaussians, fitted by expectation and maximization.
///
///     p(x) = Σ_j π_j N(x; μ_j, Σ_j)
///
/// Every covariance has 1e-6 of the data's mean variance added to its diagonal, so that none collapses on a row.
public struct GaussianMixture {
  /// What is fitted of the covariances.
  public enum Covariance: String, NamedValue {
    /// A matrix each.
    case full
    /// A variance of each dimension each.
    case diagonal
  }

  /// π, k numbers.
  public let weights: [Double]
  /// μ, shape `[k, D]`.
  public let means: Tensor
  /// The lower triangular factors of Σ, `[D, D]` each.
  public let factors: [Tensor]
  /// What was fitted of the covariances.
  public let covariance: Covariance
  /// Σ_n ln p(x_n) of the rows that it was fitted to, in nats.
  public let logLikelihood: Double
  /// The number of those rows.
  public let rows: Int

  /// The numbers that are fitted: k − 1 weights, k D means and k D (D + 1) / 2 or k D of covariances.
  public var parameterCount: Int {
    let (count, width) = (weights.count, means.extent(1))
    return count - 1 + count * width + count * (covariance == .full ? width * (width + 1) / 2 : width)
  }

  /// Schwarz's criterion, −2 Σ ln p(x_n) + parameters · ln N: the smaller the better.
  ///
  /// - SeeAlso: Schwarz, “Estimating the Dimension of a Model”, 1978.
  public var bic: Double { -2 * logLikelihood + Double(parameterCount) * log(Double(rows)) }

  /// Fits a mixture several times, each time from another k-means, and keeps the likeliest.
  ///
  /// - Parameter x: Shape `[N, D]`.
  /// - Throws: ``LatentError`` where there are fewer rows than components.
  public init(
    _ x: Tensor, components: Int, covariance: Covariance = .full, starts: Int = 5, using noise: Noise
  ) throws(LatentError) {
    let x = x.to(type: .float64, device: .cpu)
    var best: GaussianMixture?
    for _ in 0..<max(1, starts) {
      let start = try KMeans(x, count: components, starts: 1, using: noise)
      let found = try Self.fit(x, start, covariance)
      if found.logLikelihood > best?.logLikelihood ?? -.infinity { best = found }
    }
    guard let best else { throw LatentError("the rows hold no finite numbers to fit a mixture to.") }
    self = best
  }

  private init(
    weights: [Double], means: Tensor, factors: [Tensor], covariance: Covariance, logLikelihood: Double, rows: Int
  ) {
    (self.weights, self.means, self.factors) = (weights, means, factors)
    (self.covariance, self.logLikelihood, self.rows) = (covariance, logLikelihood, rows)
  }

  /// ln π_j + ln N(x_n; μ_j, Σ_j), shape `[N, k]`.
  public func logJoint(_ x: Tensor) -> Tensor {
    let x = x.to(type: .float64, device: .cpu)
    return .stack(
      weights.indices.map { index in
        let whitened = factors[index].solvingTriangular((x - means[index]).transposed())
        return StandardNormal.logDensity(of: whitened.transposed())
          - factors[index].diagonal().logarithm().sum() + log(max(weights[index], 1e-300))
      }, along: 1)
  }

  /// p(j|x_n), shape `[N, k]`.
  public func responsibilities(_ x: Tensor) -> Tensor { withoutGradients { logJoint(x).softmax(along: 1) } }

  private static func fit(_ x: Tensor, _ start: KMeans, _ covariance: Covariance) throws(LatentError) -> GaussianMixture
  {
    let count = start.centres.extent(0)
    var shares = Tensor(start.assignment.map(Int64.init)).oneHot(classes: count).to(type: .float64)
    var last = -Double.infinity
    let floor = max(1e-6 * x.variance(over: 0).mean().item, 1e-12)
    var result = try maximized(x, shares, floor, covariance)
    for _ in 0..<500 {
      let joint = withoutGradients { result.logJoint(x) }
      let logLikelihood = joint.logSumExp(over: 1).sum().item
      result = GaussianMixture(
        weights: result.weights, means: result.means, factors: result.factors, covariance: covariance,
        logLikelihood: logLikelihood, rows: x.extent(0))
      if logLikelihood - last < 1e-7 * Double(x.extent(0)) { break }
      last = logLikelihood
      shares = joint.softmax(along: 1)
      let next = try maximized(x, shares, floor, covariance)
      result = GaussianMixture(
        weights: next.weights, means: next.means, factors: next.factors, covariance: covariance,
        logLikelihood: logLikelihood, rows: x.extent(0))
    }
    return result
  }

  private static func maximized(
    _ x: Tensor, _ shares: Tensor, _ floor: Double, _ covariance: Covariance
  ) throws(LatentError) -> GaussianMixture {
    let (rows, width) = (x.extent(0), x.extent(1))
    let counts = shares.sum(over: 0).clamped(to: 1e-9...1e18)
    let means = shares.transposed().times(x) / counts.unsqueezed(at: 1)
    var factors: [Tensor] = []
    for index in 0..<shares.extent(1) {
      let centred = x - means[index]
      let weighted = centred * shares.selected(along: 1, index).unsqueezed(at: 1)
      var matrix = weighted.transposed().times(centred) / counts[index] + .identity(width, type: .float64) * floor
      if covariance == .diagonal { matrix = matrix * .identity(width, type: .float64) }
      guard let factor = try? matrix.cholesky() else {
        throw LatentError("a cluster of the mixture has collapsed; ask for fewer clusters or a diagonal covariance.")
      }
      factors.append(factor)
    }
    return GaussianMixture(
      weights: (counts / Double(rows)).values(), means: means, factors: factors, covariance: covariance,
      logLikelihood: -.infinity, rows: rows)
  }
}
