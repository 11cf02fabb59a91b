import Codecs
import Testing

@Suite("MATLAB 5")
struct MATTests {
  @Test("A matrix of p rows and n columns is read as n rows of p")
  func reversedShape() throws {
    try withFile(Fixture.matPlain) { path throws in
      let array = try MAT.read(path, name: "a")
      #expect(array.elementType == .uint8)
      #expect(array.shape == [3, 2])
      #expect(try array.values(as: Int.self) == [0, 3, 1, 4, 2, 5])
      #expect(try MAT.read(path, name: "d").values(as: Double.self) == [0.5, 3.5, 1.5, 4.5, 2.5, 5.5])
      #expect(try MAT.read(path, name: "l").elementType == .bool)
      #expect(try MAT.read(path, name: "l").values(as: Int.self) == [1, 0, 0, 1, 1, 0])
    }
  }

  @Test("Variables that are no real numbers are passed over with the reason")
  func otherVariables() throws {
    try withFile(Fixture.matMixed) { path throws in
      let listing = try MAT.variables(in: path)
      #expect(listing.arrays.map(\.name) == ["a"])
      #expect(listing.arrays.first?.shape == [3, 2])
      #expect(listing.skipped.map(\.name) == ["t", "z", "s", "c", "r"])
      let words = ["char", "complex", "sparse", "cell", "struct"]
      for (skipped, word) in zip(listing.skipped, words) { #expect(skipped.reason.contains(word)) }
      #expect(try MAT.read(path).shape == [3, 2])
      #expect(sentence { try MAT.read(path, name: "t") }.contains("save an array of real numbers"))
    }
  }

  @Test(
    "Numbers stored in a smaller type get the type of their class, in either order of bytes", arguments: [false, true])
  func smallStorage(isBigEndian: Bool) throws {
    func word(_ value: UInt32) -> [UInt8] {
      let bytes = (0..<4).map { UInt8(value >> (8 * $0) & 255) }
      return isBigEndian ? bytes.reversed() : bytes
    }
    let header = [UInt8](repeating: 32, count: 124) + (isBigEndian ? [1, 0, 0x4D, 0x49] : [0, 1, 0x49, 0x4D])
    let name: [UInt8] = [0x78, 0, 0, 0, 0, 0, 0, 0]
    let flags = word(6) + word(8) + word(6) + word(0)
    let shape = word(5) + word(8) + word(2) + word(1)
    let numbers: [UInt8] = word(3) + word(4) + (isBigEndian ? [255, 254, 1, 0] : [254, 255, 0, 1]) + [0, 0, 0, 0]
    let content = flags + shape + word(1) + word(1) + name + numbers
    let array = try withFile(header + word(14) + word(UInt32(content.count)) + content) { try MAT.read($0) }
    #expect(array.elementType == .float64)
    #expect(array.shape == [1, 2])
    #expect(array.values(as: Double.self) == [-2, 256])
  }

  @Test("A bad file is refused with what is wrong")
  func refusals() throws {
    func refusal(_ bytes: [UInt8]) throws -> String { try withFile(bytes) { path in sentence { try MAT.read(path) } } }
    #expect(try refusal(Array("text".utf8)).contains("is not a MATLAB 5 file"))
    #expect(try refusal(Array("MATLAB 7.3 MAT-file".utf8)).contains("save it again with the option -v7"))
    #expect(try refusal(Array(Fixture.matPlain.dropLast(1))).contains("ends within its variable 3"))
    #expect(try refusal(Array(Fixture.matPlain.prefix(128))).contains("holds no array of numbers"))
    var damaged = Fixture.matMixed
    damaged[150] ^= 0x55
    #expect(try refusal(damaged).contains("is damaged in its variable 1"))
  }
}
