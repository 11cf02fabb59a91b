internal import Codecs
internal import Foundation

/// How good a model is on one row, in nats; what is not defined is not a number.
public struct RowEvaluation: Codable, Sendable, Equatable {
  /// −ELBO.
  @Measure public var negativeELBO = 0.0
  /// Its standard error, of the draws of z.
  @Measure public var negativeELBOError = 0.0
  /// −E_q log p(x|z).
  public var reconstruction = 0.0
  /// KL(q(z|x) ‖ p(z)).
  @Measure public var divergence = 0.0
  /// −log p(x), by importance sampling: the bound by K draws.
  @Measure public var negativeLogLikelihood = 0.0
  /// Its standard error, of the draws.
  @Measure public var standardError = 0.0
  /// The effective number of draws, 1 … K.
  @Measure public var effectiveSamples = 0.0
  /// k̂ of the importance weights; nil where they have no tail to speak of.
  public var paretoShape: Double?

  /// The names of the columns of ``write(_:to:)``.
  public static let columns = [
    "row", "negativeELBO", "negativeELBOError", "reconstruction", "divergence", "negativeLogLikelihood",
    "standardError",
    "effectiveSamples", "paretoShape",
  ]

  /// Writes one line a row as CSV, rows counted from 0; what is not defined stays empty.
  ///
  /// - Throws: A codec's error where the file cannot be written.
  public static func write(_ rows: [RowEvaluation], to path: String) throws {
    try CSV.write(
      header: columns,
      rows: rows.enumerated().lazy.map { index, row in
        [.integer(index)]
          + [
            row.negativeELBO, row.negativeELBOError, row.reconstruction, row.divergence, row.negativeLogLikelihood,
            row.standardError, row.effectiveSamples, row.paretoShape ?? .nan,
          ].map(CSV.Cell.double)
      }, to: path)
  }
}
