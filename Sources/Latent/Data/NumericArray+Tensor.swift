internal import Codecs
internal import Foundation
internal import Torch

extension NumericArray {
  /// The numbers as a tensor that shares their memory: bytes stay bytes, all else becomes `float32`.
  ///
  /// Wider numbers are narrowed where they lie, so that a table never takes more memory than its file's numbers do.
  func tensor(shape: [Int]) throws -> Tensor {
    switch elementType {
    case .bool, .uint8: return Tensor(over: bytes, shape: shape, type: .uint8, owner: self)
    case .float32: break
    case .int32: narrow(Int32.self) { Float($0) }
    case .uint32: narrow(UInt32.self) { Float($0) }
    case .int64: narrow(Int64.self) { Float($0) }
    case .uint64: narrow(UInt64.self) { Float($0) }
    case .float64: narrow(Double.self) { Float($0) }
    case .int8, .int16, .uint16, .float16:
      let wide = try NumericArray(elementType: .float32, shape: shape)
      convert(into: wide.bytes.assumingMemoryBound(to: Float.self))
      return try wide.tensor(shape: shape)
    }
    return Tensor(over: bytes, shape: shape, type: .float32, owner: self)
  }

  /// Writes each number over the place of an earlier one or its own, and gives the pages behind back.
  private func narrow<Number: BitwiseCopyable>(_ type: Number.Type, _ convert: (Number) -> Float) {
    let width = MemoryLayout<Number>.stride
    for index in 0..<count {
      let value = convert(bytes.load(fromByteOffset: index * width, as: type))
      bytes.storeBytes(of: value, toByteOffset: index * 4, as: Float.self)
    }
    let page = Int(getpagesize())
    guard width > 4, let start = bytes.baseAddress else { return }
    let first = (Int(bitPattern: start) + 4 * count + page - 1) / page * page
    let last = (Int(bitPattern: start) + width * count) / page * page
    if last > first { madvise(UnsafeMutableRawPointer(bitPattern: first), last - first, MADV_DONTNEED) }
  }
}
