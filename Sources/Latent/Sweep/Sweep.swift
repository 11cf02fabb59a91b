/// What a sweep came to: every combination judged on the same rows, and which one to take.
public struct Sweep: Codable, Sendable {
  /// One run.
  public struct Run: Codable, Sendable {
    /// Its folder.
    public var run: String
    /// One value for each key.
    public var values: [String]
    /// The seed.
    public var seed: UInt64
    /// Why there is nothing to judge; nil where it was trained to its end.
    public var problem: String?
    /// Trained numbers.
    public var parameters: Int?
    /// Epochs done.
    public var epochs: Int?
    /// Seconds of training and validation.
    public var seconds: Double?
    /// The measures, of validation rows.
    public var evaluation: Evaluation?
  }

  /// One combination of values, over its seeds.
  public struct Point: Codable, Sendable {
    /// The values as a name.
    public var name: String
    /// One value for each key.
    public var values: [String]
    /// The runs that were trained to their end.
    public var runs: Int
    /// Trained numbers.
    public var parameters: Int
    /// −ELBO, the mean over seeds.
    public var negativeELBO: Double
    /// −log p(x), the mean over seeds.
    public var negativeLogLikelihood: Double
    /// Its standard error as a statement about all rows and seeds of which these are a sample.
    public var standardError: Double
    /// Active units, the mean over seeds.
    public var activeUnits: Double
    /// Seconds of training, the mean over seeds.
    public var seconds: Double
    /// −log p(x) less that of the best, row by row; nil for the best.
    public var difference: PairedDifference?
    /// −log p(x) of test rows and its standard error; for the best and the chosen alone, where there are test rows.
    public var test: [Double]?
  }

  /// The keys with their values.
  public var over: [SweepVariation]
  /// What the rows are of.
  public var source: String
  /// The validation rows.
  public var rows: Int
  /// The test rows.
  public var testRows: Int
  /// K, the draws a row.
  public var samples: Int
  /// Every run.
  public var runs: [Run]
  /// Every combination of which a run was trained to its end, in the order of the values.
  public var points: [Point]
  /// The name of the combination with the least −log p(x); nil where nothing was trained to its end.
  public var best: String?
  /// The name of the simplest combination within one standard error, of the paired difference, of the best.
  public var chosen: String?
  /// Whether simpler is to have fewer parameters; else, where all have as many, to stand earlier in the order of the values.
  public var isByParameters: Bool
  /// What a reader should know, each a sentence.
  public var notes: [String]
}

extension Sweep {
  /// Finds the simplest among those within one standard error of the best.
  ///
  ///     argmin over {i: d_i ≤ SE(d_i)} of the parameters, d_i = −log p(x) of i less that of the best
  ///
  /// - Returns: The place of the choice.
  /// - SeeAlso: Breiman, Friedman, Olshen & Stone, “Classification and Regression Trees”, 1984, section 3.4.3.
  package static func choice(differences: [PairedDifference?], parameters: [Int]) -> Int? {
    let near = differences.indices.filter { index in
      differences[index].map { $0.mean <= $0.standardError } ?? true
    }
    return near.min { (parameters[$0], $0) < (parameters[$1], $1) }
  }
}
