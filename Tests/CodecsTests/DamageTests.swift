import Codecs
import Foundation
import Testing

/// Whatever a file holds, a reader gives an array or throws a sentence; a trap would end the whole run of tests.
@Suite("Damaged files")
struct DamageTests {
  /// A small valid file and all that reads it.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: @Sendable () throws -> [UInt8]
    let read: @Sendable (String) throws -> Void
  }

  private static let idx: [UInt8] = [0, 0, 11, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]
  private static let table = "a;\"b\nc\";d\n1;2,5;\"x\"\"y\"\n;NA;-1e-3\n\n7;?;1234567890123456789012\n"
  private static let comments = "P3 # comment\n2 1\n# more\n15\n1 2 3 4 5 6\n"

  private static let readNPY: @Sendable (String) throws -> Void = { _ = try NPY.read($0).values(as: Float.self) }
  private static let readNPZ: @Sendable (String) throws -> Void = { path in
    for entry in try NPZ.arrays(in: path).arrays { _ = try NPZ.read(path, name: entry.name).values(as: Double.self) }
  }
  private static let readMAT: @Sendable (String) throws -> Void = { path in
    for entry in try MAT.variables(in: path).arrays { _ = try MAT.read(path, name: entry.name).values(as: Double.self) }
  }
  private static let readPicture: @Sendable (String) throws -> Void = { _ = try Pictures.read($0, channels: 1) }
  private static let readTable: @Sendable (String) throws -> Void = { path in
    let table = try CSV.read(path)
    for column in table.columns.indices {
      _ = (table.summary(ofColumn: column), table.texts(ofColumn: column))
    }
    _ = try table.array()
  }

  static let cases: [Case] = [
    Case(testDescription: "IDX", bytes: { idx }, read: { _ = try IDX.read($0).values(as: Float.self) }),
    Case(
      testDescription: "IDX, compressed", bytes: { try gzipped(idx) },
      read: { _ = try IDX.read($0).values(as: Float.self) }),
    Case(testDescription: "NPY", bytes: { Fixture.float32InCOrder }, read: readNPY),
    Case(testDescription: "NPY in Fortran order", bytes: { Fixture.threeDimensionsInFortranOrder }, read: readNPY),
    Case(testDescription: "NPY of version 2", bytes: { Fixture.float16OfVersion2 }, read: readNPY),
    Case(testDescription: "NPZ, stored", bytes: { Fixture.npzStored }, read: readNPZ),
    Case(testDescription: "NPZ, deflated", bytes: { Fixture.npzDeflated }, read: readNPZ),
    Case(testDescription: "MATLAB, plain", bytes: { Fixture.matPlain }, read: readMAT),
    Case(testDescription: "MATLAB, compressed", bytes: { Fixture.matMixed }, read: readMAT),
    Case(testDescription: "PNG of one bit", bytes: { Fixture.oneBitPNG }, read: readPicture),
    Case(testDescription: "PNG with a palette", bytes: { Fixture.palettePNG }, read: readPicture),
    Case(testDescription: "PNG of 16 bits", bytes: { Fixture.sixteenBitPNG }, read: readPicture),
    Case(testDescription: "PNG with transparency", bytes: { Fixture.transparentPNG }, read: readPicture),
    Case(testDescription: "JPEG, baseline", bytes: { Fixture.greyJPEG }, read: readPicture),
    Case(testDescription: "JPEG, progressive", bytes: { Fixture.colourJPEG }, read: readPicture),
    Case(testDescription: "PNM as text", bytes: { Array(comments.utf8) }, read: readPicture),
    Case(
      testDescription: "PNM, binary", bytes: { Array("P5 2 2 999\n".utf8) + [0, 1, 2, 3, 1, 4, 3, 6] },
      read: readPicture),
    Case(testDescription: "CSV", bytes: { Array(table.utf8) }, read: readTable),
    Case(
      testDescription: "archive", bytes: { Fixture.npzDeflated }, read: { try Archive.forEachEntry(in: $0) { _, _ in } }
    ),
    Case(testDescription: "any format", bytes: { Fixture.npzStored }, read: { _ = try FileFormat.recognize($0) }),
  ]

  @Test("The whole file is read", arguments: cases)
  func whole(file: Case) throws {
    do {
      try withFile(file.bytes(), file.read)
    } catch let error as CodecError where file.testDescription == "CSV" {
      #expect(error.description.contains("the text"))
    }
  }

  @Test("A file cut at any length is read or refused in a sentence", arguments: cases)
  func truncation(file: Case) throws {
    let bytes = try file.bytes()
    try withFolder { folder in
      for length in 0..<bytes.count { try attempt(file, Array(bytes[..<length]), at: "\(folder)/file") }
    }
  }

  @Test("A file with any bytes changed is read or refused in a sentence", arguments: cases)
  func mutation(file: Case) throws {
    let bytes = try file.bytes()
    var generator = SeededGenerator(seed: 20)
    try withFolder { folder in
      for _ in 0..<400 {
        var changed = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let index = Int.random(in: changed.indices, using: &generator)
          changed[index] =
            [0, 1, 0x7F, 0x80, 0xFF, .random(in: 0...255, using: &generator)].randomElement(using: &generator) ?? 0
        }
        try attempt(file, changed, at: "\(folder)/file")
      }
    }
  }

  private func attempt(_ file: Case, _ bytes: [UInt8], at path: String) throws {
    // A fresh file each time, not by Foundation: either way else, most of the time would go into waiting for the disk.
    unlink(path)
    let stream = try #require(fopen(path, "wb"))
    fwrite(bytes, 1, bytes.count, stream)
    fclose(stream)
    do {
      try file.read(path)
    } catch let error as CodecError {
      // Stated like this because an expectation for each of thousands of attempts takes longer than reading.
      if !error.description.contains("file") { Issue.record("\(error) names the file.") }
    }
  }
}
