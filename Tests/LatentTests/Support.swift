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

/// A mean of draws with its standard error.
struct Estimate {
  let mean: Double
  let error: Double

  init(_ draws: [Double]) {
    let count = Double(draws.count)
    let mean = draws.reduce(0, +) / count
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    self.mean = mean
    error = (variance / count).squareRoot()
  }

  /// Whether a value is within so many standard errors, with room for the rounding of draws that are all the same.
  func agrees(with value: Double, errors: Double = 4) -> Bool {
    abs(mean - value) <= errors * error + 1e-6 * (1 + abs(value))
  }
}

/// The integral of a function by Simpson's rule with an even number of steps.
func integral(from low: Double, to high: Double, steps: Int = 4000, _ function: (Tensor) -> Tensor) -> Double {
  let width = (high - low) / Double(steps)
  let x = Tensor((0...steps).map { low + Double($0) * width })
  let weights = Tensor((0...steps).map { $0 == 0 || $0 == steps ? 1.0 : $0 % 2 == 1 ? 4 : 2 })
  return (function(x) * weights).sum().item * width / 3
}
