internal import Codecs
public import Torch

/// Observations that change step by step, in lines of as many steps each.
///
/// As a file they are a sheet with a line of pictures for each line, an array `[lines, steps, …]`, or a table that says of each
/// row where it was decoded.
public struct Strips {
  /// Shape `[lines · steps, D]`, in the data's units, line by line.
  public let values: Tensor
  /// The number of lines.
  public let lines: Int
  /// The observations in each of them.
  public let steps: Int
  /// What says where an observation was decoded, such as `latent` and `value`.
  public let headings: [String]
  /// That of each observation, as many words as headings.
  public let places: [[String]]

  init(values: Tensor, steps: Int, headings: [String], places: [[String]]) {
    precondition(values.extent(0) == places.count && places.count % steps == 0, "\(values) is not of whole lines")
    self.values = values
    lines = places.count / steps
    self.steps = steps
    self.headings = headings
    self.places = places
  }
}

extension TrainedModel {
  /// Decodes places among the latents by the mean of p(x|z).
  ///
  /// - Parameter z: The places one after another, `latents` numbers each.
  func strips(decoding z: [Float], steps: Int, headings: [String], places: [[String]]) -> Strips {
    let codes = Tensor(z, shape: [places.count, model.latents])
    let values = decodings(of: codes, .mean, using: Noise(seed: 0, on: device))
    return Strips(values: values, steps: steps, headings: headings, places: places)
  }
}

extension Output {
  /// Writes strips.
  ///
  /// - Throws: ``LatentError`` where tables are asked for as pictures, or a codec's error where the file cannot be written.
  public static func write(_ strips: Strips, of trained: TrainedModel, to path: String) throws {
    let data = trained.data
    switch try format(of: path, for: data) {
    case .png:
      try PictureSheet(trained.brightness(of: strips.values), shape: data.shape, columns: strips.steps).picture()
        .writePNG(to: path)
    case .npy: try write(strips.values.reshaped([strips.lines, strips.steps] + data.shape), to: path)
    case .csv:
      let numbers = strips.values.values(as: Float.self)
      let width = data.dimensions
      try CSV.write(
        header: strips.headings + columnNames(of: data),
        rows: strips.places.enumerated().lazy.map { row, place in
          place.map(CSV.Cell.text) + numbers[(row * width)..<((row + 1) * width)].map(CSV.Cell.float)
        }, to: path)
    }
  }
}

/// Numbers at equal distances.
package enum Ramp {
  /// From the first to the last, both among them; the middle of the range where one number is asked for.
  package static func values(from first: Double, to last: Double, steps: Int) -> [Double] {
    steps == 1
      ? [(first + last) / 2]
      : (0..<steps).map { first + (last - first) * Double($0) / Double(steps - 1) }
  }
}
