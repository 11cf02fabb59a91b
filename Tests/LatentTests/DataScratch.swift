import Codecs
import Foundation
import Latent

/// A folder of small files that goes away with the test.
final class DataScratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("latent-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  @discardableResult
  func write(_ text: String, _ name: String) throws -> String { try write(Array(text.utf8), name) }

  func load(
    _ name: String, for description: DataDescription? = nil, keepingMissing: Bool = false,
    _ change: (inout DataConfiguration) -> Void = { _ in }
  ) throws -> (training: Dataset, test: Dataset?) {
    var configuration = DataConfiguration()
    configuration.source = name.isEmpty ? path : "\(path)/\(name)"
    change(&configuration)
    return try DataSource.load(configuration, for: description, keepingMissing: keepingMissing)
  }

  /// What goes wrong, in words.
  func refusal(_ name: String, _ change: (inout DataConfiguration) -> Void = { _ in }) -> String {
    do {
      _ = try load(name, change)
      return "nothing went wrong"
    } catch {
      return "\(error)"
    }
  }
}

/// Files in the formats that data comes in.
enum DataFile {
  static func idx(_ values: [UInt8], _ shape: [Int]) -> [UInt8] {
    var result: [UInt8] = [0, 0, 8, UInt8(shape.count)]
    result += shape.flatMap { bigEndian(UInt32($0)) }
    return result + values
  }

  static func npy<Value: ArrayElement>(_ values: [Value], _ shape: [Int]) throws -> [UInt8] {
    let scratch = try DataScratch()
    try NPY.write(NumericArray(values, shape: shape), to: scratch.path + "/array.npy")
    return Array(try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/array.npy")))
  }

  /// A grey picture whose pixels are all the same, or a colour one.
  static func png(_ pixels: [UInt8], width: Int, channels: Int = 1) throws -> [UInt8] {
    try Picture(width: width, height: pixels.count / width / channels, channels: channels, pixels: pixels).pngData()
  }

  /// A MATLAB 5 file with one variable; the numbers in MATLAB's order.
  static func mat(_ name: String, _ values: [Double], _ shape: [Int]) -> [UInt8] {
    let label = Array(name.utf8)
    var body = element(6, littleEndian(UInt32(6)) + littleEndian(UInt32(0)))
    body += element(5, shape.flatMap { littleEndian(UInt32($0)) })
    body += element(1, label)
    body += element(9, values.flatMap { littleEndian($0.bitPattern) })
    var result = Array("MATLAB 5.0 MAT-file".utf8)
    result += [UInt8](repeating: 32, count: 124 - result.count)
    result += [0, 1, 0x49, 0x4D]
    return result + element(14, body)
  }

  /// A zip archive that stores its entries as they are.
  static func zip(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var (result, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, bytes) in entries {
      let size = littleEndian(UInt32(bytes.count))
      var common: [UInt8] = [20, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      common += littleEndian(checksum(bytes))
      common += size + size
      common += littleEndian(UInt16(name.utf8.count))
      common += [0, 0]
      directory += [0x50, 0x4B, 1, 2, 20, 0]
      directory += common
      directory += [UInt8](repeating: 0, count: 10)
      directory += littleEndian(UInt32(result.count))
      directory += Array(name.utf8)
      result += [0x50, 0x4B, 3, 4]
      result += common
      result += Array(name.utf8)
      result += bytes
    }
    let count = littleEndian(UInt16(entries.count))
    let places = littleEndian(UInt32(directory.count)) + littleEndian(UInt32(result.count))
    result += directory
    result += [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    result += count + count
    result += places
    result += [0, 0]
    return result
  }

  static func npz(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    zip(entries.map { ($0.name + ".npy", $0.bytes) })
  }

  private static func element(_ type: UInt32, _ bytes: [UInt8]) -> [UInt8] {
    var result = littleEndian(type) + littleEndian(UInt32(bytes.count))
    result += bytes
    result += [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
    return result
  }

  private static func bigEndian<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }

  private static func littleEndian<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
