import Foundation
import Latent
import Testing
import Torch

/// Whether a stated error is what it says: intervals of two standard errors hold the exact −log p(x) in 95 % of all repetitions.
///
/// The share of 400 repetitions has an error of 1.1 %; the range is 95 ± 2 %. The seeds are fixed.
@Suite struct LikelihoodCoverageTests {
  private static let repetitions = 400

  /// A model with an encoder that is good and not exact, which is judged again and again.
  struct Case: Sendable {
    let data: String
    let latents: Int
    let samples: Int
    let miss: KnownGaussian.Miss
    /// Of the first repetition: what a miss by deviations makes of the draws does not depend on the model.
    let firstSeed: UInt64
  }

  private static let tables = [
    Case(
      data: "tabular/iris.csv", latents: 1, samples: 40, miss: .init(shift: 0.4, spread: 0.3), firstSeed: 1000),
    Case(
      data: "tabular/wine.csv", latents: 5, samples: 80, miss: .init(shift: 0.2, spread: 0.25), firstSeed: 2000),
  ]
  private static let digits = Case(
    data: "digits", latents: 10, samples: 100, miss: .init(shift: 0.1, spread: 0.2), firstSeed: 3000)
  private static let random = Case(
    data: "random", latents: 2, samples: 60, miss: .init(shift: 0.3, spread: 0.25), firstSeed: 0)

  /// - Parameter repetition: From its seed to a model and the rows to judge.
  private func expectCoverage(_ known: Case, _ repetition: (UInt64) throws -> (TrainedModel, KnownGaussian)) throws {
    Engine.threads = 1
    var (covered, errors) = (0, 0.0)
    for seed in known.firstSeed..<known.firstSeed + UInt64(Self.repetitions) {
      let (trained, model) = try repetition(seed)
      let found = try Evaluation.estimate(of: trained, on: model.dataset, samples: known.samples, seed: seed)
      let exact = -model.exact.logLikelihood(of: model.dataset.values).mean().item
      // Parameters of the VAE are in single precision.
      #expect(abs((found.exactLogLikelihood ?? 0) + exact) < 1e-4)
      let corrected = try #require(found.correctedNegativeLogLikelihood)
      if abs(corrected - exact) <= 2 * found.standardError { covered += 1 }
      errors += found.standardError
    }
    let share = Double(covered) / Double(Self.repetitions)
    #expect((0.93...0.97).contains(share), "\(covered) of \(Self.repetitions)")
    #expect(errors / Double(Self.repetitions) > 1e-3, "the errors should be far above rounding")
  }

  @Test func `two errors hold the exact −log p(x) of random linear models in 95 % of repetitions`() throws {
    try expectCoverage(Self.random) { seed in
      let known = KnownGaussian(dimensions: 5, latents: Self.random.latents, rows: 40, seed: seed)
      return (try known.model(Self.random.miss), known)
    }
  }

  @Test(
    .enabled(if: DataOnDisk.has("tabular/iris.csv") && DataOnDisk.has("tabular/wine.csv"), "\(DataOnDisk.reason)"),
    arguments: tables)
  func `two errors hold the exact −log p(x) of PPCA of a table in 95 % of repetitions`(known: Case) throws {
    try expectCoverage(ofPrincipalComponents: known)
  }

  @Test func `two errors hold the exact −log p(x) of PPCA of the digits in 95 % of repetitions`() throws {
    try expectCoverage(ofPrincipalComponents: Self.digits)
  }

  private func expectCoverage(ofPrincipalComponents known: Case) throws {
    let model = try KnownGaussian(
      principalComponentsOf: LinearAncestorTests.rows(known.data), latents: known.latents, judging: 40)
    let trained = try model.model(known.miss)
    try expectCoverage(known) { _ in (trained, model) }
  }

  /// The logarithm of a mean is too low by half the variance of that mean: of few draws that is more than the error of many rows.
  @Test func `less its bias −log p(x) is nearer to the exact one`() throws {
    let known = KnownGaussian(dimensions: 5, latents: 2, rows: 300, seed: 1)
    let trained = try known.model(.init(shift: 0.5, spread: 0.5))
    let exact = -known.exact.logLikelihood(of: known.dataset.values).mean().item
    let found = try (0..<40).map {
      try Evaluation.estimate(of: trained, on: known.dataset, samples: 10, seed: $0)
    }
    let plain = Estimate(found.map { $0.negativeLogLikelihood - exact })
    let corrected = Estimate(found.map { ($0.correctedNegativeLogLikelihood ?? .nan) - exact })
    #expect(plain.mean > 10 * plain.error, "\(plain)")
    #expect(abs(corrected.mean) < plain.mean / 3, "\(corrected) after \(plain)")
  }

  @Test(arguments: [KnownGaussian.Miss(shift: 0.4), .init(spread: 0.6), .init(shift: 0.3, spread: -0.3)])
  func `the gap is the divergence in closed form within its error`(miss: KnownGaussian.Miss) throws {
    let known = KnownGaussian(dimensions: 6, latents: 3, rows: 60, seed: 3)
    let found = try Evaluation.estimate(of: known.model(miss), on: known.dataset, samples: 4000)
    let error = try #require(found.gapError)
    #expect(error > 0 && error < 0.02)
    #expect(abs(found.gap - known.gap(miss)) < 4 * error + 1e-4, "\(found.gap) ± \(error), exactly \(known.gap(miss))")
  }

  @Test func `the gap's error is the spread over repetitions`() throws {
    let known = KnownGaussian(dimensions: 5, latents: 2, rows: 30, seed: 2)
    let trained = try known.model(.init(shift: 0.3, spread: 0.3))
    let found = try (0..<60).map { try Evaluation.estimate(of: trained, on: known.dataset, samples: 100, seed: $0) }
    let spread = Estimate(found.map(\.gap)).error * 60.0.squareRoot()
    // A deviation of 60 values has an error of 9 %; four of them.
    #expect(abs(spread / (found.reduce(0) { $0 + ($1.gapError ?? .nan) } / 60) - 1) < 0.37)
  }
}
