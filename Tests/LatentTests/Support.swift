import Foundation
import Latent
import Torch

extension Tensor {
  /// The elements in double precision.
  var doubles: [Double] { values(as: Double.self) }

  /// The elements' bytes in C order.
  var bytes: [UInt8] { detached().to(device: .cpu).contiguous().withUnsafeMutableBytes { Array($0) } }
}

/// A folder for a test, which removes it at its end.
struct ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("latent-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// What goes wrong, in words.
func refusal(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch { return "\(error)" }
}

/// The names and bytes of a state, to be compared.
func snapshot(_ state: [(name: String, tensor: Tensor)]) -> [String: [UInt8]] {
  [String: [UInt8]](uniqueKeysWithValues: state.map { ($0.name, $0.tensor.bytes) })
}
