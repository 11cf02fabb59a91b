import Foundation
import Latent

/// Small runs on the embedded digits.
enum TrainingRuns {
  /// 200 rows to train on, redrawn to black and white for each batch, and 50 to validate on.
  static func configuration(_ settings: String...) throws -> Configuration {
    try Configuration(
      preset: nil, file: nil,
      settings: [
        "threads=1", "data={rows: 200, validation: 50, test: 0, scaling: unit, binarization: dynamic}",
        "model.latents=3",
        "model.encoder.hidden=[16]", "model.decoder.hidden=[16]", "model.likelihood=bernoulli", "training.epochs=4",
        "training.batch=32", "training.checkpointSeconds=0",
      ] + settings)
  }

  /// What a finished run leaves that must not depend on when it was interrupted.
  struct Result: Equatable {
    let model: Data
    let metrics: [String]

    /// The model's file, and the table of metrics without the columns that are times.
    init(_ folder: RunFolder) throws {
      model = try Data(contentsOf: URL(fileURLWithPath: folder.model))
      let text = try String(contentsOfFile: folder.metrics, encoding: .utf8)
      let rows = text.split(whereSeparator: \.isNewline).map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      let times: Set<Substring> = ["seconds", "rowsPerSecond"]
      let kept = rows[0].indices.filter { !times.contains(rows[0][$0]) }
      metrics = rows.map { row in kept.map { row[$0] }.joined(separator: ",") }
    }
  }

  /// A run that nothing interrupts.
  static func uninterrupted(_ configuration: Configuration, in folder: RunFolder) throws -> Result {
    _ = try Run.create(configuration, in: folder).train { _ in .proceed }
    return try Result(folder)
  }

  /// The epochs of a run, until it is over.
  static func epochs(of run: Run) throws -> (epochs: [EpochReport], end: TrainingEnd?) {
    var epochs: [EpochReport] = []
    let end = try run.train { report in
      if case .epoch(let epoch) = report { epochs.append(epoch) }
      return .proceed
    }
    return (epochs, end)
  }
}
