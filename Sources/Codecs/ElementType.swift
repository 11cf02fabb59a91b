/// The type of one number in a file or in memory.
public enum ElementType: String, Sendable, CaseIterable {
  case bool, uint8, int8, uint16, int16, uint32, int32, uint64, int64, float16, float32, float64

  /// The bytes that one number takes.
  public var byteCount: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }
}

/// A Swift type whose memory is what an ``ElementType`` describes.
public protocol ArrayElement: BitwiseCopyable, Sendable {
  /// The type that the memory has.
  static var elementType: ElementType { get }
}

extension Bool: ArrayElement {
  /// Bool is `bool`
  public static var elementType: ElementType { .bool }
}
extension UInt8: ArrayElement {
  /// UInt8 is `uint8`
  public static var elementType: ElementType { .uint8 }
}
extension Int8: ArrayElement {
  /// Int8 is `int8`
  public static var elementType: ElementType { .int8 }
}
extension UInt16: ArrayElement {
  /// UInt16 is `uint16`
  public static var elementType: ElementType { .uint16 }
}
extension Int16: ArrayElement {
  /// Int16 is `int16`
  public static var elementType: ElementType { .int16 }
}
extension UInt32: ArrayElement {
  /// UInt32 is `uint32`
  public static var elementType: ElementType { .uint32 }
}
extension Int32: ArrayElement {
  /// Int32 is `int32`
  public static var elementType: ElementType { .int32 }
}
extension UInt64: ArrayElement {
  /// UInt64 is `uint64`
  public static var elementType: ElementType { .uint64 }
}
extension Int64: ArrayElement {
  /// Int64 is `int64`
  public static var elementType: ElementType { .int64 }
}
extension Int: ArrayElement {
  /// Int is `int64`
  public static var elementType: ElementType { .int64 }
}
extension Float16: ArrayElement {
  /// Float16 is `float16`
  public static var elementType: ElementType { .float16 }
}
extension Float: ArrayElement {
  /// Float is `float32`
  public static var elementType: ElementType { .float32 }
}
extension Double: ArrayElement {
  /// Double is `float64`
  public static var elementType: ElementType { .float64 }
}
