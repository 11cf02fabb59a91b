internal import Torch

/// The rows that a model is judged on, a batch at a time, each time the same.
///
/// Rows that are redrawn to black and white have a stream of their own: the same rows are judged whatever K is, and by every measure.
package struct JudgedRows {
  /// How many.
  let count: Int
  /// Rows of a batch.
  let batch: Int
  private let preparation: Preparation
  private let rows: Dataset
  private let seed: UInt64

  /// - Parameter batch: Rows of a batch; another number redraws other black and white pictures.
  /// - Throws: ``LatentError`` where the rows are of another shape than the model's, or hold values that its likelihood gives no density to.
  init(_ data: Dataset, for trained: TrainedModel, batch: Int, seed: UInt64) throws(LatentError) {
    guard data.count > 0 else { throw LatentError("\(data.name) has no rows to judge the model on.") }
    try Self.demandDescribed(data, by: trained)
    preparation = Preparation(trained.data, on: trained.device)
    rows = try preparation.prepared(data, part: "evaluation", seed: trained.configuration.data.splitSeed)
    (count, self.batch, self.seed) = (rows.count, batch, seed)
  }

  /// Calls a closure with every batch in order, until it says that it is enough.
  ///
  /// - Parameter body: Takes the numbers of the rows and the rows, shape `[batch, D]`; returns whether to go on.
  func forEach(_ body: (Range<Int>, Tensor) -> Bool) {
    let redrawing = Noise(seed: seed, stream: "rows of an evaluation", on: preparation.device)
    for start in stride(from: 0, to: count, by: batch) {
      let part = start..<min(start + batch, count)
      guard body(part, preparation.batch(of: rows, rows: part, noise: redrawing)) else { return }
    }
  }

  /// Refuses rows with values that the model's likelihood gives no density to.
  package static func demandDescribed(_ data: Dataset, by trained: TrainedModel) throws(LatentError) {
    try trained.data.check(data)
    let likelihood = try trained.configuration.model.likelihood.member()
    let range = trained.data.valueRange(of: data)
    do { try likelihood.check(range) } catch {
      throw LatentError(
        "\(data.name) holds values that the model's likelihood '\(type(of: likelihood).kind)' does not describe: scaled as the model's "
          + "data was, they go from \(range.minimum.brief) to \(range.maximum.brief)\(range.isWhole ? "" : ", with fractions"); "
          + "give data like that which it was trained on.")
    }
  }
}
