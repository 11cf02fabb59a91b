import Codecs
import Foundation
import Testing

@Suite("Files")
struct FileTests {
  @Test("A file is replaced whole, and nothing else is left in its folder")
  func replacement() throws {
    try withFolder { folder in
      let path = "\(folder)/a.bin"
      try AtomicFile.write([1, 2, 3], to: path)
      try AtomicFile.write([4], to: path)
      #expect(try Gzip.read(path) == [4])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.bin"])
    }
  }

  @Test("A writer that throws leaves the old file and no other")
  func interruption() throws {
    struct Interruption: Error {}
    try withFolder { folder in
      let path = "\(folder)/a.bin"
      try AtomicFile.write([1, 2, 3], to: path)
      #expect(throws: Interruption.self) {
        try AtomicFile.write(to: path) { file in
          try file.append([9, 9])
          throw Interruption()
        }
      }
      #expect(try Gzip.read(path) == [1, 2, 3])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.bin"])
    }
  }

  @Test("A symbolic link stays one, and what it points to is replaced")
  func symbolicLink() throws {
    try withFolder { folder in
      try AtomicFile.write([1], to: "\(folder)/real")
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "real")
      try AtomicFile.write([2], to: "\(folder)/link")
      #expect(try Gzip.read("\(folder)/real") == [2])
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link") == "real")
    }
  }

  @Test("What cannot be written is said in a sentence")
  func refusals() throws {
    try withFolder { folder in
      #expect(
        sentence { try AtomicFile.write([1], to: "\(folder)/none/a") }.contains(
          "the folder \(folder)/none does not exist"))
      #expect(sentence { try AtomicFile.write([1], to: folder) }.contains("is a folder"))
      try AtomicFile.write([1], to: "\(folder)/file")
      #expect(sentence { try AtomicFile.write([1], to: "\(folder)/file/a") }.contains("is not a folder"))
    }
  }

  @Test(
    "A full disk is named", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "There is no /dev/full."))
  func fullDisk() {
    #expect(sentence { try AtomicFile.write([1], to: "/dev/full") }.contains("the disk is full"))
  }

  @Test("A folder closed to writing is named", .disabled(if: geteuid() == 0, "The superuser may write everywhere."))
  func closedFolder() throws {
    try withFolder { folder in
      try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
      defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder) }
      #expect(sentence { try AtomicFile.write([1], to: "\(folder)/a") }.contains("a folder that you may write to"))
    }
  }

  @Test("A missing file, a folder and an empty file are told apart by every reader")
  func missingFiles() throws {
    let readers: [(String) throws -> Any] = [
      { try Gzip.read($0) }, { try IDX.read($0) }, { try NPY.read($0) }, { try NPZ.read($0) }, { try MAT.read($0) },
      { try CSV.read($0) }, { try Pictures.read($0) }, { try Archive.names(in: $0) }, { try FileFormat.recognize($0) },
    ]
    try withFolder { folder in
      try AtomicFile.write([], to: "\(folder)/empty")
      for read in readers {
        #expect(sentence { try read("\(folder)/none") }.contains("none does not exist"))
        #expect(sentence { try read(folder) }.contains("is a folder where a file is needed"))
        #expect(sentence { try read("\(folder)/empty") }.contains("empty is empty"))
      }
    }
  }

  @Test("A file closed to reading is named", .disabled(if: geteuid() == 0, "The superuser may read everything."))
  func closedFile() throws {
    try withFile([1]) { path in
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
      #expect(sentence { try Gzip.read(path) }.contains("cannot be opened (Permission denied); check its permissions"))
    }
  }

  @Test("Compressed and plain files read the same")
  func gzip() throws {
    let bytes = (0..<300_000).map { UInt8($0 * $0 % 251) }
    for file in [bytes, try gzipped(bytes)] {
      #expect(try withFile(file) { try Gzip.read($0) } == bytes)
      #expect(try withFile(file) { try Gzip.firstBytes(of: $0, count: 4) } == Array(bytes[..<4]))
    }
  }

  @Test("Files are recognized by what they hold, compressed or not")
  func recognition() throws {
    for (bytes, format) in [
      (Fixture.scalar, .npy), (Fixture.npzStored, .npz), (Fixture.matPlain, .mat), (Fixture.greyJPEG, .picture),
      (Fixture.oneBitPNG, .picture), ([0, 0, 8, 1, 0, 0, 0, 1, 5], .idx), (Array("a,b\n1,2\n".utf8), .text),
      (Array("P5 1 1 255 a".utf8), .picture), (Array("P5,P6\n1,2".utf8), .text), (Array("PK,BZ\n1,2".utf8), .text),
    ] as [([UInt8], FileFormat)] {
      #expect(try withFile(bytes) { try FileFormat.recognize($0) } == format)
      #expect(try withFile(gzipped(bytes)) { try FileFormat.recognize($0) } == format || format == .npz)
    }
    #expect(sentence { try withFile([1, 0, 2, 0, 3]) { try FileFormat.recognize($0) } }.contains("of no known format"))
  }
}
