internal import Codecs
internal import Foundation
internal import Torch

/// What some data looks like, on one sheet.
public enum ContactSheet {
  /// Pictures on a sheet at the most.
  private static let shown = 96

  /// Writes the first pictures as one, or the summary of a table's columns.
  ///
  /// - Throws: ``LatentError`` where the path's ending does not suit the data, or a codec's error where it cannot be written.
  public static func write(_ dataset: Dataset, summary: DataSummary, to path: String) throws {
    switch try Output.format(of: path, among: [dataset.isPicture ? .png : .csv]) {
    case .png, .npy:
      let rows = dataset.rows(Array(0..<min(shown, dataset.count)))
      let isBytes = dataset.values.type == .uint8 && summary.maximum >= 128
      let range =
        isBytes ? 0...255 : min(summary.minimum, 0)...max(summary.maximum, summary.minimum + .leastNormalMagnitude, 0)
      try PictureSheet(rows.values.brightness(in: range), shape: dataset.shape, columns: 12).picture().writePNG(
        to: path)
    case .csv:
      try CSV.write(
        header: ["column", "minimum", "maximum", "mean", "deviation", "missing"],
        rows: summary.columns.map {
          [
            .text($0.name), .double($0.minimum), .double($0.maximum), .double($0.mean), .double($0.deviation),
            .integer($0.missing),
          ]
        }, to: path)
    }
  }
}
