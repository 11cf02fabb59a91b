import Foundation
import Latent
import Testing
import Torch

/// Copies of training rows are found, and nothing else is taken for copies.
@Suite struct MemorizationTests {
  /// Rows of a mixture whose groups are far apart, so that nearest rows are spread unevenly.
  private static func rows(_ count: Int, _ noise: Noise) -> Tensor {
    let groups = noise.categories(Tensor.ones([1, 3]), count: count).reshaped([count, 1]).to(type: .float32)
    return noise.normal([count, 6]) + groups * 4
  }

  private static func found(_ samples: Tensor, _ training: Tensor, _ heldOut: Tensor) -> Memorization {
    Memorization(
      of: samples, training: ReferenceRows(training), heldOut: ReferenceRows(heldOut), compared: 200, shown: 5)
  }

  @Test(
    "Samples of the same distribution are no copies: z is about N(0, 1) and nothing is flagged, whatever the shares")
  func healthy() {
    var (leaning, copied, flags) = ([Double](), [Double](), 0)
    for seed in 0..<200 {
      let noise = Noise(seed: UInt64(seed))
      let result = Self.found(Self.rows(200, noise), Self.rows(300, noise), Self.rows(seed % 2 == 0 ? 100 : 40, noise))
      leaning.append(result.leaning.part.value / result.leaning.part.error)
      if result.copied.part.error > 0 { copied.append(result.copied.part.value / result.copied.part.error) }
      flags += result.isCopying ? 1 : 0
    }
    for zs in [leaning, copied] {
      let squares = Estimate(zs.map { $0 * $0 })
      #expect(Estimate(zs).agrees(with: 0) && abs(squares.mean - 1) < 0.4, "\(Estimate(zs)), \(squares)")
    }
    // At a level of 1 %.
    #expect(flags <= 6, "\(flags) of 200")
  }

  @Test(
    "A model that hands out training rows with a little noise is flagged, and so is one that does it every third time",
    arguments: [1.0, 0.33])
  func copies(part: Double) {
    let noise = Noise(seed: 7)
    let (training, heldOut) = (Self.rows(400, noise), Self.rows(100, noise))
    let count = Int(600 * part)
    let copies =
      training.rows(noise.categories(Tensor.ones([1, 400]), count: count).reshaped([count])) + noise.normal([count, 6])
      * 0.1
    let samples = count < 600 ? Tensor.concatenate([copies, Self.rows(600 - count, noise)]) : copies
    let result = Self.found(samples, training, heldOut)
    #expect(result.isCopying)
    // Some of the copies' noise makes them nearest to other rows by chance.
    #expect(abs(result.copied.part.value - part) < 4 * result.copied.part.error + 0.05, "\(result.copied.part)")
    #expect(result.closest.allSatisfy { $0.sample < count && $0.distance < $0.heldOutDistance })
    #expect((result.medianRatio.value < 0.5) == (part == 1))
  }

  @Test("Samples that are only smoother than rows are nearer to them, and not flagged")
  func smooth() {
    let noise = Noise(seed: 8)
    let (training, heldOut) = (Self.rows(400, noise), Self.rows(200, noise))
    let result = Self.found(noise.normal([400, 6]) * 0.3, training, heldOut)
    #expect(result.medianRatio.value < 0.8 && result.nearer.z > 5, "\(result.medianRatio)")
    #expect(!result.isCopying, "\(result.copied)")
  }

  @Test("Rows that are there twice are counted, and a tie goes to both sides")
  func duplicates() {
    let noise = Noise(seed: 9)
    let rows = Self.rows(100, noise)
    let result = Self.found(rows, rows, rows)
    #expect(result.sampleDistances.copies == 100 && result.heldOutDistances.copies == 100)
    #expect(result.leaning.nearTraining == 50 && result.copied.samples == 100)
    #expect(result.leaning.part.value == 0 && !result.isCopying)
    #expect(result.medianRatio.value.isNaN, "Both medians are 0.")
  }
}
