package import Codecs
package import Torch

/// Pictures laid out on one sheet, enlarged by a whole number so that their pixels stay crisp.
///
/// 0 is black and 1 is white, values beyond are cut off, and what is not a number shows as magenta.
package struct PictureSheet {
  /// The grey between the pictures, which stands off from black as from white.
  package static let gapShade: UInt8 = 136
  /// The pixels between two pictures and around the sheet.
  package static let gap = 2
  /// The pixels between two rows of pairs.
  package static let pairGap = 12

  private let height: Int
  private let width: Int
  private let columns: Int
  private let enlargement: Int
  private let channels: Int
  /// Which pictures: one array, or originals and reconstructions.
  private let bands: [[Float]]
  private let count: Int

  /// A grid of pictures, row by row.
  ///
  /// - Parameter pictures: Shape `[N, D]`, floats.
  /// - Parameter shape: `[height, width]` or `[height, width, channels]` with 1 or 3 channels, row by row; its product is D.
  /// - Parameter columns: The pictures side by side at the most.
  /// - Parameter enlargement: The side of the square that a pixel becomes; nil makes a picture about 56 to 112 pixels large.
  package init(_ pictures: Tensor, shape: [Int], columns: Int, enlargement: Int? = nil) {
    self.init(bands: [pictures], shape: shape, columns: columns, enlargement: enlargement)
  }

  /// Rows of originals with their reconstructions right below, and more room before the next originals.
  ///
  /// - Parameter originals: Shape `[N, D]`, floats.
  /// - Parameter reconstructions: Shape `[N, D]`, floats.
  package init(
    originals: Tensor, reconstructions: Tensor, shape: [Int], columns: Int, enlargement: Int? = nil
  ) {
    self.init(bands: [originals, reconstructions], shape: shape, columns: columns, enlargement: enlargement)
  }

  private init(bands: [Tensor], shape: [Int], columns: Int, enlargement: Int?) {
    precondition(
      shape.count == 2 || (shape.count == 3 && [1, 3].contains(shape[2])), "shape \(shape) is not that of a picture")
    precondition(shape.allSatisfy { $0 > 0 } && columns > 0 && (enlargement ?? 1) > 0, "a sheet has positive extents")
    count = bands[0].extent(0)
    (height, width, channels) = (shape[0], shape[1], shape.count == 3 ? shape[2] : 1)
    let expected = count * height * width * channels
    precondition(
      bands.allSatisfy { $0.count == expected }, "pictures of shape \(bands.map(\.shape)) do not fit \(shape)")
    self.columns = max(1, min(columns, count))
    self.enlargement = enlargement ?? Self.enlargement(forSide: max(shape[0], shape[1]))
    self.bands = bands.map { $0.values(as: Float.self) }
  }

  /// The largest zoom up to 84 pixels a side, or one more where that leaves fewer than 56.
  private static func enlargement(forSide side: Int) -> Int {
    let fitting = max(1, 84 / side)
    return fitting * side < 56 ? fitting + 1 : fitting
  }

  /// The sheet.
  ///
  /// - Throws: ``LatentError`` where there is no picture, and what ``Picture`` throws.
  package func picture() throws -> Picture {
    guard count > 0 else { throw LatentError("A sheet of pictures needs at least one picture; there is none.") }
    let isColour = channels == 3 || bands.contains { $0.contains(where: \.isNaN) }
    let depth = isColour ? 3 : 1
    let (cellWidth, cellHeight) = (width * enlargement, height * enlargement)
    let rows = (count + columns - 1) / columns
    let bandHeight = cellHeight + Self.gap
    let rowHeight = bands.count * bandHeight + (bands.count > 1 ? Self.pairGap - Self.gap : 0)
    let sheetWidth = columns * (cellWidth + Self.gap) + Self.gap
    let sheetHeight = rows * rowHeight + Self.gap - (bands.count > 1 ? Self.pairGap - Self.gap : 0)
    var pixels = [UInt8](repeating: Self.gapShade, count: sheetWidth * sheetHeight * depth)
    pixels.withUnsafeMutableBufferPointer { sheet in
      for (band, values) in bands.enumerated() {
        values.withUnsafeBufferPointer { values in
          for index in 0..<count {
            let top = Self.gap + index / columns * rowHeight + band * bandHeight
            let left = Self.gap + index % columns * (cellWidth + Self.gap)
            let start = index * height * width * channels
            draw(
              values, from: start, to: sheet, at: (top * sheetWidth + left) * depth, stride: sheetWidth * depth, depth)
          }
        }
      }
    }
    return try Picture(width: sheetWidth, height: sheetHeight, channels: depth, pixels: pixels)
  }

  /// Draws one picture: each of its rows once, copied as often as it is enlarged.
  private func draw(
    _ values: UnsafeBufferPointer<Float>, from start: Int, to sheet: UnsafeMutableBufferPointer<UInt8>, at corner: Int,
    stride: Int, _ depth: Int
  ) {
    guard let base = sheet.baseAddress else { return }
    for y in 0..<height {
      let line = corner + y * enlargement * stride
      var target = line
      for x in 0..<width {
        let source = start + (y * width + x) * channels
        let isNumber = (0..<channels).allSatisfy { !values[source + $0].isNaN }
        for channel in 0..<depth {
          let value = values[source + (channels == 3 ? channel : 0)]
          let byte = isNumber ? UInt8(min(max(value, 0), 1) * 255 + 0.5) : (channel == 1 ? 0 : 255)
          for copy in 0..<enlargement { sheet[target + copy * depth + channel] = byte }
        }
        target += enlargement * depth
      }
      for copy in 1..<max(enlargement, 2) where copy < enlargement {
        (base + line + copy * stride).update(from: base + line, count: target - line)
      }
    }
  }
}
