internal import Codecs
internal import Foundation
internal import Torch

extension Output {
  /// Writes filled-in rows.
  ///
  /// A `.png` gets a strip for each row: original, what is left of it (missing in magenta), completions, mean. Without completions
  /// a `.csv` or `.npy` is the data with the holes filled by means; with some, a `.csv` has for each row lines `mean`, `deviation` and
  /// `1`, `2` … for the completions, and a `.npy` the shape `[2 + completions, rows, …]`.
  ///
  /// - Throws: ``LatentError`` where tables are asked for as pictures, or a codec's error where the file cannot be written.
  public static func write(_ imputation: Imputation, of rows: Dataset, by trained: TrainedModel, to path: String) throws
  {
    let data = trained.data
    let completions = imputation.completions
    let count = completions.extent(0)
    switch try format(of: path) {
    case .png:
      guard data.isPicture else {
        throw LatentError("--out '\(path)': rows of a table are no pictures; use an ending of .csv or .npy.")
      }
      let original = rows.values.to(type: .float32)
      let rest = Tensor.choose(.full([], .nan), where: imputation.isMissing, else: original)
      let strips = Tensor.stack([original, rest] + (0..<count).map { completions[$0] } + [imputation.means], along: 1)
      let pictures = trained.brightness(of: strips.reshaped([rows.count * (count + 3), data.dimensions]))
      try PictureSheet(pictures, shape: data.shape, columns: count + 3).picture().writePNG(to: path)
    case .npy:
      let all = [imputation.means] + (count > 0 ? [imputation.deviations] : []) + (0..<count).map { completions[$0] }
      let shape = (count > 0 ? [count + 2] : []) + [rows.count] + data.shape
      try NPY.write(try NumericArray(Tensor.stack(all).values(as: Float.self), shape: shape), to: path)
    case .csv:
      let names = data.columns.isEmpty ? (1...data.dimensions).map { "x \($0)" } : data.columns
      let kinds = ["mean", "deviation"] + (1...max(count, 1)).map { "\($0)" }
      let all = [imputation.means] + (count > 0 ? [imputation.deviations] : []) + (0..<count).map { completions[$0] }
      let numbers = all.map { $0.values(as: Float.self) }
      let width = data.dimensions
      let lines = (0..<rows.count).lazy.flatMap { row in
        numbers.indices.lazy.map { kind in
          let cells = numbers[kind][(row * width)..<((row + 1) * width)].map(CSV.Cell.float)
          return (count > 0 ? [.integer(row + 1), .text(kinds[kind])] : []) + cells
        }
      }
      try CSV.write(header: (count > 0 ? ["row", "kind"] : []) + names, rows: lines, to: path)
    }
  }
}
