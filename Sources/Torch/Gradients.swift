internal import CTorch

/// Runs `body` without building a gradient graph.
///
/// The setting belongs to the thread, so the body is synchronous.
public func withoutGradients<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
  let before = ct_gradients_enabled()
  ct_set_gradients_enabled(false)
  defer { ct_set_gradients_enabled(before) }
  return try body()
}

extension Tensor {
  /// The derivatives of this scalar in each parameter; zeros where it does not depend on one.
  public func gradients(in parameters: [Parameter]) -> [Tensor] {
    var out = [ct_tensor](repeating: ct_tensor(), count: parameters.count)
    demand("gradients", ct_gradients(handle, parameters.map(\.value.handle), parameters.count, &out))
    return out.map(Tensor.init(owning:))
  }

  /// Whether a gradient graph reaches this tensor.
  public var requiresGradient: Bool { ct_tensor_requires_gradient(handle) }
}

/// Scales gradients in place so that their joint Euclidean norm is at most `maximum`.
///
/// - Returns: The norm before.
public func clip(_ gradients: [Tensor], toNorm maximum: Double) -> Double {
  var norm = 0.0
  demand("clip", ct_gradients_clip(gradients.map(\.handle), gradients.count, maximum, &norm))
  return norm
}
