import Codecs
import Testing

@Suite("Pictures")
struct PictureTests {
  private func decode(_ bytes: [UInt8], channels: Int? = nil) throws -> Picture {
    try Pictures.decode(bytes, name: "picture", channels: channels)
  }

  @Test("A picture that is written as PNG reads back the same", arguments: [1, 3])
  func roundTrip(channels: Int) throws {
    let pixels = (0..<13 * 7 * channels).map { UInt8($0 * 31 % 256) }
    let picture = try Picture(width: 13, height: 7, channels: channels, pixels: pixels)
    #expect(try decode(picture.pngData()) == picture)
    try withFolder { folder in
      try picture.writePNG(to: "\(folder)/p.png")
      #expect(try Pictures.read("\(folder)/p.png") == picture)
    }
  }

  @Test("PNG of every kind becomes 8-bit grey or colour, over white")
  func pngKinds() throws {
    #expect(try decode(Fixture.oneBitPNG).pixels == [255, 0, 255, 255, 255, 255])
    #expect(
      try decode(Fixture.palettePNG).pixels == [255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255, 255, 0, 0, 255, 0, 0])
    #expect(try decode(Fixture.sixteenBitPNG).pixels == [128, 255])
    #expect(try decode(Fixture.transparentPNG).pixels == [255, 255, 255, 0, 0, 255])
    #expect(try decode(Fixture.greyAlphaPNG).pixels == [10, 255])
  }

  @Test("Colour becomes grey by the luma of JPEG, grey becomes colour by repetition")
  func channels() throws {
    #expect(try decode(Fixture.transparentPNG, channels: 1).pixels == [255, 29])
    #expect(try decode(Fixture.greyAlphaPNG, channels: 3).pixels == [10, 10, 10, 255, 255, 255])
    #expect(sentence { try decode(Fixture.greyAlphaPNG, channels: 2) }.contains("give 1 or 3 channels"))
  }

  @Test("JPEG is decoded, grey and colour, baseline and progressive, within its loss")
  func jpeg() throws {
    let grey = try decode(Fixture.greyJPEG)
    #expect((grey.width, grey.height, grey.channels) == (16, 8, 1))
    // Quality 90 keeps a gradient within a few of 256 levels.
    for x in 0..<16 { #expect(abs(Int(grey.pixels[x]) - 16 * x) <= 6) }
    let colour = try decode(Fixture.colourJPEG)
    #expect(colour.channels == 3)
    for (value, wanted) in zip(colour.pixels, [200, 100, 50]) { #expect(abs(Int(value) - wanted) <= 3) }
  }

  @Test("JPEG in the colours of print is refused")
  func printColours() {
    #expect(sentence { try decode(Fixture.printJPEG) }.contains("convert it to RGB"))
  }

  @Test("PNM is decoded as text and binary, with comments and any white")
  func pnm() throws {
    func pixels(_ text: String, _ rest: [UInt8] = []) throws -> [UInt8] { try decode(Array(text.utf8) + rest).pixels }
    #expect(try pixels("P2\n# a comment\n3 1 # another\n10\n0 5 10\n") == [0, 128, 255])
    #expect(try pixels("P3 1 1 255 1 2 3") == [1, 2, 3])
    #expect(try pixels("P5\n2 1\n255\n", [7, 200]) == [7, 200])
    #expect(try pixels("P5\n2 1\n65535\n", [0x80, 0x80, 0xFF, 0xFF]) == [128, 255])
    #expect(try pixels("P6\r1 1\r15\r", [0, 15, 3]) == [0, 255, 51])
  }

  @Test("A bad picture is refused with its name and what is wrong")
  func refusals() throws {
    func refusal(_ bytes: [UInt8]) -> String {
      let text = sentence { try decode(bytes) }
      #expect(text.hasPrefix("picture "))
      return text
    }
    #expect(refusal([]).contains("is not a PNG, JPEG, PGM or PPM picture"))
    #expect(refusal(Array("GIF89a".utf8)).contains("convert it to one of these"))
    #expect(refusal(Array(Fixture.palettePNG.dropLast(20))).contains("is a damaged PNG picture"))
    #expect(refusal(Array(Fixture.greyJPEG.dropLast(40))).contains("is a damaged JPEG picture"))
    #expect(refusal(Array("P5 4 4 255 abc".utf8)).contains("more than its 14 bytes hold"))
    #expect(refusal(Array("P2 2 1 255 7 300".utf8)).contains("the value 300 above its white 255"))
    #expect(refusal(Array("P2 2 1 255 7".utf8)).contains("no number at byte"))
    #expect(refusal(Array("P5 0 1 255 ".utf8)).contains("0 × 1"))
    #expect(refusal(Array("P5 999999999 999999999 255 ".utf8)).contains("more than its"))
  }

  @Test("A PNG that states more pixels than its bytes can hold is refused before any memory is taken")
  func absurdPNG() {
    var bytes = Fixture.oneBitPNG
    bytes.replaceSubrange(16..<24, with: [0, 0, 0xF0, 0, 0, 0, 0xF0, 0])
    let checksum = Self.checksum(bytes[12..<29])
    bytes.replaceSubrange(29..<33, with: (0..<4).map { UInt8(checksum >> (24 - 8 * $0) & 0xFF) })
    #expect(sentence { try decode(bytes) }.contains("states 61440 × 61440 pixels, more than its 69 bytes can hold"))
  }

  /// The CRC-32 that closes each chunk of a PNG.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
  }

  @Test("Pixels that do not fill a picture are refused")
  func wrongPixels() {
    #expect(sentence { try Picture(width: 2, height: 2, channels: 1, pixels: [1]) }.contains("cannot have 1 bytes"))
  }
}
