import Codecs
import Foundation
import Testing

@Suite("Archives")
struct ArchiveTests {
  private static let contents: [String: [UInt8]] = [
    "one.txt": Array("first".utf8), "folder/two.bin": [UInt8](repeating: 7, count: 100_000), "folder/empty": [],
  ]

  /// Packs the contents by `tar` and calls a closure with the archive.
  private func withArchive<Result>(_ options: [String], _ body: (String) throws -> Result) throws -> Result {
    try withFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/in/folder", withIntermediateDirectories: true)
      for (name, bytes) in Self.contents { try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/in/\(name)")) }
      try run(["tar"] + options + ["-f", "\(folder)/archive", "-C", "\(folder)/in", "one.txt", "folder"])
      return try body("\(folder)/archive")
    }
  }

  @Test(
    "Every plain file of a tar is given with name and contents, compressed or not",
    arguments: [["-c"], ["-cz"], ["-c", "--format=v7"], ["-c", "--format=pax"]])
  func tar(options: [String]) throws {
    try withArchive(options) { path in
      var found: [String: [UInt8]] = [:]
      try Archive.forEachEntry(in: path) { found[$0] = $1 }
      #expect(found == Self.contents)
      #expect(try FileFormat.recognize(path) == .archive)
    }
  }

  @Test("A zip is read like a tar")
  func zip() throws {
    let names = try withFile(Fixture.npzStored) { try Archive.names(in: $0) }
    #expect(names == ["x.npy", "y.npy"])
  }

  @Test("What the closure throws comes out")
  func thrownByClosure() throws {
    struct Enough: Error {}
    _ = try withFile(Fixture.npzStored) { path throws in
      #expect(throws: Enough.self) { try Archive.forEachEntry(in: path) { _, _ in throw Enough() } }
    }
  }

  @Test("A file of more bytes than the limit is refused")
  func limit() throws {
    try withFile(Fixture.npzStored) { path throws in
      #expect(
        sentence { try Archive.forEachEntry(in: path, limit: 100) { _, _ in } }.contains("of more than 100 bytes"))
    }
  }

  @Test("A damaged or shortened archive, and what is none, are refused")
  func refusals() throws {
    let whole = try withArchive(["-cz"]) { [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0))) }
    for bytes in [Array(whole.dropLast(whole.count / 2)), Array("no archive at all".utf8)] {
      let refusal = try withFile(bytes) { path in sentence { try Archive.forEachEntry(in: path) { _, _ in } } }
      #expect(refusal.contains("copy, download or pack it again"))
    }
  }
}
