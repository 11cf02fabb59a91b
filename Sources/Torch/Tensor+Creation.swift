internal import CTorch

extension [Int] {
  /// The extents as the engine takes them.
  @inline(__always)
  func withExtents<Result>(_ body: (UnsafeBufferPointer<Int64>) -> Result) -> Result {
    withUnsafeBufferPointer { $0.withMemoryRebound(to: Int64.self, body) }
  }
}

extension Tensor {
  /// A tensor whose elements are all the same.
  public static func full(_ shape: [Int], _ value: Double, type: ElementKind = .float32, on device: Device = .cpu)
    -> Tensor
  {
    shape.withExtents { extents in
      .make("full") { ct_tensor_full(extents.baseAddress, extents.count, value, type.code, device.code, $0) }
    }
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: [Int], type: ElementKind = .float32, on device: Device = .cpu) -> Tensor {
    full(shape, 0, type: type, on: device)
  }

  /// A tensor of ones.
  public static func ones(_ shape: [Int], type: ElementKind = .float32, on device: Device = .cpu) -> Tensor {
    full(shape, 1, type: type, on: device)
  }

  /// The identity matrix.
  public static func identity(_ size: Int, type: ElementKind = .float32, on device: Device = .cpu) -> Tensor {
    .make("identity") { ct_tensor_eye(Int64(size), type.code, device.code, $0) }
  }

  /// The numbers 0 ..< count.
  public static func range(_ count: Int, type: ElementKind = .int64, on device: Device = .cpu) -> Tensor {
    .make("range") { ct_tensor_arange(0, Double(count), 1, type.code, device.code, $0) }
  }

  /// A scalar.
  public convenience init(_ value: Double, type: ElementKind = .float32, on device: Device = .cpu) {
    var out = ct_tensor()
    demand("scalar", ct_tensor_full([], 0, value, type.code, device.code, &out))
    self.init(owning: out)
  }

  /// A copy of an array's elements.
  ///
  /// - Parameter shape: In C order; its product is the array's count.
  public convenience init<Value: Element>(_ values: [Value], shape: [Int]) {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values do not fill shape \(shape)")
    var out = ct_tensor()
    demand("array", shape.withExtents { ct_tensor_empty($0.baseAddress, $0.count, Value.kind.code, -1, &out) })
    self.init(owning: out)
    withUnsafeMutableBytes { target in
      values.withUnsafeBytes { target.copyMemory(from: $0) }
    }
  }

  /// A copy of an array's elements in one dimension.
  public convenience init<Value: Element>(_ values: [Value]) { self.init(values, shape: [values.count]) }

  /// A tensor over memory that something else owns, without a copy.
  ///
  /// - Parameter bytes: At least as many as the shape and type ask for; they must stay in place while `owner` lives.
  /// - Parameter owner: Kept alive until the last use of the tensor's elements has gone.
  public convenience init(over bytes: UnsafeMutableRawBufferPointer, shape: [Int], type: ElementKind, owner: AnyObject)
  {
    let needed = shape.reduce(type.byteCount, *)
    guard needed > 0, let address = bytes.baseAddress else {
      var out = ct_tensor()
      demand("empty", shape.withExtents { ct_tensor_empty($0.baseAddress, $0.count, type.code, -1, &out) })
      self.init(owning: out)
      return
    }
    precondition(bytes.count >= needed, "\(bytes.count) bytes do not fill \(type) of shape \(shape)")
    let context = Unmanaged.passRetained(owner).toOpaque()
    var out = ct_tensor()
    demand(
      "memory",
      shape.withExtents { extents in
        ct_tensor_over(
          address, extents.baseAddress, extents.count, type.code, context,
          { $0.map { Unmanaged<AnyObject>.fromOpaque($0).release() } }, &out)
      })
    self.init(owning: out)
  }
}
