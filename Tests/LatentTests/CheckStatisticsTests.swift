import Foundation
import Latent
import Testing
import Torch

/// The statistics that a check of samples is made of, against other libraries, closed forms and repeated draws.
@Suite struct CheckStatisticsTests {
  @Test("Ranks compare as SciPy's mannwhitneyu does, ties heeded")
  func ranks() {
    let found = MannWhitney([1, 2, 2, 3, 5.5], [0.5, 2, 4, 2, 1, 1])
    #expect(abs(found.probability.value - 21.0 / 30) < 1e-12)
    // mannwhitneyu(a, b, alternative="greater", method="asymptotic", use_continuity=False).
    #expect(abs(found.oneSidedPValue - 0.128805203454682) < 1e-12)
    let mirrored = MannWhitney([0.5, 2, 4, 2, 1, 1], [1, 2, 2, 3, 5.5])
    #expect(abs(mirrored.probability.value - 9.0 / 30) < 1e-12 && abs(mirrored.z + found.z) < 1e-12)
    #expect(MannWhitney([3, 3], [3, 3, 3]).z == 0, "Where all are equal nothing is said.")
  }

  @Test("A rank comparison's z of draws alike is about N(0, 1), and DeLong's error is the area's deviation")
  func nullDistribution() {
    let noise = Noise(seed: 1)
    let repetitions = 1000
    var (zs, areas, errors) = ([Double](), [Double](), [Double]())
    for _ in 0..<repetitions {
      zs.append(MannWhitney(noise.normal([30]).doubles, noise.normal([50]).doubles).z)
      let apart = MannWhitney((noise.normal([30]) + 1).doubles, (noise.normal([50]) * 2).doubles)
      areas.append(apart.probability.value)
      errors.append(apart.probability.error)
    }
    let squares = Estimate(zs.map { $0 * $0 })
    #expect(Estimate(zs).agrees(with: 0) && squares.agrees(with: 1), "\(squares.mean) ± \(squares.error)")
    let deviation = Estimate(areas).error * Double(repetitions).squareRoot()
    let mean = errors.reduce(0, +) / Double(repetitions)
    // A deviation of 1000 draws is known to 2 %, DeLong's is unbiased in its square only.
    #expect(abs(mean / deviation - 1) < 0.08, "\(mean) and \(deviation)")
  }

  @Test("The distance from uniform and its probability are SciPy's")
  func uniformity() {
    #expect(abs(Uniformity.distance([0.9, 0.1, 0.35]) - (2.0 / 3 - 0.35)) < 1e-12)
    // kstwo.sf(0.2, 50) is 0.03144; Stephens' approximation is good to a few percent of it.
    #expect(abs(Uniformity.pValue(distance: 0.2, count: 50) - 0.03144) < 0.0015)
    #expect(Uniformity.pValue(distance: 0, count: 50) == 1)
    let noise = Noise(seed: 2)
    let rejected = (0..<1000).count { _ in
      Uniformity.pValue(distance: Uniformity.distance(noise.uniform([200]).doubles), count: 200) < 0.05
    }
    // Binomial(1000, 0.05): 50 ± 6.9.
    #expect((25...75).contains(rejected), "\(rejected) of 1000")
  }

  @Test("Holm rejects by steps, and stops at the first that is not rejected")
  func holm() {
    #expect(Uniformity.rejected([0.04, 0.01, 0.03, 0.005], level: 0.05) == [false, true, false, true])
    #expect(Uniformity.rejected([0.02, 0.02, 0.02], level: 0.05) == [false, false, false])
  }

  @Test("Nearest rows are those that a search of all pairs finds, across blocks, and equal rows have distance 0")
  func nearest() {
    let noise = Noise(seed: 3)
    let reference = noise.normal([4500, 7]) * 3 + 50
    let queries = Tensor.concatenate([noise.normal([1100, 7]) * 3 + 50, reference[4200..<4203]])
    let found = NearestRows(of: queries, among: ReferenceRows(reference))
    let (rows, points) = (reference.doubles, queries.doubles)
    for query in [0, 1, 500, 1023, 1024, 1099, 1100, 1102] {
      let distances = (0..<4500).map { row in
        (0..<7).reduce(0) { $0 + pow(points[query * 7 + $1] - rows[row * 7 + $1], 2) }.squareRoot()
      }
      let least = distances.min() ?? .nan
      // In single precision a row that is as near to seven digits may be taken.
      #expect(abs(distances[found.indices[query]] - least) < 1e-4 && abs(found.distances[query] - least) < 1e-4)
    }
    #expect(Array(found.indices.suffix(3)) == [4200, 4201, 4202])
    #expect(Array(found.distances.suffix(3)) == [0, 0, 0])
  }

  @Test("Quantiles lie between neighbours as NumPy's do, in any order, and infinite ones are themselves")
  func quantiles() {
    // numpy.quantile([3, 1, 4, 1, 5, 9], [0, 0.1, 0.25, 0.5, 0.9, 1]).
    for (share, value) in [(0, 1), (0.1, 1), (0.25, 1.5), (0.5, 3.5), (0.9, 7), (1, 9)] {
      #expect(abs([3, 1, 4, 1, 5, 9].quantile(share) - value) < 1e-12, "\(share)")
    }
    #expect([2.0].quantile(0.3) == 2 && [Double]().median.isNaN && [7, 1, 3].median == 3)
    #expect([1, .infinity, .infinity].median == .infinity && [1, 2, .infinity].median == 2)
  }

  @Test("Means, deviations, quantiles and correlations are as far apart as their errors say, also of skewed columns")
  func statistics() {
    let noise = Noise(seed: 4)
    var (means, deviations, quantiles, correlations) = ([Double](), [Double](), [Double](), [Double]())
    func rows(_ count: Int) -> Tensor {
      let shared = -noise.uniform([count, 1]).logarithm()
      return .concatenate(
        [shared + noise.normal([count, 1]) * 0.5, shared * -2 + noise.normal([count, 1])], along: 1)
    }
    for _ in 0..<300 {
      let found = MarginalStatistics(rows: rows(400), samples: rows(700), names: ["a", "b"])
      means.append(found.columns[0].mean.z)
      deviations.append(found.columns[1].deviation.z)
      quantiles.append(found.columns[0].quantiles[3].z)
      // Rarely a column's tail is so long that its errors are not trusted.
      if let pair = found.correlations?.worst.first { correlations.append(pair.correlation.z) }
    }
    #expect(correlations.count > 280)
    for (name, zs) in [
      ("mean", means), ("deviation", deviations), ("quantile", quantiles), ("correlation", correlations),
    ] {
      let squares = Estimate(zs.map { $0 * $0 })
      // Errors are estimates of some hundred rows with long tails: z² is above 1 by up to a few tenths.
      #expect(abs(squares.mean - 1) < 0.35, "\(name): \(squares.mean) ± \(squares.error)")
      #expect(Estimate(zs).agrees(with: 0), "\(name)")
    }
  }

  @Test("A column of which hardly any value varies is not judged by errors that do not hold for it")
  func sparse() {
    let noise = Noise(seed: 5)
    let ones = Tensor((0..<400).map { $0 < 5 ? 1.0 : 0 }).to(type: .float32).unsqueezed(at: 1)
    let rows = Tensor.concatenate([ones, noise.normal([400, 1]), noise.normal([400, 1])], along: 1)
    let found = MarginalStatistics(rows: rows, samples: rows, names: ["rare", "a", "b"])
    #expect(found.varyingColumns == ["a", "b"])
    #expect(found.correlations?.pairs == 1 && found.meansApart == 0)
  }
}
