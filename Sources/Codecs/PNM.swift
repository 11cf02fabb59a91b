/// PGM and PPM, as text (P2, P3) or binary (P5, P6): a magic, width, height and the value of white, then the samples.
///
/// - SeeAlso: Netpbm, “pgm” and “ppm” format manuals.
struct PNM {
  static func isPNM(firstBytes: [UInt8]) -> Bool {
    guard firstBytes.count >= 3, firstBytes[0] == UInt8(ascii: "P"), "2356".utf8.contains(firstBytes[1]) else {
      return false
    }
    return isSpace(firstBytes[2]) || firstBytes[2] == UInt8(ascii: "#")
  }

  /// Decodes a picture; values are scaled so that the stated white becomes 255.
  static func decode(_ bytes: [UInt8], name: String) throws(CodecError) -> Picture {
    guard isPNM(firstBytes: bytes) else { throw CodecError("\(name) is not a PGM or PPM picture; convert it to one.") }
    var scanner = PNM(bytes: bytes, name: name)
    return try scanner.picture()
  }

  private let bytes: [UInt8]
  private let name: String
  private var position = 2

  private init(bytes: [UInt8], name: String) { (self.bytes, self.name) = (bytes, name) }

  private mutating func picture() throws(CodecError) -> Picture {
    let kind = bytes[1] - UInt8(ascii: "0")
    let channels = kind == 3 || kind == 6 ? 3 : 1
    let (width, height, white) = (try number(), try number(), try number())
    guard width > 0, height > 0, (1...65535).contains(white) else {
      throw CodecError(
        "\(name) states \(width) × \(height) pixels and white \(white); a picture has pixels, and white 1 to 65535.")
    }
    let (sampleBytes, isText) = (white > 255 ? 2 : 1, kind <= 3)
    let needed = NumericArray.byteCount(of: .uint8, shape: [height, width, channels, isText ? 1 : sampleBytes])
    guard let needed, needed <= bytes.count, width * height <= Picture.largestPixelCount else {
      throw CodecError(
        "\(name) states \(width) × \(height) pixels, more than its \(bytes.count) bytes hold; copy or download it again."
      )
    }
    let pixels = isText ? try texts(width * height * channels, white) : try samples(needed, sampleBytes, white)
    return try Picture(width: width, height: height, channels: channels, pixels: pixels)
  }

  private mutating func texts(_ count: Int, _ white: Int) throws(CodecError) -> [UInt8] {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count)
    for _ in 0..<count { pixels.append(try scaled(try number(), white)) }
    return pixels
  }

  private mutating func samples(_ byteCount: Int, _ sampleBytes: Int, _ white: Int) throws(CodecError) -> [UInt8] {
    position += 1  // Exactly one white space ends the header.
    guard position <= bytes.count, byteCount <= bytes.count - position else {
      throw CodecError(
        "\(name) ends after \(max(bytes.count - position, 0)) of the \(byteCount) bytes of its pixels; copy or download it again."
      )
    }
    let samples = bytes[position..<position + byteCount]
    if white == 255 { return Array(samples) }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(byteCount / sampleBytes)
    for index in stride(from: samples.startIndex, to: samples.endIndex, by: sampleBytes) {
      let value = sampleBytes == 1 ? Int(samples[index]) : Int(samples[index]) << 8 | Int(samples[index + 1])
      pixels.append(try scaled(value, white))
    }
    return pixels
  }

  private func scaled(_ value: Int, _ white: Int) throws(CodecError) -> UInt8 {
    guard value <= white else {
      throw CodecError("\(name) holds the value \(value) above its white \(white); copy or convert it again.")
    }
    return UInt8((value * 255 + white / 2) / white)
  }

  /// The next number; white space and comments, from `#` to the end of the line, come before it.
  private mutating func number() throws(CodecError) -> Int {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
      } else if Self.isSpace(bytes[position]) {
        position += 1
      } else {
        break
      }
    }
    let start = position
    var value = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]), position - start < 9 {
      value = 10 * value + Int(bytes[position] - 0x30)
      position += 1
    }
    guard position > start else {
      throw CodecError("\(name) has no number at byte \(position) where one is needed; copy or convert it again.")
    }
    return value
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
