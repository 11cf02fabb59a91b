import CPNG

/// PNG by the simplified interface of libpng.
enum PNG {
  /// Decodes any PNG to 8-bit grey or colour, transparency laid over white.
  static func decode(_ bytes: [UInt8], name: String) throws(CodecError) -> Picture {
    try bytes.withUnsafeBufferPointer { (source) throws(CodecError) in
      var image = png_image()
      image.version = png_uint_32(PNG_IMAGE_VERSION)
      defer { png_image_free(&image) }
      guard png_image_begin_read_from_memory(&image, source.baseAddress, source.count) != 0 else {
        throw damaged(name, image)
      }
      // Files of 16 bits that name no colour space hold the same sRGB values as those of 8 bits.
      image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
      let isColour = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
      image.format = png_uint_32(isColour ? PNG_FORMAT_FLAG_COLOR : 0)
      let (width, height, channels) = (Int(image.width), Int(image.height), isColour ? 3 : 1)
      // Deflate shrinks by less than 1032 : 1, and one byte holds at most eight pixels.
      guard width > 0, height > 0, width * height <= min(Picture.largestPixelCount, source.count * 8 * 1032) else {
        throw CodecError(
          "\(name) states \(width) × \(height) pixels, more than its \(source.count) bytes can hold or than is decoded; "
            + "copy it again or make it smaller.")
      }
      var pixels = [UInt8](repeating: 0, count: width * height * channels)
      var white = png_color(red: 255, green: 255, blue: 255)
      guard png_image_finish_read(&image, &white, &pixels, png_int_32(width * channels), nil) != 0 else {
        throw damaged(name, image)
      }
      return try Picture(width: width, height: height, channels: channels, pixels: pixels)
    }
  }

  /// Encodes a picture.
  static func encode(_ picture: Picture) throws(CodecError) -> [UInt8] {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(clamping: picture.width)
    image.height = png_uint_32(clamping: picture.height)
    image.format = png_uint_32(picture.channels == 3 ? PNG_FORMAT_FLAG_COLOR : 0)
    defer { png_image_free(&image) }
    // Deflate never grows its input by more than this, and a row has one byte of its own.
    let rows = picture.pixels.count + picture.height
    var size = rows + rows / 1000 + 4096
    var result = [UInt8](repeating: 0, count: size)
    let stride = png_int_32(clamping: picture.width * picture.channels)
    guard png_image_write_to_memory(&image, &result, &size, 0, picture.pixels, stride, nil) != 0, size <= result.count
    else {
      throw CodecError(
        "A picture of \(picture.width) × \(picture.height) cannot become a PNG (\(message(image))); make it smaller.")
    }
    result.removeLast(result.count - size)
    return result
  }

  private static func damaged(_ name: String, _ image: png_image) -> CodecError {
    CodecError("\(name) is a damaged PNG picture (\(message(image))); copy or download it again.")
  }

  private static func message(_ image: png_image) -> String {
    withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

extension Picture {
  /// The picture as a PNG file.
  public func pngData() throws(CodecError) -> [UInt8] { try PNG.encode(self) }

  /// Writes the picture as a PNG file, replacing what is there only once all of it is on disk.
  public func writePNG(to path: String) throws(CodecError) { try AtomicFile.write(try pngData(), to: path) }
}
