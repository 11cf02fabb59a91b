/// A picture in memory, eight bits for each channel.
public struct Picture: Sendable, Equatable {
  /// The pixels of a row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// Row by row from the top, the channels of a pixel side by side: `[height, width, channels]` in C order.
  public let pixels: [UInt8]

  /// Makes a picture of its pixels.
  ///
  /// - Throws: ``CodecError`` when the sizes are not positive, the channels are neither 1 nor 3, or the pixels are not
  ///   `height · width · channels` many.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) throws(CodecError) {
    guard width > 0, height > 0, channels == 1 || channels == 3,
      NumericArray.byteCount(of: .uint8, shape: [height, width, channels]) == pixels.count
    else {
      throw CodecError(
        "A picture of \(width) × \(height) with \(channels) channels cannot have \(pixels.count) bytes of pixels; "
          + "give 1 or 3 channels and as many bytes as width · height · channels.")
    }
    (self.width, self.height, self.channels, self.pixels) = (width, height, channels, pixels)
  }

  /// The picture with 1 channel (the luma 0.299 R + 0.587 G + 0.114 B of JPEG) or 3 (grey thrice).
  ///
  /// - Parameter channels: 1 or 3; nil leaves the picture as it is.
  public func converted(toChannels channels: Int?) throws(CodecError) -> Picture {
    switch channels {
    case nil, self.channels: return self
    case 1:
      let grey = (0..<width * height).map { pixel -> UInt8 in
        let (red, green, blue) = (Int(pixels[3 * pixel]), Int(pixels[3 * pixel + 1]), Int(pixels[3 * pixel + 2]))
        return UInt8((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16)
      }
      return try Picture(width: width, height: height, channels: 1, pixels: grey)
    default:
      return try Picture(
        width: width, height: height, channels: channels ?? 3, pixels: pixels.flatMap { [$0, $0, $0] })
    }
  }

  /// The most pixels that a picture is decoded to.
  static let largestPixelCount = 1 << 27
}
