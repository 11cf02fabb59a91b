import Foundation
import Latent
import Testing
import Torch

/// Differences row by row, the choice by one standard error, and how runs share a machine.
@Suite struct PairedDifferenceTests {
  @Test(
    "Student's quantile is that of the tables",
    arguments: [(4, 2.7764, 0.02), (8, 2.3060, 1e-3), (9, 2.2622, 1e-3), (29, 2.0452, 1e-4), (179, 1.9733, 1e-4)])
  func quantile(freedom: Int, expected: Double, tolerance: Double) {
    #expect(abs(PairedDifference.quantile(freedom: freedom) - expected) < tolerance)
  }

  @Test func `the difference of four and more rows is their mean with its error`() {
    let found = PairedDifference([1, 2, 3, 4, 10], less: [0, 2, 1, 1, 4])
    // d = 1, 0, 2, 3, 6: mean 2.4, squares about it 21.2 in all.
    #expect(abs(found.mean - 2.4) < 1e-12)
    #expect(abs(found.standardError - (21.2 / 4 / 5).squareRoot()) < 1e-12)
    #expect(found.isWithinNoise && found.verdict == "within noise")
    let shifted = PairedDifference([11, 12, 13, 14, 20], less: [0, 2, 1, 1, 4])
    #expect(!shifted.isWithinNoise && shifted.verdict == "worse")
  }

  @Test func `the interval holds the true difference in 95 of 100 samples of rows`() {
    let noise = Noise(seed: 3)
    let repetitions = 2000
    let held = (0..<repetitions).count { _ in
      let rows = noise.normal([2, 12], type: .float64)
      let found = PairedDifference(
        (rows[0] + 0.3).values(as: Double.self), less: (rows[1] * 0.5).values(as: Double.self))
      return found.interval[0] <= 0.3 && 0.3 <= found.interval[1]
    }
    // Three binomial deviations of 2000 draws are 1.5 %.
    #expect(abs(Double(held) / Double(repetitions) - 0.95) < 0.015)
  }

  @Test func `the choice is the simplest within one error of the best, and the first among equals`() {
    /// Two of five rows lie s off the mean: the error is √(2 s² / 4 / 5).
    func difference(_ mean: Double, _ error: Double) -> PairedDifference {
      let s = error * 10.0.squareRoot()
      return PairedDifference([mean - s, mean + s, mean, mean, mean], less: [0, 0, 0, 0, 0])
    }
    let far = difference(3, 1)
    #expect(abs(far.standardError - 1) < 1e-12 && abs(far.mean - 3) < 1e-12)
    let near = difference(0.5, 1)
    #expect(near.mean <= near.standardError && far.mean > far.standardError)
    #expect(Sweep.choice(differences: [far, near, nil, near], parameters: [1, 5, 9, 4]) == 3)
    #expect(Sweep.choice(differences: [far, near, nil], parameters: [1, 5, 5]) == 1)
    #expect(Sweep.choice(differences: [near, nil], parameters: [9, 5]) == 1)
    #expect(Sweep.choice(differences: [nil], parameters: [9]) == 0)
    #expect(Sweep.choice(differences: [], parameters: []) == nil)
  }

  @Test func `runs share the cores, and none has more threads than there are`() {
    for (runs, cores, operations) in [(1, 4, 1e6), (1, 4, 1e9), (3, 4, 1e9), (2, 8, 1e9), (100, 4, 1e9), (100, 4, 1e6)]
    {
      let share = MachineShare(
        of: runs, cores: cores, operations: operations, bytes: 1e6, available: 1e12, threads: 0, atOnce: nil)
      #expect(share.runs == min(runs, cores) && share.runs * share.threads <= cores)
      #expect(share.threads == (operations < 1e8 ? 1 : cores / share.runs))
    }
    func share(threads: Int = 0, atOnce: Int? = nil, available: Double = 1e12) -> MachineShare {
      MachineShare(
        of: 10, cores: 4, operations: 1e6, bytes: 6e8, available: available, threads: threads, atOnce: atOnce)
    }
    #expect(share(threads: 2).runs == 2 && share(threads: 2).threads == 2)
    #expect(share(atOnce: 7).runs == 7)
    #expect(share(available: 2.6e9).runs == 2, "Memory holds two of a gigabyte.")
    #expect(share(available: 1).runs == 1)
  }

  @Test(
    "A list of values is divided at its commas, apart from those within brackets and quotes",
    arguments: [
      ("a.b=1,2,3", ["1", "2", "3"]), ("a=[1, 2],[3]", ["[1, 2]", "[3]"]),
      ("a={kind: x, y: [1,2]}, z", ["{kind: x, y: [1,2]}", "z"]), ("a='1,2',\"3,4\"", ["'1,2'", "\"3,4\""]),
    ])
  func variation(text: String, values: [String]) throws {
    #expect(try SweepVariation(text).values == values)
  }
}
