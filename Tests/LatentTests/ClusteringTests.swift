import Foundation
import Latent
import Testing
import Torch

@Suite struct ClusteringTests {
  /// Three clouds in the plane with 60, 90 and 150 rows.
  private static var clouds: (rows: Tensor, labels: [Int32]) {
    let noise = Noise(seed: 3)
    let parts = [(60, [0.0, 0]), (90, [8.0, 0]), (150, [0.0, 9])]
    let rows = parts.map { noise.normal([$0.0, 2], type: .float64) + Tensor($0.1) }
    return (.concatenate(rows), parts.indices.flatMap { Array(repeating: Int32($0), count: parts[$0].0) })
  }

  /// Values of the definitions, summed over pairs and cells by an independent program.
  @Test(arguments: [
    ([0, 0, 1, 1], [0, 0, 1, 2], 0.5714285714285715, 0.8),
    ([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2], 0.24242424242424246, 0.5158037429793888),
    (
      [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2], [1, 1, 0, 0, 0, 1, 2, 2, 2, 0, 2, 2], 0.187010078387458, 0.3372011056672391
    ),
    ([5, 5, 7], [1, 1, 0], 1, 1), ([0, 0, 0], [1, 1, 1], 1, 1), ([0, 1, 0, 1], [0, 0, 1, 1], -0.5, 0),
  ])
  func `agreement is what the definitions give`(a: [Int], b: [Int], rand: Double, information: Double) {
    for found in [Agreement(a, b), Agreement(b, a)] {
      #expect(
        abs(found.adjustedRandIndex - rand) < 1e-12 && abs(found.normalizedMutualInformation - information) < 1e-12)
    }
  }

  @Test func `divisions at random do not agree`() {
    let values = (0..<200).map { seed in
      let parts = Noise(seed: UInt64(seed)).uniform([2, 200]).doubles.map { Int($0 * 4) }
      return Agreement(Array(parts[..<200]), Array(parts[200...])).adjustedRandIndex
    }
    #expect(Estimate(values).agrees(with: 0))
  }

  @Test(arguments: [GaussianMixture.Covariance.full, .diagonal])
  func `one component is the Gaussian of greatest likelihood`(covariance: GaussianMixture.Covariance) throws {
    let x = Self.clouds.rows
    let fit = try GaussianMixture(x, components: 1, covariance: covariance, using: Noise(seed: 1))
    let centred = x - x.mean(over: 0)
    var matrix = centred.transposed().times(centred) / 300
    if covariance == .diagonal { matrix = matrix * .identity(2, type: .float64) }
    // −N/2 (D ln 2π + ln |S| + D); the 1e-6 that is added to the variances changes it by far less than 0.01.
    let exact = -150 * (2 * log(2 * .pi) + matrix.logDeterminant().item + 2)
    #expect(abs(fit.logLikelihood - exact) < 0.01)
    #expect(fit.parameterCount == (covariance == .full ? 5 : 4))
    #expect(abs(fit.bic - (-2 * exact + Double(fit.parameterCount) * log(300))) < 0.02)
    #expect(fit.weights == [1])
  }

  @Test(arguments: ClusteringMethod.allCases)
  func `clouds that lie apart are found, with their number`(method: ClusteringMethod) throws {
    let found = try Clustering(
      of: Self.clouds.rows, method, counts: 2...6, labels: Self.clouds.labels, using: Noise(seed: 1))
    #expect(found.sizes == [150, 90, 60], "the largest first")
    #expect(found.agreement == Agreement([0, 1], [0, 1]))
    #expect(found.candidates.map(\.clusters) == [2, 3, 4, 5, 6])
    #expect((found.probabilities ?? [1]).allSatisfy { $0 > 0.5 && $0 <= 1 + 1e-12 })
    #expect((found.probabilities == nil) == (method == .kMeans))
  }

  @Test func `k-means ends where each centre is the mean of its rows`() throws {
    let fit = try KMeans(Self.clouds.rows, count: 3, using: Noise(seed: 1))
    var inertia = 0.0
    for cluster in 0..<3 {
      let members = fit.assignment.indices.filter { fit.assignment[$0] == cluster }.map(Int64.init)
      let rows = Self.clouds.rows.rows(Tensor(members))
      #expect((rows.mean(over: 0) - fit.centres[cluster]).absolute().maximum().item < 1e-9)
      inertia += (rows - rows.mean(over: 0)).squared().sum().item
    }
    #expect(abs(fit.inertia - inertia) < 1e-6 * inertia)
    let every = try KMeans(Tensor([1.0, 1, 1, 1], shape: [4, 1]), count: 3, using: Noise(seed: 1))
    #expect(every.inertia == 0, "rows that are all the same")
  }

  @Test func `the silhouette is what its definition gives`() {
    let rows = Tensor([0.0, 1, 10, 11], shape: [4, 1])
    #expect(abs(KMeans.silhouette(rows, [0, 0, 1, 1]) - (9.5 / 10.5 + 8.5 / 9.5) / 2) < 1e-9)
    // The row at 0 is alone in its cluster and counts 0.
    let three = Tensor([0.0, 4, 5], shape: [3, 1])
    #expect(abs(KMeans.silhouette(three, [0, 1, 1]) - (0 + 3.0 / 4 + 4.0 / 5) / 3) < 1e-9)
    #expect(KMeans.silhouette(three, [0, 0, 0]) == 0)
  }

  @Test func `more clusters than rows are refused`() {
    let few = Tensor([0.0, 4, 5], shape: [3, 1])
    for method in ClusteringMethod.allCases {
      #expect(
        refusal { _ = try Clustering(of: few, method, counts: 2...4, using: Noise(seed: 1)) }?.contains("3 rows")
          == true)
    }
  }
}
