import CTurboJPEG

/// JPEG by the TurboJPEG interface of libjpeg-turbo.
enum JPEG {
  /// Decodes a JPEG to grey or colour, whichever it has.
  static func decode(_ bytes: [UInt8], name: String) throws(CodecError) -> Picture {
    guard let decoder = tjInitDecompress() else {
      throw CodecError("\(name) cannot be decoded because memory is full; close other programs.")
    }
    defer { tjDestroy(decoder) }
    var (width, height, subsampling, colours): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    let size = UInt(bytes.count)
    guard tjDecompressHeader3(decoder, bytes, size, &width, &height, &subsampling, &colours) == 0 else {
      throw damaged(name, decoder)
    }
    guard colours != Int32(TJCS_CMYK.rawValue), colours != Int32(TJCS_YCCK.rawValue) else {
      throw CodecError("\(name) is a JPEG picture in the colours of print (CMYK); convert it to RGB.")
    }
    guard width > 0, height > 0, Int(width) * Int(height) <= Picture.largestPixelCount else {
      throw CodecError("\(name) states \(width) × \(height) pixels, more than is decoded; make it smaller.")
    }
    let channels = colours == Int32(TJCS_GRAY.rawValue) ? 1 : 3
    var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height) * channels)
    let format = Int32((channels == 1 ? TJPF_GRAY : TJPF_RGB).rawValue)
    let code = tjDecompress2(decoder, bytes, size, &pixels, width, 0, height, format, 0)
    guard code == 0 || isHarmless(decoder) else { throw damaged(name, decoder) }
    return try Picture(width: Int(width), height: Int(height), channels: channels, pixels: pixels)
  }

  /// Whether the picture is whole although the decoder found something: stray bytes between its parts.
  private static func isHarmless(_ decoder: tjhandle) -> Bool {
    tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue) && words(decoder).contains("extraneous bytes")
  }

  private static func damaged(_ name: String, _ decoder: tjhandle) -> CodecError {
    CodecError("\(name) is a damaged JPEG picture (\(words(decoder))); copy or download it again.")
  }

  private static func words(_ decoder: tjhandle) -> String {
    tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "no reason given"
  }
}
