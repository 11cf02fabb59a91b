import Foundation
import Latent
import Testing
import Torch

@Suite("Recognized samples")
struct RecognitionTests {
  @Test("A share says how much is recognized, as how many classes, and how sure that is")
  func share() {
    let even = Recognition.Share(of: "even", counts: [200, 200, 200, 200], confident: 1000, rows: 1000)
    #expect(even.recognized == 0.8 && even.commonClasses == 4)
    #expect(abs(even.effectiveClasses - 4) < 1e-12)
    // √(0.8 · 0.2 / 1000); four made-up rows change it by less than a hundredth.
    #expect(abs(even.error - 0.016).magnitude < 0.01 * 0.8 && abs(even.error / 0.012649 - 1) < 0.01)
    let same = Recognition.Share(of: "same", counts: [0, 1000, 0, 0], confident: 1000, rows: 1000)
    #expect(same.recognized == 1 && same.effectiveClasses == 1 && same.commonClasses == 1)
    let none = Recognition.Share(of: "none", counts: [0, 0, 0, 0], confident: 1000, rows: 1000)
    #expect(none.recognized == 0 && none.effectiveClasses == 0 && none.commonClasses == 0)
    for share in [same, none] { #expect(share.error > 0 && share.error < 0.002, "All or none is still an estimate.") }
    let rare = Recognition.Share(of: "rare", counts: [991, 9, 0, 0], confident: 1000, rows: 1000)
    #expect(rare.commonClasses == 1 && rare.effectiveClasses > 1 && rare.effectiveClasses < 1.1)
  }

  /// Rows of twelve elements that all have the number of their class, 1, 2 or 4; ten times as many of the first class.
  private static func rows() -> (values: Tensor, labels: [Int32]) {
    let numbers: [Float] = [1, 2, 4]
    let labels: [Int32] = (0..<120).map { (row: Int) -> Int32 in row < 100 ? 0 : row < 110 ? 1 : 2 }
    let values: [Float] = labels.flatMap { (label: Int32) -> [Float] in
      [Float](repeating: numbers[Int(label)], count: 12)
    }
    return (Tensor(values, shape: [120, 12]), labels)
  }

  @Test("Blends and splices are of rows of different classes, also where one class is common")
  func pairs() {
    let noise = Noise(seed: 1)
    let (rows, labels) = Self.rows()
    let blends = Nonsense.blends.make(200, from: rows, labels: labels, using: noise)
    #expect(blends.shape == [200, 12])
    // No nearer to either of two numbers than a third of the way to the other.
    let between: [ClosedRange<Double>] = [(1.0, 2.0), (2.0, 4.0), (1.0, 4.0)].map { pair in
      let third = (pair.1 - pair.0) / 3
      return (pair.0 + third - 1e-5)...(pair.1 - third + 1e-5)
    }
    for row in 0..<200 {
      let values: [Double] = blends[row].doubles
      #expect(Set(values).count == 1, "All elements have one weight.")
      let value = values[0]
      #expect(between.contains { $0.contains(value) })
    }
    let splices = Nonsense.splices.make(200, from: rows, labels: labels, using: noise)
    for row in 0..<200 {
      let values: [Double] = splices[row].doubles
      let places: [Int] = (1..<12).filter { values[$0] != values[$0 - 1] }
      #expect(places.count == 1 && (4...8).contains(places[0]), "One cut in the middle third: \(values).")
    }
  }

  @Test("Noise has every element's own distribution, and averages lie near the mean")
  func others() {
    // The first column is 0, the others are all 0 or all 1.
    let numbers: [Float] = (0..<1000).flatMap { (row: Int) -> [Float] in
      let value = Float(row % 2)
      return [0, value, value, value]
    }
    let columns = Tensor(numbers, shape: [1000, 4])
    let labels = [Int32](repeating: 0, count: 1000)
    let noise = Nonsense.noise.make(2000, from: columns, labels: labels, using: Noise(seed: 2))
    #expect(noise.mean(over: 0)[0].item == 0, "What never varies does not here.")
    // 2000 draws of 0 or 1 alike have a standard error of 0.011.
    #expect(abs(noise.mean(over: 0)[1].item - 0.5) < 0.05)
    let together = (noise.selected(along: 1, 1) * noise.selected(along: 1, 2)).mean().item
    #expect(abs(together - 0.25) < 0.05, "Elements that were always the same no longer go together.")
    let averages = Nonsense.averages.make(500, from: columns, labels: labels, using: Noise(seed: 3))
    // The variance of a mean of ten.
    #expect(abs(averages.selected(along: 1, 1).variance(over: 0).item - 0.025) < 0.006)
  }

  @Test("A plain classifier is sure about noise; one that was shown nonsense is not, and still knows digits")
  func taught() throws {
    let digits = try DataSource.load(DataConfiguration()).training
    // The digits stand in the order of their writers.
    let numbers = Array(0..<digits.count)
    let (training, held) = (
      digits.rows(numbers.filter { $0 % 5 > 0 }), digits.rows(numbers.filter { $0 % 5 == 0 })
    )
    let values = held.values.to(type: .float32)
    func sure(_ recognizer: Recognizer, about rows: Tensor) -> Double {
      let classes = recognizer.probabilities(of: rows)
      return (classes.maximum(over: 1) .>= 0.9).to(type: .float64).mean().item
    }
    var settings = Recognizer.Settings()
    settings.seen = 100_000
    let taught = try Recognizer(of: training, settings: settings, using: Noise(seed: 1), on: .cpu)
    settings.nonsense = []
    let plain = try Recognizer(of: training, settings: settings, using: Noise(seed: 1), on: .cpu)
    #expect(taught.trainingRows == training.count)
    let noise = Nonsense.noise.make(400, from: values, labels: held.labels ?? [], using: Noise(seed: 2))
    #expect(sure(plain, about: noise) > 0.2)
    #expect(sure(taught, about: noise) < 0.05)
    #expect(sure(taught, about: values) > 0.7)
    let averages = Nonsense.averages.make(400, from: values, labels: held.labels ?? [], using: Noise(seed: 3))
    #expect(sure(taught, about: averages) < sure(plain, about: averages), "Also of a kind that it never saw.")
  }
}
