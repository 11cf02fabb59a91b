import Foundation
import Testing
import Torch

/// Files that are not what they should be: each is refused in words, none stops the program.
@Suite struct SafetensorsDamageTests {
  /// A file of a header and so many bytes after it.
  private func file(_ header: String, body: Int = 0) -> Data {
    let text = Data(header.utf8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + Data(repeating: 0, count: body)
  }

  private func refusal(_ data: Data) -> String? {
    do {
      _ = try Safetensors(data, name: "some file")
      return nil
    } catch { return error.description }
  }

  @Test func `a file cut at any length is refused`() throws {
    let whole = try SafetensorsTests.sample().data()
    #expect(refusal(whole) == nil)
    for length in 0..<whole.count {
      let text = try #require(refusal(whole.prefix(length)), "cut to \(length) of \(whole.count) bytes")
      #expect(text.hasPrefix("'some file' is not a whole safetensors file: "))
    }
    #expect(refusal(whole + [0]) != nil, "a byte too many")
  }

  @Test func `a header with any bit turned over never stops the program`() throws {
    let whole = try SafetensorsTests.sample().data()
    let header = whole.count - 11
    var refused = 0
    for bit in 0..<(8 * header) {
      var damaged = whole
      damaged[bit / 8] ^= 1 << (bit % 8)
      if refusal(damaged) != nil { refused += 1 }
    }
    // A changed letter of a name or of free text is another valid file; everything else is refused.
    #expect(refused > 8 * header / 3)
    #expect(refused < 8 * header)
  }

  @Test func `a header longer than the file, or than a number holds, is refused`() {
    for length in [UInt64(1), 100, UInt64(Int.max), UInt64(Int.max) + 1, .max, .max - 7] {
      let data = withUnsafeBytes(of: length.littleEndian) { Data($0) }
      #expect(refusal(data) != nil)
      #expect(refusal(data + Data("{}".utf8)) != nil || length <= 2)
    }
  }

  @Test(arguments: [
    "", " ", "null", "[]", "1", "{", "{\"x\":}", "{\"x\":{}}", "{\"x\":1}", "{\"x\":null}",
    "{\"__metadata__\":{\"a\":1}}",
    "{\"__metadata__\":[]}", "{\"x\":{\"dtype\":\"F32\"}}",
    "{\"x\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}",
    "{\"x\":{\"dtype\":1,\"shape\":[1],\"data_offsets\":[0,4]}}",
    "{\"x\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}",
    "\u{FEFF}{}x", String(repeating: "[", count: 100_000), String(repeating: "{\"x\":", count: 20_000),
  ])
  func `a header that is not the format's JSON is refused`(header: String) {
    #expect(refusal(file(header, body: 4)) != nil)
  }

  @Test(arguments: [
    "[0,3]", "[0,5]", "[0,8]", "[4,8]", "[1,5]", "[4,0]", "[-4,0]", "[0,-4]", "[0]", "[]", "[0,4,4]", "[0,4,8]",
    "[9223372036854775807,9223372036854775807]", "[-9223372036854775808,9223372036854775807]",
    "[9223372036854775803,-9223372036854775805]", "[0,9223372036854775808]", "[0,1e400]",
  ])
  func `offsets that do not fit the shape or the file are refused`(offsets: String) {
    #expect(refusal(file("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", body: 4)) == nil)
    #expect(refusal(file("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":\(offsets)}}", body: 4)) != nil)
  }

  @Test(arguments: [
    "[2]", "[0]", "[-1]", "[-1,-1]", "[1,-1,-1]", "[9223372036854775807]", "[4611686018427387904,4]",
    "[4294967296,4294967296]",
    "[9223372036854775807,9223372036854775807,2]", "[4611686018427387905]", "[-9223372036854775808]",
  ])
  func `shapes of another size, negative or beyond all numbers are refused`(shape: String) {
    #expect(refusal(file("{\"x\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[0,4]}}", body: 4)) != nil)
  }

  @Test(arguments: [
    "[0,4611686018427387904,4611686018427387904]", "[4611686018427387904,0,4611686018427387904]",
    "[9223372036854775807,9223372036854775807,0]", "[0,9223372036854775807]", "[9223372036854775807,0]",
    "[0,-1]", "[-1,0]",
  ])
  func `an empty tensor of impossible extents is refused`(shape: String) {
    #expect(refusal(file("{\"x\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[0,0]}}")) != nil)
  }

  @Test func `a shape of very many dimensions never stops the program`() {
    let shape = "[\(repeatElement("1", count: 5000).joined(separator: ","))]"
    _ = refusal(file("{\"x\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[0,4]}}", body: 4))
  }

  @Test func `tensors that overlap, leave a gap or leave bytes over are refused`() {
    func two(_ first: String, _ second: String, body: Int) -> Data {
      let entries = [("a", first), ("b", second)].map {
        "\"\($0)\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":\($1)}"
      }
      return file("{\(entries.joined(separator: ","))}", body: body)
    }
    #expect(refusal(two("[0,4]", "[4,8]", body: 8)) == nil)
    #expect(refusal(two("[4,8]", "[0,4]", body: 8)) == nil, "the header's order is free")
    #expect(refusal(two("[0,4]", "[0,4]", body: 4)) != nil, "the same place twice")
    #expect(refusal(two("[0,4]", "[2,6]", body: 6)) != nil, "an overlap")
    #expect(refusal(two("[0,4]", "[5,9]", body: 9)) != nil, "a gap")
    #expect(refusal(two("[0,4]", "[4,8]", body: 9)) != nil, "a byte over")
    #expect(refusal(two("[0,4]", "[4,8]", body: 7)) != nil, "a byte short")
  }

  @Test(arguments: ["F8_E4M3", "I16", "f32", "", "C64"])
  func `an element type that is not known is named`(type: String) throws {
    let data = file("{\"x\":{\"dtype\":\"\(type)\",\"shape\":[1],\"data_offsets\":[0,4]}}", body: 4)
    let text = try #require(refusal(data))
    #expect(text.contains("'\(type)'"))
  }
}
