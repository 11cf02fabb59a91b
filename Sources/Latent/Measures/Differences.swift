/// Runs against one of them, row by row on the same rows.
public struct Differences: Codable, Sendable {
  /// One run against the reference.
  public struct Entry: Codable, Sendable {
    /// The run's folder.
    public var run: String
    /// −log p(x) of the run less that of the reference: below 0 where the run is better.
    public var negativeLogLikelihood: PairedDifference
    /// −ELBO of the run less that of the reference.
    public var negativeELBO: PairedDifference
  }

  /// The run that the others are set against.
  public var reference: String
  /// What the numbers are.
  public var measure: LikelihoodMeasure
  /// Whether the runs scale the data differently, so that the densities had to be brought to the data's own units.
  public var isRescaled: Bool
  /// All but the reference, in the order in which they were given.
  public var entries: [Entry]

  /// Which run the others are set against.
  public enum Reference: String, NamedValue {
    /// The one that was given first.
    case first
    /// The one with the least −log p(x).
    case best
  }

  /// Compares.
  ///
  /// - Parameter scores: Of the same rows for every run, in the same units.
  init(of runs: [String], scores: [RowScores], against reference: Reference, by comparability: Comparability) {
    func total(_ index: Int) -> Double { scores[index].negativeLogLikelihood.reduce(0, +) }
    let place = reference == .first ? 0 : runs.indices.min { total($0) < total($1) } ?? 0
    self.reference = runs[place]
    measure = comparability.measure
    isRescaled = comparability.isRescaled
    entries = runs.indices.filter { $0 != place }.map {
      Entry(
        run: runs[$0],
        negativeLogLikelihood: PairedDifference(
          scores[$0].negativeLogLikelihood, less: scores[place].negativeLogLikelihood),
        negativeELBO: PairedDifference(scores[$0].negativeELBO, less: scores[place].negativeELBO))
    }
  }
}

extension PairedDifference {
  /// What a difference of −log p(x), or of −ELBO, says: `better`, `worse`, or that it is within noise.
  public var verdict: String { isWithinNoise ? "within noise" : mean < 0 ? "better" : "worse" }
}
