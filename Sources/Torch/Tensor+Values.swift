internal import CTorch

extension Tensor {
  /// The only element.
  public var item: Double {
    var value = 0.0
    demand("item", ct_tensor_item(handle, &value))
    return value
  }

  /// Whether no element is infinite or not a number.
  public var isAllFinite: Bool {
    var result = false
    demand("isAllFinite", ct_tensor_all_finite(handle, &result))
    return result
  }

  /// The elements in C order, converted where the type differs.
  public func values<Value: Element>(as _: Value.Type = Value.self) -> [Value] {
    let source = detached().to(type: Value.kind, device: .cpu).contiguous()
    return [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      source.withUnsafeMutableBytes {
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer($0))
      }
      initialized = count
    }
  }

  /// Lends the elements of a contiguous tensor on the processor.
  public func withUnsafeMutableBytes<Result, Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var address: UnsafeMutableRawPointer?
    demand("withUnsafeMutableBytes", ct_tensor_data(handle, &address))
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeMutableRawBufferPointer(start: address, count: count * type.byteCount))
  }

  /// The same elements in another type or on another device; itself where both are as asked.
  public func to(type: ElementKind? = nil, device: Device? = nil) -> Tensor {
    let type = type ?? self.type
    let device = device ?? self.device
    if type == self.type && device == self.device { return self }
    return .make("to") { ct_tensor_to(handle, type.code, device.code, $0) }
  }

  /// Overwrites the elements in place; the shapes agree or broadcast.
  public func copy(from source: Tensor) { demand("copy", ct_tensor_copy(handle, source.handle)) }

  /// A tensor of its own memory with the same elements.
  public func copied() -> Tensor { .make("copied") { ct_tensor_clone(handle, $0) } }

  /// The same elements in C order without gaps; itself where they are.
  public func contiguous() -> Tensor { isContiguous ? self : .make("contiguous") { ct_tensor_contiguous(handle, $0) } }

  /// The same elements, through which no gradient flows.
  public func detached() -> Tensor { .make("detached") { ct_tensor_detach(handle, $0) } }
}
