import Foundation
import Latent
import Testing
import Torch

/// Ranks of rows among draws: uniform where both are alike, and as far from uniform as they should be where not.
@Suite struct CalibrationTests {
  private static func judged(_ rows: Tensor, _ draws: Tensor, _ noise: Noise) -> Calibration {
    Calibration(
      Calibration.transforms(of: rows, among: draws, using: noise), conditioning: .prior, draws: draws.extent(0),
      names: (1...rows.extent(1)).map { "\($0)" })
  }

  @Test("The transform is the rank among the draws, and chance decides among equal ones")
  func transform() {
    let noise = Noise(seed: 1)
    let draws = Tensor([Float](arrayLiteral: 1, 2, 2, 2, 5, 6, 7, 8, 9), shape: [9, 1])
    let rows = Tensor([Float](repeating: 2, count: 500) + [0, 10], shape: [502, 1])
    let u = Calibration.transforms(of: rows, among: draws, using: noise).doubles
    // One draw is below, three are equal: between 1/10 and 5/10.
    #expect(u[..<500].allSatisfy { (0.1...0.5).contains($0) } && (u[..<500].max() ?? 0) > 0.48)
    #expect((0...0.1).contains(u[500]) && (0.9...1).contains(u[501]))
  }

  @Test(
    "Rows like the draws are calibrated, of continuous, binary and levelled values: intervals hold what they say",
    arguments: [0, 1, 2])
  func calibrated(kind: Int) {
    func rows(_ count: Int, _ noise: Noise) -> Tensor {
      switch kind {
      case 0: noise.normal([count, 5])
      case 1: noise.bernoulli(.full([count, 5], 0.3))
      default: (noise.uniform([count, 5]).squared() * 4).floor()
      }
    }
    var (halves, mosts, families) = ([Double](), [Double](), 0)
    for seed in 0..<200 {
      let noise = Noise(seed: UInt64(seed), stream: "kind", index: kind)
      let found = Self.judged(rows(80, noise), rows(120, noise), noise)
      halves.append((found.half.value - 0.5) / found.half.error)
      mosts.append((found.most.value - 0.9) / found.most.error)
      families += found.rejectedColumns > 0 ? 1 : 0
      if seed == 0 { #expect(abs(found.histogram.reduce(0, +) - 1) < 1e-9 && found.rows == 80 && found.draws == 120) }
    }
    for zs in [halves, mosts] {
      let squares = Estimate(zs.map { $0 * $0 })
      #expect(abs(Estimate(zs).mean) < 0.3 && abs(squares.mean - 1) < 0.45, "\(Estimate(zs)), \(squares)")
    }
    // 5 % for all columns together: 10 ± 3 of 200.
    #expect(families <= 22, "\(families) of 200")
  }

  @Test("Draws that vary too little, too much or elsewhere are found")
  func faults() {
    let noise = Noise(seed: 3)
    let rows = noise.normal([600, 4])
    let scales = Tensor([Float](arrayLiteral: 1, 0.5, 2, 1), shape: [4])
    let shifts = Tensor([Float](arrayLiteral: 0, 0, 0, -0.5), shape: [4])
    let found = Self.judged(rows, noise.normal([800, 4]) * scales + shifts, noise)
    #expect(found.columns.map(\.isRejected) == [false, true, true, true])
    #expect(found.columns[1].half.value < 0.4 && found.columns[2].half.value > 0.6)
    #expect(found.columns[3].shift > 0.1, "Values are greater than draws.")
    #expect(found.rejectedColumns == 3 && found.worst.last?.name == "1")
  }

  @Test("A binary column with the wrong frequency is found")
  func binary() {
    let noise = Noise(seed: 4)
    let found = Self.judged(
      noise.bernoulli(.full([600, 2], 0.3)),
      noise.bernoulli(Tensor([Float](arrayLiteral: 0.3, 0.5), shape: [1, 2]).expanded([800, 2])),
      noise)
    #expect(found.columns.map(\.isRejected) == [false, true])
    // The cumulative shares differ by the frequencies' difference, of 600 rows and 800 draws.
    #expect(abs(found.columns[1].distance - 0.2) < 0.1)
  }
}
