import Foundation
import Latent
import Testing
import Torch

/// Classifiers tell what is different, and nothing else.
@Suite struct TwoSampleTestTests {
  private static func rows(_ count: Int, _ noise: Noise) -> Tensor {
    let shared = noise.normal([count, 1])
    return .concatenate([shared + noise.normal([count, 1]) * 0.4, shared - noise.normal([count, 1]) * 0.4], along: 1)
  }

  private static func test(
    seed: Int, classifiers: Int = 1, heldOut count: Int = 60, seen: Int = 3000, samples: (Int, Noise) -> Tensor = rows
  ) throws -> TwoSampleTest {
    var settings = TwoSampleTest.Settings()
    (settings.classifiers, settings.seen) = (classifiers, seen)
    let noise = Noise(seed: UInt64(seed), stream: "real")
    return try TwoSampleTest(
      real: rows(150, noise), heldOut: rows(count, noise), shape: [2], settings: settings, seed: UInt64(seed),
      samples: samples)
  }

  @Test("Real rows are told from real rows in 5 % of all cases, by one classifier; by three together not more often")
  func level() throws {
    let found = try (0..<120).map { try Self.test(seed: $0) }
    let rejected = found.count(where: \.isTold)
    // Binomial(120, 0.05): 6 ± 2.4.
    #expect(rejected <= 14, "\(rejected) of 120")
    let zs = Estimate(found.map { ($0.trials[0].area.value - 0.5) / $0.trials[0].nullDeviation })
    #expect(zs.agrees(with: 0), "\(zs)")
    let together = try (0..<30).map { try Self.test(seed: $0, classifiers: 3) }
    #expect(together.count(where: \.isTold) <= 5)
  }

  @Test("Rows without the dependence of the columns are told from real ones, though each column is right")
  func dependence() throws {
    let found = try Self.test(seed: 1, classifiers: 3, heldOut: 150, seen: 30_000) { count, noise in
      let (a, b) = (Self.rows(count, noise), Self.rows(count, noise))
      let columns = [a.narrowed(along: 1, from: 0, count: 1), b.narrowed(along: 1, from: 1, count: 1)]
      return .concatenate(columns, along: 1)
    }
    #expect(found.isTold && found.meanArea > 0.55, "\(found.trials.map(\.area))")
    #expect(found.trainingRows == 150 && found.testRows == 150 && found.trials.count == 3)
    #expect(Set(found.trials.map(\.area.value)).count == 3, "Each classifier is one of its own.")
  }

  @Test("Several p values are brought together as Rüger does: K / k times the k-th smallest, k = ⌈K / 2⌉")
  func together() {
    func trials(_ shifts: [Double]) -> [TwoSampleTest.Trial] {
      shifts.map { shift in
        .init(rows: (0..<40).map(Double.init), samples: (0..<40).map { Double($0) + shift })
      }
    }
    for shifts in [[5.0], [5, 2], [9, 0, 5], [1, 2, 3, 4, 5]] {
      let found = TwoSampleTest(network: "mlp", trainingRows: 1, testRows: 40, trials: trials(shifts))
      let sorted = found.trials.map(\.pValue).sorted()
      let rank = (shifts.count + 1) / 2
      #expect(found.pValue == min(1, Double(shifts.count) / Double(rank) * sorted[rank - 1]))
    }
    let single = TwoSampleTest(network: "mlp", trainingRows: 1, testRows: 40, trials: trials([5]))
    #expect(single.pValue == single.trials[0].pValue && single.trials[0].accuracyDeviation == 0.5 / 80.0.squareRoot())
  }
}
