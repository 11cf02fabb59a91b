import Codecs
import Foundation
import Testing

@Suite("NPY")
struct NPYTests {
  @Test("Every type and shape that is written reads back the same", arguments: ElementType.allCases)
  func roundTrip(type: ElementType) throws {
    try withFolder { folder in
      for shape in [[], [0], [7], [2, 3], [4, 1, 5]] {
        let array = try NumericArray(elementType: type, shape: shape)
        for index in array.bytes.indices { array.bytes[index] = type == .bool ? UInt8(index % 2) : UInt8(index % 251) }
        try NPY.write(array, to: "\(folder)/a.npy")
        let again = try NPY.read("\(folder)/a.npy")
        #expect(again.elementType == type)
        #expect(again.shape == shape)
        #expect(Array(again.bytes) == Array(array.bytes))
        withExtendedLifetime((array, again)) {}
      }
    }
  }

  @Test("The beginning of a written file is a multiple of 64 bytes")
  func alignment() throws {
    try withFolder { folder in
      for rank in 0..<12 {
        try NPY.write(NumericArray([UInt8(1)], shape: [Int](repeating: 1, count: rank)), to: "\(folder)/a.npy")
        #expect(try Gzip.read("\(folder)/a.npy").count % 64 == 1)
      }
    }
  }

  @Test("What NumPy writes is read, in any version, order of dimensions and order of bytes")
  func fromNumPy() throws {
    func check(_ bytes: [UInt8], _ type: ElementType, _ shape: [Int], _ values: [Double]) throws {
      let array = try withFile(bytes) { try NPY.read($0) }
      #expect(array.elementType == type)
      #expect(array.shape == shape)
      #expect(array.values(as: Double.self) == values)
    }
    try check(Fixture.float32InCOrder, .float32, [2, 3], [0, 0.5, 1, 1.5, 2, 2.5])
    try check(Fixture.int16InFortranOrder, .int16, [2, 3], [0, 1, 2, 3, 4, 5])
    try check(Fixture.threeDimensionsInFortranOrder, .uint8, [2, 3, 4], (0..<24).map(Double.init))
    try check(Fixture.bigEndianFloat64, .float64, [2, 3], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])
    try check(Fixture.float16OfVersion2, .float16, [2, 3], [0, 0.25, 0.5, 0.75, 1, 1.25])
    try check(Fixture.uint64OfVersion3, .uint64, [2, 3], (0..<6).map { Double(1 << 40 + $0) })
    try check(Fixture.boolean, .bool, [2, 3], [1, 0, 1, 0, 1, 0])
    try check(Fixture.scalar, .int64, [], [7])
    try check(gzipped(Fixture.scalar), .int64, [], [7])
  }

  @Test("What is no numbers is refused with the remedy")
  func refusals() throws {
    func refusal(_ bytes: [UInt8]) throws -> String { try withFile(bytes) { path in sentence { try NPY.read(path) } } }
    #expect(try refusal(Fixture.pythonObjects).contains("never unpickles; save it as numbers"))
    #expect(try refusal(Fixture.texts).contains("the NumPy type <U2"))
    #expect(try refusal(Fixture.records).contains("several fields"))
    #expect(try refusal(Array("hello, this is text".utf8)).contains("is not a .npy array"))
    #expect(try refusal([]).contains("is empty"))
    #expect(try refusal(Array(Fixture.scalar.dropLast())).contains("ends after 7 of the 8 bytes"))
    #expect(try refusal(Fixture.scalar + [0]).contains("goes on after the 8 bytes"))
  }

  @Test(
    "A header that states more than the file holds is refused before any memory is taken",
    arguments: [
      "(9223372036854775807, 2)", "(1099511627776,)", "(4294967296, 4294967296)", "(99999999999999999999,)", "(-1,)",
    ])
  func absurdShapes(shape: String) throws {
    let file = Self.file(header: "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }")
    #expect(try withFile(file) { path in sentence { try NPY.read(path) } }.contains("\(path(of: shape))"))
  }

  @Test(
    "A header that is not NumPy's is refused",
    arguments: [
      "", "{", "{}", "{'descr': '<f8'}", "{'descr': '<f8', 'fortran_order': 1, 'shape': (1,)}", "os.system('x')",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)", "{'descr': [[[[", "{'descr': 'f8",
    ])
  func brokenHeaders(header: String) throws {
    let refusal = try withFile(Self.file(header: header)) { path in sentence { try NPY.read(path) } }
    #expect(refusal.contains("a header that is not NumPy's"))
  }

  private static func file(header: String) -> [UInt8] {
    let text = Array(header.utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count), 0] + text + [UInt8](repeating: 0, count: 16)
  }

  private func path(of shape: String) -> String {
    shape.count > 22 && !shape.contains(", ") || shape == "(-1,)" ? "not NumPy's" : "states the"
  }
}
