internal import Latent
internal import Torch

/// −log p(x) of the shown rows, as far as it is known.
struct RowScoring: Sendable {
  /// K.
  let samples: Int
  private(set) var values: [Double]
  private(set) var errors: [Double]
  private(set) var done = 0

  init(rows: Int, samples: Int) {
    self.samples = samples
    values = Array(repeating: .nan, count: rows)
    errors = values
  }

  mutating func add(_ found: [RowEvaluation]) {
    for row in found {
      (values[done], errors[done]) = (row.negativeLogLikelihood, row.standardError)
      done += 1
    }
  }

  /// Leaves rows out of which it cannot be known.
  mutating func skip(_ rows: Int) { done += rows }

  var isWhole: Bool { done >= values.count }

  var answer: Answer {
    Answer([
      "done": done, "total": values.count, "samples": samples, "negativeLogLikelihoodF32": packed(values),
      "standardErrorF32": packed(errors),
    ])
  }
}

extension ExploredModel {
  /// Draws of each row when all are scored.
  private static let samples = 100

  /// What is known of the scores, and whether this is the first time that they are asked for.
  func scores() throws -> (answer: Answer, isFirst: Bool) {
    if let scoring { return (scoring.answer, false) }
    try demandDensity()
    let rows = try demandRows()
    let fresh = RowScoring(rows: rows.count, samples: Self.samples)
    scoring = fresh
    return (fresh.answer, true)
  }

  /// Scores some more rows.
  ///
  /// - Returns: Whether all are scored.
  func advanceScores() throws -> Bool {
    guard var scoring, !scoring.isWhole else { return true }
    let rows = try demandRows()
    let range = scoring.done..<min(scoring.done + max(1, portion / (4 * scoring.samples)), rows.count)
    share(rows: range.count * scoring.samples)
    do {
      scoring.add(
        try trained.evaluations(
          of: rows.prepared.rows(Array(range)), samples: scoring.samples,
          using: noise("scores", seed: 0, index: range.lowerBound)
        ).rows)
    } catch {
      note("−log p(x) of some rows is not shown: \(error)")
      scoring.skip(range.count)
    }
    self.scoring = scoring
    return scoring.isWhole
  }

  /// Refuses models whose posterior has no density.
  func demandDensity() throws {
    guard !isPoint else {
      throw ExplorerError(
        .conflict, "this model's posterior is a point without a density, so −log p(x) is not defined for it.")
    }
  }

  /// Whether the posterior is a point.
  var isPoint: Bool { (try? trained.configuration.model.posterior.member().hasDensity) == false }
}
