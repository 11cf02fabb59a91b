import Codecs
import Testing

@Suite("IDX")
struct IDXTests {
  @Test("Every type is read from its big-endian bytes")
  func types() throws {
    func check(_ bytes: [UInt8], _ type: ElementType, _ values: [Double]) throws {
      let array = try withFile([0, 0] + bytes) { try IDX.read($0) }
      #expect(array.elementType == type)
      #expect(array.shape == [values.count])
      #expect(array.values(as: Double.self) == values)
    }
    try check([0x08, 1, 0, 0, 0, 2, 5, 255], .uint8, [5, 255])
    try check([0x09, 1, 0, 0, 0, 1, 255], .int8, [-1])
    try check([0x0B, 1, 0, 0, 0, 1, 1, 2], .int16, [258])
    try check([0x0C, 1, 0, 0, 0, 1, 255, 255, 255, 254], .int32, [-2])
    try check([0x0D, 1, 0, 0, 0, 1, 0x3F, 0x80, 0, 0], .float32, [1])
    try check([0x0E, 1, 0, 0, 0, 1, 0xC0, 0, 0, 0, 0, 0, 0, 0], .float64, [-2])
  }

  @Test("A compressed file reads like a plain one")
  func compressed() throws {
    let plain: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]
    for bytes in [plain, try gzipped(plain)] {
      let array = try withFile(bytes) { try IDX.read($0) }
      #expect(array.shape == [2, 3])
      #expect(try array.values(as: Int.self) == [1, 2, 3, 4, 5, 6])
    }
  }

  @Test("A bad file is refused with what is wrong")
  func refusals() throws {
    func refusal(_ bytes: [UInt8]) throws -> String { try withFile(bytes) { path in sentence { try IDX.read(path) } } }
    #expect(try refusal([1, 2, 3, 4, 5]).contains("is not an IDX file"))
    #expect(try refusal([0, 0, 7, 1, 0, 0, 0, 1, 1]).contains("is not an IDX file"))
    #expect(try refusal([0, 0]).contains("is not an IDX file"))
    #expect(try refusal([0, 0, 8, 3, 0, 0]).contains("ends within its header of 16 bytes"))
    #expect(try refusal([0, 0, 8, 1, 0, 0, 0, 4, 1, 2]).contains("ends after 2 of the 4 bytes"))
    #expect(try refusal([0, 0, 8, 1, 0, 0, 1, 4, 1, 2]).contains("states the shape [260]"))
    #expect(try refusal(gzipped([0, 0, 8, 1, 0, 0, 0, 4, 1, 2])).contains("ends after 2 of the 4 bytes"))
    #expect(try refusal([0, 0, 8, 1, 0, 0, 0, 1, 1, 2]).contains("goes on after the 1 bytes"))
    #expect(
      try refusal([0, 0, 14, 3] + [UInt8](repeating: 255, count: 12)).contains("more than its 16 bytes can hold"))
  }

  @Test("A compressed file that is cut short or damaged is refused")
  func damagedCompression() throws {
    let whole = try gzipped([0, 0, 8, 1, 0, 0, 2, 0] + (0..<512).map { UInt8($0 * 37 % 256) })
    #expect(try withFile(Array(whole.dropLast(9))) { path in sentence { try IDX.read(path) } }.contains("cut short"))
    var damaged = whole
    damaged[whole.count - 6] ^= 1
    #expect(try withFile(damaged) { path in sentence { try IDX.read(path) } }.contains("damaged"))
  }
}
