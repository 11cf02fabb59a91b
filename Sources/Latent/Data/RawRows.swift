internal import Codecs
internal import Torch

/// Rows as a source gave them, on the way to a ``Dataset``.
struct RawRows {
  /// The numbers; the first dimension counts the rows.
  var values: Tensor
  /// What a row is.
  var shape: [Int]
  var columns: [String] = []
  var labels: [Int32]?
  var labelNames: [String] = []
  /// The files that pictures came from.
  var rowNames: [String] = []
  var format: String
  var name: String
  var notes: [String] = []
  /// Whether these are pictures from files, which have their shape and lie row by row.
  var isDecoded = false
  /// Where an error says that a row is, such as “on line 7”.
  var place: (Int) -> String = { "in row \($0 + 1)" }

  /// Pictures that were decoded from files.
  init(values: Tensor, shape: [Int], format: String, name: String) {
    (self.values, self.shape, self.format, self.name) = (values, shape, format, name)
    isDecoded = true
  }

  /// Takes over an array of any element type.
  ///
  /// - Throws: ``LatentError`` where it has no rows, no values in a row, or too many dimensions.
  init(_ array: NumericArray, format: String, name: String) throws {
    guard array.shape.count >= 2 else {
      throw LatentError(
        "\(name) holds \(array.shape.isEmpty ? "a single number" : "one list of numbers"), not rows; "
          + "give an array of two or more dimensions, the first of which counts the rows.")
    }
    guard array.count > 0, let count = array.shape.first else {
      throw LatentError(
        "\(name) has the shape \(array.shape), which holds no values; give at least one row of one value.")
    }
    self.format = format
    self.name = name
    shape = Array(array.shape.dropFirst())
    values = try array.tensor(shape: [count, array.count / count])
  }

  var count: Int { values.extent(0) }
  var dimensions: Int { values.extent(1) }
  var isPicture: Bool { shape.count > 1 }

  /// Reads the rows in the shape that is asked for, or that pictures show by themselves.
  ///
  /// - Parameter expected: The shape that a model takes, which rows of as many values without a shape have.
  mutating func shape(by configuration: DataConfiguration, expecting expected: [Int]?) throws(LatentError) {
    if isDecoded {
      // Decoding has brought them to the shape already.
    } else if !configuration.shape.isEmpty {
      let wanted = configuration.shape.reduce(1, *)
      guard wanted == dimensions else {
        // A model's own check says better what it was trained on.
        if expected != nil { return }
        throw LatentError(
          "\(name) has rows of \(counted(dimensions, "value")), but data.shape \(configuration.shape) asks for \(wanted); "
            + "give a shape of \(counted(dimensions, "value")).")
      }
      shape = configuration.shape
    } else if let expected, shape.count == 1, expected.count > 1, expected.reduce(1, *) == dimensions {
      shape = expected
    } else if let side = squareSide {
      shape = [side, side]
      notes.append(
        "Rows of \(dimensions) bytes are read as pictures of \(side) × \(side); data.shape can say otherwise.")
    } else if shape.count == 3, [1, 3].contains(shape[0]), ![1, 3].contains(shape[2]) {
      let (channels, height, width) = (shape[0], shape[1], shape[2])
      values = values.reshaped([count, channels, height, width]).permuted([0, 2, 3, 1]).contiguous()
        .reshaped([count, channels * height * width])
      shape = [height, width, channels]
      notes.append("The channels, which came first, were moved behind height and width.")
    }
    if shape.count == 3, shape[2] == 1 { shape.removeLast() }
    guard shape.count <= 2 || shape.count == 3 && shape[2] == 3 else {
      throw LatentError(
        "\(name) has rows of the shape \(shape), which is neither a row of a table nor a picture; "
          + "give data.shape as [height, width] or [height, width, channels] with 1 or 3 channels.")
    }
    if configuration.transposed && !isDecoded { try transpose() }
    if isPicture {
      columns = []
    } else if columns.isEmpty {
      columns = (1...dimensions).map { "column \($0)" }
    }
  }

  /// The side of the square that a row of bytes fills, if it has at least 8 pixels.
  private var squareSide: Int? {
    guard shape.count == 1, columns.isEmpty, values.type == .uint8, dimensions >= 64 else { return nil }
    let side = Int(Double(dimensions).squareRoot().rounded())
    return side * side == dimensions ? side : nil
  }

  /// Turns pictures that are stored column by column.
  private mutating func transpose() throws(LatentError) {
    guard isPicture else {
      throw LatentError(
        "data.transposed turns pictures, but \(name) has rows of \(counted(dimensions, "value")); give data.shape as well."
      )
    }
    let channels = Array(shape.dropFirst(2))
    values = values.reshaped([count, shape[1], shape[0]] + channels)
      .permuted(channels.isEmpty ? [0, 2, 1] : [0, 2, 1, 3]).contiguous().reshaped([count, dimensions])
  }
}
