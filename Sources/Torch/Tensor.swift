internal import CTorch

/// An array of numbers on a device, with the gradient graph that led to it.
///
/// A shape that does not fit is a mistake in the program and traps at the operation, in libtorch's words, so that mathematics
/// reads like mathematics. A tensor is not `Sendable`: one task, or one actor, owns it.
public final class Tensor {
  let handle: ct_tensor

  init(owning handle: ct_tensor) { self.handle = handle }

  deinit { ct_tensor_free(handle) }

  /// Runs one call of the engine that makes a tensor.
  @inline(__always)
  static func make(_ operation: StaticString, _ body: (UnsafeMutablePointer<ct_tensor>) -> ct_error?) -> Tensor {
    var out = ct_tensor()
    demand(operation, body(&out))
    return Tensor(owning: out)
  }

  /// Runs one call of the engine that makes a tensor out of what came from outside.
  @inline(__always)
  static func attempt(_ body: (UnsafeMutablePointer<ct_tensor>) -> ct_error?) throws(TorchError) -> Tensor {
    var out = ct_tensor()
    try check(body(&out))
    return Tensor(owning: out)
  }

  /// The extents of the dimensions, outermost first; empty for a scalar.
  public var shape: [Int] { (0..<rank).map { Int(ct_tensor_extent(handle, Int64($0))) } }

  /// The number of dimensions.
  public var rank: Int { Int(ct_tensor_rank(handle)) }

  /// The number of elements.
  public var count: Int { Int(ct_tensor_count(handle)) }

  /// The type of an element.
  public var type: ElementKind { ElementKind(ct_tensor_type(handle)) }

  /// Where the elements are.
  public var device: Device { Device(ct_tensor_device(handle)) }

  /// Whether the elements lie in C order without gaps.
  public var isContiguous: Bool { ct_tensor_is_contiguous(handle) }

  /// The extent of one dimension; negative numbers count from the last.
  public func extent(_ dimension: Int) -> Int {
    Int(ct_tensor_extent(handle, Int64(dimension < 0 ? rank + dimension : dimension)))
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape, type and device, and the value where there is only one.
  public var description: String {
    let value = count == 1 ? " \(item)" : ""
    return "Tensor\(shape) \(type)\(device == .cpu ? "" : " on \(device)")\(value)"
  }
}
