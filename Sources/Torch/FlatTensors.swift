internal import CTorch

/// Tensors that lie one behind the other in one block of memory, so that one operation reaches all of them.
public struct FlatTensors {
  /// All of the numbers, `float32` in one dimension, on the device of the first tensor.
  public let block: Tensor
  /// Its parts, without a copy.
  public let parts: [Tensor]

  /// Zeros.
  ///
  /// - Parameter tensors: At least one; each part has the shape of one of them, and its order in memory.
  public init(like tensors: [Tensor]) {
    var block = ct_tensor()
    var parts = [ct_tensor](repeating: ct_tensor(), count: tensors.count)
    // A handle does not keep its tensor.
    withExtendedLifetime(tensors) { demand("flat", ct_flat(tensors.map(\.handle), tensors.count, &block, &parts)) }
    self.block = Tensor(owning: block)
    self.parts = parts.map(Tensor.init(owning:))
  }

  /// Overwrites the parts with tensors of the same shapes.
  public func copy(from tensors: [Tensor]) {
    precondition(tensors.count == parts.count, "\(tensors.count) tensors do not fill \(parts.count) parts")
    withExtendedLifetime((parts, tensors)) {
      demand("copy", ct_tensors_copy(parts.map(\.handle), tensors.map(\.handle), parts.count))
    }
  }
}
