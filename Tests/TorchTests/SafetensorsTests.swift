import Foundation
import Testing
import Torch

extension Safetensors {
  /// The file in memory.
  func data() throws -> Data {
    var data = Data()
    try write { data.append(contentsOf: $0) }
    return data
  }
}

@Suite struct SafetensorsTests {
  /// Two tensors that are told apart by shape, type and bytes.
  static func sample() -> Safetensors {
    Safetensors(
      [("b", Tensor([1, 2, 3] as [UInt8])), ("a.weight", Tensor([1.5, -2] as [Float], shape: [2, 1]))],
      metadata: ["key": "value", "другой \"ключ\"\n": "{\"nested\": [1]}"])
  }

  @Test(arguments: ElementKind.allCases)
  func `every element type comes back with the same bytes`(kind: ElementKind) throws {
    let tensor = Tensor([0, 1, 3, 200, 1, 0] as [Double], shape: [2, 3]).to(type: kind)
    let back = try Safetensors(Safetensors([("x", tensor)]).data(), name: "memory")
    let found = try #require(back["x"])
    #expect(found.type == kind && found.shape == [2, 3] && found.bytes == tensor.bytes)
    #expect(back.tensors.count == 1 && back.metadata.isEmpty)
  }

  @Test func `not-a-number, infinities and negative zero keep their bits`() throws {
    let tensor = Tensor([.nan, -.infinity, -0.0, .leastNonzeroMagnitude] as [Float])
    #expect(try Safetensors(Safetensors([("x", tensor)]).data(), name: "memory")["x"]?.bytes == tensor.bytes)
  }

  @Test func `scalars and empty tensors come back with their shapes`() throws {
    let file = Safetensors([
      ("none", .zeros([0])), ("scalar", Tensor(2.5, type: .float64)), ("flat", .zeros([3, 0, 2], type: .int32)),
      ("one", Tensor([7] as [UInt8])), ("last", .zeros([2, 0])),
    ])
    let back = try Safetensors(file.data(), name: "memory")
    #expect(Set(back.tensors.map(\.name)) == ["none", "scalar", "flat", "one", "last"])
    #expect(back["none"]?.shape == [0] && back["flat"]?.shape == [3, 0, 2] && back["last"]?.shape == [2, 0])
    #expect(back["flat"]?.type == .int32)
    #expect(back["scalar"]?.shape == [] && back["scalar"]?.item == 2.5)
    #expect(back["one"]?.values(as: UInt8.self) == [7])
  }

  @Test func `a file without tensors is a file`() throws {
    let back = try Safetensors(Safetensors([], metadata: ["a": "b"]).data(), name: "memory")
    #expect(back.tensors.isEmpty && back.metadata == ["a": "b"])
    #expect(try Safetensors(Safetensors([]).data(), name: "memory").tensors.isEmpty)
  }

  @Test func `names and texts of any characters come back`() throws {
    let names = [
      "", " ", "a\"b", "back\\slash", "new\nline", "tab\t", "nul\u{0}", "/etc/passwd", "ключ", "😀", "e\u{301}",
      "__metadata",
      "{\"x\":1}", "dtype", String(repeating: "long", count: 500),
    ]
    let file = Safetensors(
      names.enumerated().map { ($1, Tensor([Float($0)])) },
      metadata: [String: String](uniqueKeysWithValues: names.map { ($0, $0) }))
    let back = try Safetensors(file.data(), name: "memory")
    #expect(back.tensors.map(\.name) == names, "tensors come in the file's order")
    #expect(back.tensors.map { Int($0.tensor.item) } == Array(names.indices))
    #expect(back.metadata == file.metadata)
  }

  @Test func `a view is written in its own order`() throws {
    let matrix = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let back = try Safetensors(Safetensors([("t", matrix.transposed())]).data(), name: "memory")
    #expect(back["t"]?.doubles == [1, 3, 2, 4])
  }

  @Test func `the same tensors give the same bytes, as the format lays them out`() throws {
    let bytes = try Self.sample().data()
    for _ in 0..<5 { #expect(try Self.sample().data() == bytes) }
    let length = bytes.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    #expect(length % 8 == 0, "the elements should start at a multiple of 8")
    #expect(bytes.count == 8 + length + 3 + 8)
    let header = try #require(
      try JSONSerialization.jsonObject(with: bytes.dropFirst(8).prefix(length)) as? [String: [String: Any]])
    #expect(header["b"]?["dtype"] as? String == "U8" && header["b"]?["data_offsets"] as? [Int] == [0, 3])
    #expect(
      header["a.weight"]?["shape"] as? [Int] == [2, 1] && header["a.weight"]?["data_offsets"] as? [Int] == [3, 11])
    #expect(bytes.suffix(11).prefix(3).elementsEqual([1, 2, 3]))
  }

  @Test func `an error while writing is passed on`() {
    struct Full: Error {}
    #expect(throws: Full.self) { try Self.sample().write { _ in throw Full() } }
  }

  @Test func `reading from a slice of other bytes starts where the slice does`() throws {
    let data = try Data([9, 9, 9]) + Self.sample().data()
    #expect(try Safetensors(data.dropFirst(3), name: "slice")["b"]?.values(as: UInt8.self) == [1, 2, 3])
  }
}
