import Codecs
import Foundation
import Testing

/// Calls a closure with the path of a fresh folder, which is gone afterwards.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("codecs-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

/// Calls a closure with the path of a file of these bytes.
func withFile<Result>(_ bytes: [UInt8], named name: String = "file", _ body: (String) throws -> Result) throws -> Result
{
  try withFolder { folder in
    let path = "\(folder)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try body(path)
  }
}

/// The sentence of the error that a closure throws; a failure of the test when it throws none.
func sentence(_ body: () throws -> some Any, at location: SourceLocation = #_sourceLocation) -> String {
  do {
    _ = try body()
    Issue.record("No error was thrown.", sourceLocation: location)
  } catch let error as CodecError {
    let text = error.description
    #expect(text.hasSuffix("."), "\(text) is a sentence.", sourceLocation: location)
    #expect(!text.contains("\n"), "\(text) is one line.", sourceLocation: location)
    return text
  } catch {
    Issue.record("\(error) is not a CodecError.", sourceLocation: location)
  }
  return ""
}

/// Bytes compressed as gzip does, by the command.
func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
  try withFile(bytes) { path in
    try run(["gzip", "-n", path])
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + ".gz")))
  }
}

/// Runs a command that must succeed.
func run(_ command: [String]) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = command
  try process.run()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0, "\(command) succeeds.")
}

/// A source of random numbers that gives the same ones for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

/// Published data sets, which are not part of the package.
enum Samples {
  static let folder: String =
    ProcessInfo.processInfo.environment["LATENT_DATA"]
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared/data")
    .standardizedFileURL.path

  static let areThere = FileManager.default.fileExists(atPath: folder)
  static let absence: Comment = "The published data sets are not there; set LATENT_DATA to their folder."
}
