import Foundation
import Testing

/// A folder of a test's own, and what tests put into it.
struct Scratch {
  let path: String

  /// A fresh folder.
  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("latent-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Does away with the folder.
  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Calls a closure with a fresh folder, which is gone afterwards.
  static func with<Result>(_ body: (Scratch) throws -> Result) throws -> Result {
    let scratch = try Scratch()
    defer { scratch.remove() }
    return try body(scratch)
  }

  /// Calls a closure with a fresh folder in which the tiny model has been trained as `run`.
  static func withRun<Result>(_ body: (Scratch) throws -> Result) throws -> Result {
    try with { scratch in
      try Command.succeed(["train", "--out", "run"] + Command.tiny, in: scratch.path)
      return try body(scratch)
    }
  }

  /// The bytes of a file in the folder.
  func bytes(_ name: String, at location: SourceLocation = #_sourceLocation) throws -> Data {
    try #require(FileManager.default.contents(atPath: "\(path)/\(name)"), "\(name) exists.", sourceLocation: location)
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  /// Every name in the folder, at any depth.
  var names: [String] { ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).sorted() }

  func write(_ bytes: some DataProtocol, to name: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }
}

/// Files as other programs write them.
enum Sample {
  /// An array of `float32` in NumPy's format.
  static func npy(_ values: [Float], shape: [Int]) -> Data {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }"
    header += String(repeating: " ", count: 63 - (10 + header.count) % 64) + "\n"
    var data =
      Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)])
    data += Data(header.utf8)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
    return data
  }

  /// Rows of values that vary, `float32` in NumPy's format.
  static func npy(rows: Int, columns: Int) -> Data {
    npy((0..<rows * columns).map { Float($0 * 7919 % 101) / 101 }, shape: [rows, columns])
  }

  /// Pictures of bytes in the format of MNIST.
  static func idx(count: Int, height: Int, width: Int) -> Data {
    var data = Data([0, 0, 8, 3])
    for extent in [count, height, width] { data += Data([0, 0, UInt8(extent >> 8), UInt8(extent & 255)]) }
    return data + Data((0..<count * height * width).map { UInt8($0 * 31 % 256) })
  }

  /// One array `X` of 40 × 6 zeros, as `numpy.savez_compressed` writes it.
  static func npz() throws -> Data { try #require(Data(base64Encoded: npzText)) }

  /// A grey picture of one pixel.
  static func png() throws -> Data { try #require(Data(base64Encoded: pngText)) }

  private static let npzText =
    "UEsDBC0AAAAIAAAAIQDNSb4h//////////8FABQAWC5ucHkBABAAQAQAAAAAAABPAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6l"
    + "oG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GiYGOgpmmjoKtQrkAi6GUTAKRsGQBQBQSwECLQMtAAAACAAAACEA"
    + "zUm+IU8AAABABAAABQAAAAAAAAAAAAAAgAEAAAAAWC5ucHlQSwUGAAAAAAEAAQAzAAAAhgAAAAAA"
  private static let pngText =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
}
