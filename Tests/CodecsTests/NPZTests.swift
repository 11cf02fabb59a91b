import Codecs
import Testing

@Suite("NPZ")
struct NPZTests {
  @Test("Arrays are listed with shape and type, and pickles are passed over")
  func listing() throws {
    let listing = try withFile(Fixture.npzDeflated) { try NPZ.arrays(in: $0) }
    #expect(listing.arrays.map(\.name) == ["x", "y"])
    #expect(listing.arrays.map(\.shape) == [[40, 3], [2]])
    #expect(listing.arrays.map(\.elementType) == [.float32, .int64])
    #expect(listing.skipped.map(\.name) == ["metadata"])
    #expect(listing.skipped[0].reason.contains("Python objects"))
  }

  @Test("Stored and deflated arrays are read by name", arguments: [Fixture.npzStored, Fixture.npzDeflated])
  func byName(file: [UInt8]) throws {
    try withFile(file) { path throws in
      #expect(try NPZ.read(path, name: "y").values(as: Int.self) == [0, 1])
      #expect(try NPZ.read(path, name: "x").values(as: Float.self).prefix(6) == [0, 1, 2, 3, 4, 5])
    }
  }

  @Test("Without a name the largest array of two or more dimensions is read")
  func withoutName() throws {
    #expect(try withFile(Fixture.npzDeflated) { try NPZ.read($0).shape } == [40, 3])
  }

  @Test("A wrong name is answered with the right ones, a pickle by why it is not read")
  func wrongNames() throws {
    try withFile(Fixture.npzDeflated) { path throws in
      #expect(sentence { try NPZ.read(path, name: "z") }.contains("no array named “z”; it holds “x” [40, 3], “y” [2]"))
      #expect(sentence { try NPZ.read(path, name: "metadata") }.contains("never unpickles"))
    }
  }

  @Test("Damage to an array's bytes is noticed")
  func damage() throws {
    var file = Fixture.npzStored
    let numbers = try #require(file.indices.first { file[$0...].starts(with: [0, 0, 0x80, 0x3F]) })
    file[numbers] = 1
    #expect(try withFile(file) { path in sentence { try NPZ.read(path, name: "x") } }.contains("is damaged"))
  }

  @Test("What is no zip archive is refused")
  func noArchive() throws {
    #expect(try withFile(Array("not a zip".utf8)) { path in sentence { try NPZ.read(path) } }.contains("zip archive"))
  }
}
