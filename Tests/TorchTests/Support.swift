import Foundation
import Torch

extension Tensor {
  /// The elements in double precision.
  var doubles: [Double] { values(as: Double.self) }

  /// The elements' bytes in C order.
  var bytes: [UInt8] { detached().to(device: .cpu).contiguous().withUnsafeMutableBytes { Array($0) } }

  /// Double-precision numbers without a pattern, spread over a range; the same for the same arguments.
  static func irregular(_ shape: [Int], in range: ClosedRange<Double> = -2...2, salt: Int = 0) -> Tensor {
    let count = shape.reduce(1, *)
    let values = (0..<count).map { index in
      // Multiples of the golden ratio never repeat and never come near each other.
      let part = (Double(index + 1 + 37 * salt) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
      return range.lowerBound + part * (range.upperBound - range.lowerBound)
    }
    return Tensor(values, shape: shape)
  }
}

/// A folder for a test, which removes it at its end.
struct Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("torch-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
