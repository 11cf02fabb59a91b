internal import CTorch

/// A tensor that training changes, in place.
public struct Parameter {
  /// The current value; gradients reach it.
  public let value: Tensor

  /// A parameter that starts from a value, whose memory it takes over.
  public init(_ initial: Tensor) {
    value = initial.detached()
    demand("parameter", ct_tensor_require_gradient(value.handle))
  }
}

/// A tensor that belongs to a model's state but that training does not change by gradients.
public struct Buffer {
  /// The current value.
  public let value: Tensor

  /// A buffer that starts from a value.
  public init(_ initial: Tensor) { value = initial.detached() }
}
