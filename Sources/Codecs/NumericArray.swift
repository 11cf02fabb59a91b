/// Numbers in C order (the last dimension varies fastest) in memory that this object owns and frees.
///
/// The memory is meant to be filled once, by whoever made the array, and read from then on.
public final class NumericArray {
  /// The type of every number.
  public let elementType: ElementType
  /// The extent of each dimension; empty for a single number.
  public let shape: [Int]
  /// The memory, aligned to 64 bytes, of exactly ``count`` numbers; it goes with the array, so keep hold of the array
  /// while using it, or use ``withUnsafeBytes(_:)``.
  public let bytes: UnsafeMutableRawBufferPointer

  /// How many numbers there are.
  public let count: Int

  /// Makes an array whose memory is not initialized.
  ///
  /// - Throws: ``CodecError`` when a dimension is negative or the memory cannot be had.
  public init(elementType: ElementType, shape: [Int]) throws(CodecError) {
    guard let byteCount = Self.byteCount(of: elementType, shape: shape),
      let memory = FileSystem.allocate(byteCount: byteCount, alignment: 64)
    else {
      throw CodecError(
        "An array of shape \(shape) and type \(elementType.rawValue) does not fit in memory; use fewer rows or a smaller type."
      )
    }
    self.elementType = elementType
    self.shape = shape
    self.bytes = memory
    self.count = byteCount / elementType.byteCount
  }

  /// Copies numbers in C order.
  ///
  /// - Throws: ``CodecError`` when the shape does not hold exactly these values.
  public convenience init<Element: ArrayElement>(_ values: [Element], shape: [Int]) throws(CodecError) {
    try self.init(elementType: Element.elementType, shape: shape)
    guard count == values.count else {
      throw CodecError(
        "The shape \(shape) holds \(count) numbers, but \(values.count) were given; give as many as it holds.")
    }
    values.withUnsafeBytes { bytes.copyMemory(from: $0) }
  }

  deinit { FileSystem.free(bytes) }

  /// Calls a closure with the memory, which stays as long as the closure runs.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(bytes))
  }

  /// The bytes that such an array takes, or nil when a dimension is negative or the product overflows.
  static func byteCount(of elementType: ElementType, shape: [Int]) -> Int? {
    var total = elementType.byteCount
    for extent in shape where extent != 0 {
      guard extent > 0 else { return nil }
      let (product, overflow) = total.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      total = product
    }
    return shape.contains(0) ? 0 : total
  }

  /// Exchanges the bytes of every number between big-endian and little-endian.
  func swapBytes() {
    switch elementType.byteCount {
    case 2: swapBytes(as: UInt16.self)
    case 4: swapBytes(as: UInt32.self)
    case 8: swapBytes(as: UInt64.self)
    default: break
    }
  }

  /// Makes every boolean that is not zero one, the only two that a `Bool` in memory may be.
  func normalizeBooleans() {
    guard elementType == .bool else { return }
    for index in bytes.indices where bytes[index] > 1 { bytes[index] = 1 }
  }

  private func swapBytes<Word: FixedWidthInteger>(as type: Word.Type) {
    let words = bytes.assumingMemoryBound(to: type)
    for index in words.indices { words[index] = words[index].byteSwapped }
  }
}
