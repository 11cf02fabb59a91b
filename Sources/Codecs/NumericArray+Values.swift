extension NumericArray {
  /// All numbers as `Float`, in C order; booleans are 0 and 1.
  public func values(as type: Float.Type) -> [Float] { converted { $0 } }

  /// All numbers as `Double`, in C order; booleans are 0 and 1.
  public func values(as type: Double.Type) -> [Double] { converted { $0 } }

  /// All numbers as `Int`, in C order.
  ///
  /// - Throws: ``CodecError`` when a number is not a whole number that `Int` can hold.
  public func values(as type: Int.Type) throws(CodecError) -> [Int] {
    switch elementType {
    case .bool, .uint8, .int8, .uint16, .int16, .uint32, .int32, .int64: return converted { $0 }
    case .uint64: return try exactly(UInt64.self)
    case .float16: return try exactly(Float16.self)
    case .float32: return try exactly(Float.self)
    case .float64: return try exactly(Double.self)
    }
  }

  /// Writes the numbers from `first` on as `Float` into memory that the caller owns, as many as it holds.
  public func convert(from first: Int = 0, into destination: UnsafeMutableBufferPointer<Float>) {
    precondition(first >= 0 && first <= count && destination.count <= count - first, "The range lies within the array.")
    fill(destination, from: first)
  }

  /// The same numbers in another type; what that type cannot hold becomes its nearest value.
  func converted(to type: ElementType) throws(CodecError) -> NumericArray {
    switch type {
    case .float64: try NumericArray(values(as: Double.self), shape: shape)
    case .float32: try NumericArray(values(as: Float.self), shape: shape)
    case .float16: try NumericArray(values(as: Float.self).map { Float16($0) }, shape: shape)
    case .bool: try NumericArray(values(as: Double.self).map { $0 != 0 }, shape: shape)
    case .uint8: try NumericArray(values(as: Int.self).map { UInt8(clamping: $0) }, shape: shape)
    case .int8: try NumericArray(values(as: Int.self).map { Int8(clamping: $0) }, shape: shape)
    case .uint16: try NumericArray(values(as: Int.self).map { UInt16(clamping: $0) }, shape: shape)
    case .int16: try NumericArray(values(as: Int.self).map { Int16(clamping: $0) }, shape: shape)
    case .uint32: try NumericArray(values(as: Int.self).map { UInt32(clamping: $0) }, shape: shape)
    case .int32: try NumericArray(values(as: Int.self).map { Int32(clamping: $0) }, shape: shape)
    case .uint64: try NumericArray(values(as: Int.self).map { UInt64(clamping: $0) }, shape: shape)
    case .int64: try NumericArray(values(as: Int.self), shape: shape)
    }
  }

  private func converted<Number: ConvertibleNumber>(_ identity: (Number) -> Number) -> [Number] {
    [Number](unsafeUninitializedCapacity: count) { destination, filled in
      fill(UnsafeMutableBufferPointer(rebasing: destination[..<count]), from: 0)
      filled = count
    }
  }

  @inline(__always)
  private func fill<Number: ConvertibleNumber>(_ destination: UnsafeMutableBufferPointer<Number>, from first: Int) {
    switch elementType {
    case .bool, .uint8: copy(UInt8.self, first, destination) { Number($0) }
    case .int8: copy(Int8.self, first, destination) { Number($0) }
    case .uint16: copy(UInt16.self, first, destination) { Number($0) }
    case .int16: copy(Int16.self, first, destination) { Number($0) }
    case .uint32: copy(UInt32.self, first, destination) { Number($0) }
    case .int32: copy(Int32.self, first, destination) { Number($0) }
    case .uint64: copy(UInt64.self, first, destination) { Number($0) }
    case .int64: copy(Int64.self, first, destination) { Number($0) }
    case .float16: copy(Float16.self, first, destination) { Number($0) }
    case .float32: copy(Float.self, first, destination) { Number($0) }
    case .float64: copy(Double.self, first, destination) { Number($0) }
    }
  }

  @inline(__always)
  private func copy<Source, Number>(
    _ type: Source.Type, _ first: Int, _ destination: UnsafeMutableBufferPointer<Number>, _ convert: (Source) -> Number
  ) {
    let source = bytes.assumingMemoryBound(to: type)
    for index in 0..<destination.count { destination.initializeElement(at: index, to: convert(source[first + index])) }
  }

  private func exactly<Source: BinaryFloatingPoint>(_ type: Source.Type) throws(CodecError) -> [Int] {
    let source = bytes.assumingMemoryBound(to: type)
    var result: [Int] = []
    result.reserveCapacity(count)
    for value in source {
      guard let whole = Int(exactly: value) else {
        throw CodecError("The array holds \(value), which is not a whole number; give whole numbers here.")
      }
      result.append(whole)
    }
    return result
  }

  private func exactly(_ type: UInt64.Type) throws(CodecError) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(count)
    for value in bytes.assumingMemoryBound(to: type) {
      guard let whole = Int(exactly: value) else {
        throw CodecError("The array holds \(value), which is more than \(Int.max); give smaller whole numbers here.")
      }
      result.append(whole)
    }
    return result
  }
}

/// A number that every element type converts to.
private protocol ConvertibleNumber {
  init(_ value: UInt8)
  init(_ value: Int8)
  init(_ value: UInt16)
  init(_ value: Int16)
  init(_ value: UInt32)
  init(_ value: Int32)
  init(_ value: UInt64)
  init(_ value: Int64)
  init(_ value: Float16)
  init(_ value: Float)
  init(_ value: Double)
}

extension Float: ConvertibleNumber {}
extension Double: ConvertibleNumber {}
extension Int: ConvertibleNumber {}
