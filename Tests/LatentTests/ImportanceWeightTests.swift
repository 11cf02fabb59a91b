import Foundation
import Latent
import Testing
import Torch

/// What is said of the importance weights: their tail, their bound by fewer draws, and each row's own.
@Suite struct ImportanceWeightTests {
  private struct Tail: Decodable {
    let logWeights: [Double]
    let shape: Double
  }

  @Test func `shapes of tails have their reference values`() throws {
    for known in try Reference.read("pareto", as: Tail.self) {
      var tail = ParetoTail(draws: known.logWeights.count)
      for weight in known.logWeights { tail.add(weight) }
      // Sums of at most 60 doubles, and weights far below 1 there.
      #expect(abs(try #require(tail.shape) - known.shape) < 1e-9, "\(tail.shape ?? .nan) is not \(known.shape)")
    }
  }

  @Test func `weights that are alike, too few or none at all have no tail`() {
    func shape(_ weights: [Double]) -> Double? {
      var tail = ParetoTail(draws: weights.count)
      for weight in weights { tail.add(weight) }
      return tail.shape
    }
    #expect(shape(Array(repeating: -3, count: 1000)) == nil)
    #expect(shape((0..<20).map(Double.init)) == nil, "20 draws have a tail of four")
    #expect(shape((0..<21).map(Double.init)) != nil)
    #expect(shape(Array(repeating: -.infinity, count: 100)) == nil)
    #expect(shape(Array(repeating: .nan, count: 100)) == nil)
  }

  @Test func `a posterior of a tenth of the variance is flagged, and a good one is not`() throws {
    let known = KnownGaussian(dimensions: 6, latents: 3, rows: 100, seed: 4)
    let bad = try Evaluation.estimate(
      of: known.model(.init(spread: -log(10))), on: known.dataset, samples: 1000)
    let tail = try #require(bad.tail)
    #expect(tail.median > 0.7 && tail.shareAbove > 0.8 && tail.rows == 100, "\(tail)")
    #expect(bad.effectiveSamples < 50 && bad.warnings.contains { $0.contains("k̂") })
    let good = try Evaluation.estimate(
      of: known.model(.init(shift: 0.2, spread: 0.2)), on: known.dataset, samples: 1000)
    let quiet = try #require(good.tail)
    #expect(quiet.median < 0.3 && quiet.shareAbove < 0.02, "\(quiet)")
    #expect(good.effectiveSamples > 500 && good.warnings.isEmpty)
  }

  @Test func `the bound rises with the draws it is by, each from the same draws, up to −log p(x)`() throws {
    let known = KnownGaussian(dimensions: 6, latents: 3, rows: 50, seed: 5)
    let found = try Evaluation.estimate(
      of: known.model(.init(shift: 0.5, spread: 0.5)), on: known.dataset, samples: 2500)
    let bounds = try #require(found.bounds)
    #expect(bounds.map(\.samples) == [1, 10, 100, 1000, 2500] && bounds.map(\.groups) == [2500, 250, 25, 2, 1])
    #expect(bounds.map(\.value) == bounds.map(\.value).sorted(by: >))
    #expect(bounds[0].value == found.negativeELBO && bounds[0].error == found.negativeELBOError)
    #expect(bounds[4].value == found.negativeLogLikelihood && bounds[4].error == found.standardError)
    #expect(bounds.allSatisfy { $0.error > 0 })
    // Of 10 fresh draws it is the same number.
    let few = try Evaluation.estimate(
      of: known.model(.init(shift: 0.5, spread: 0.5)), on: known.dataset, samples: 10, seed: 1)
    #expect(abs(few.negativeLogLikelihood - bounds[1].value) < 4 * (few.standardError + bounds[1].error))
    #expect(
      try Evaluation.estimate(of: known.model(), on: known.dataset, samples: 10).bounds?.map(\.samples) == [1, 10])
    #expect(try Evaluation.estimate(of: known.model(), on: known.dataset, samples: 2).bounds?.map(\.samples) == [1, 2])
  }

  @Test func `the errors of bounds by fewer draws are their spread over repetitions`() throws {
    let known = KnownGaussian(dimensions: 5, latents: 2, rows: 20, seed: 6)
    let trained = try known.model(.init(shift: 0.4, spread: 0.4))
    let found = try (0..<60).map { try Evaluation.estimate(of: trained, on: known.dataset, samples: 250, seed: $0) }
    for level in 1...2 {
      let bounds = try found.map { try #require($0.bounds)[level] }
      let spread = Estimate(bounds.map(\.value)).error * 60.0.squareRoot()
      // A deviation of 60 values has an error of 9 %; four of them.
      #expect(abs(spread / (bounds.reduce(0) { $0 + $1.error } / 60) - 1) < 0.37, "by \(bounds[0].samples)")
    }
  }

  @Test func `measures of rows have the overall ones as their means, and are written as a table`() throws {
    let known = KnownGaussian(dimensions: 5, latents: 2, rows: 700, seed: 7)
    let trained = try known.model(.init(shift: 0.4, spread: 0.4))
    let (found, rows) = try Evaluation.byRows(of: trained, on: known.dataset, samples: 40)
    #expect(rows.count == 700 && found.rowsAsked == nil)
    func mean(_ value: (RowEvaluation) -> Double) -> Double { rows.reduce(0) { $0 + value($1) } / 700 }
    // Sums in double precision.
    #expect(abs(mean(\.negativeELBO) - found.negativeELBO) < 1e-12)
    #expect(abs(mean(\.reconstruction) - found.reconstruction) < 1e-12)
    #expect(abs(mean(\.negativeLogLikelihood) - found.negativeLogLikelihood) < 1e-12)
    #expect(abs((mean { $0.standardError * $0.standardError } / 700).squareRoot() - found.standardError) < 1e-12)
    let effective = rows.map(\.effectiveSamples).sorted()
    #expect(abs((effective[349] + effective[350]) / 2 - found.effectiveSamples) < 1e-12, "the median of an even number")
    let folder = try ScratchFolder()
    defer { folder.remove() }
    try RowEvaluation.write(rows, to: "\(folder.path)/rows.csv")
    let lines = try String(contentsOfFile: "\(folder.path)/rows.csv", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 701 && lines[0] == RowEvaluation.columns.joined(separator: ",")[...])
    let cells = lines[3].split(separator: ",").map { Double($0) }
    #expect(cells[0] == 2 && cells[1] == rows[2].negativeELBO && cells[8] == rows[2].paretoShape)
  }

  @Test func `judging that is stopped tells the rows that were done, and of how many`() throws {
    let known = KnownGaussian(dimensions: 5, latents: 2, rows: 1200, seed: 8)
    let trained = try known.model(.init(shift: 0.4))
    var done = 0.0
    let (found, rows) = try Evaluation.byRows(
      of: trained, on: known.dataset, samples: 5, progress: { done = $0 }, isStopped: { done > 0.5 })
    #expect(found.rows == 1000 && rows.count == 1000 && found.rowsAsked == 1200 && found.divergenceSplit == nil)
    #expect(found.warnings.first?.contains("first 1000 of 1200 rows") == true)
    let all = try Evaluation.byRows(of: trained, on: known.dataset, samples: 5)
    #expect(Array(all.rows.prefix(1000)) == rows)
    #expect(
      refusal { _ = try Evaluation.estimate(of: trained, on: known.dataset, samples: 5, isStopped: { true }) }?
        .contains(
          "before any row") == true)
  }
}
