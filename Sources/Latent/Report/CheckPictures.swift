internal import Codecs
internal import Torch

/// The pictures of a check.
enum CheckPictures {
  /// The pixels that the longer side of each picture of the map has at the most, unless it has more of its own.
  private static let mapSide = 168

  /// The distance that is white on the map: the greatest.
  static func brightest(_ check: ModelCheck) -> Double {
    max(0.01, check.calibration.columns.map(\.distance).max() ?? 0)
  }

  /// Writes samples above the training rows nearest to them, and a map of the pixels: the means of rows and of draws, and how far each pixel is
  /// from its draws.
  static func write(
    _ check: ModelCheck, _ pairs: ModelCheck.Closest, of trained: TrainedModel, closest: String, pixels: String,
    to folder: String
  ) throws {
    let shape = trained.data.shape
    try PictureSheet(
      originals: trained.brightness(of: pairs.samples), reconstructions: trained.brightness(of: pairs.rows),
      shape: shape,
      columns: 12
    ).picture().writePNG(to: "\(folder)/\(closest)")
    func row(_ values: [Double]) -> Tensor { Tensor(values).to(type: .float32).unsqueezed(at: 0) }
    let columns = check.statistics.columns
    let means = [columns.map(\.mean.rows.value), columns.map(\.mean.samples.value)].map {
      trained.brightness(of: row($0))
    }
    let distances = row(check.calibration.columns.map(\.distance)) / brightest(check)
    try PictureSheet(
      .concatenate(means + [distances]), shape: shape, columns: 3,
      enlargement: max(1, mapSide / (shape.prefix(2).max() ?? 1))
    ).picture().writePNG(
      to: "\(folder)/\(pixels)")
  }
}
