internal import CTorch

/// The type of a tensor's elements.
public enum ElementKind: String, Sendable, CaseIterable {
  /// 0 … 255.
  case uint8
  /// 32-bit whole numbers.
  case int32
  /// 64-bit whole numbers.
  case int64
  /// Half precision.
  case float16
  /// Single precision, what models are trained in.
  case float32
  /// Double precision, what formulas are checked in.
  case float64
  /// True or false.
  case bool
  /// Half the bytes with the range of single precision.
  case bfloat16

  var code: ct_type {
    switch self {
    case .uint8: ct_type_uint8
    case .int32: ct_type_int32
    case .int64: ct_type_int64
    case .float16: ct_type_float16
    case .float32: ct_type_float32
    case .float64: ct_type_float64
    case .bool: ct_type_bool
    case .bfloat16: ct_type_bfloat16
    }
  }

  init(_ code: ct_type) {
    guard let kind = Self.allCases.first(where: { $0.code == code }) else {
      fatalError("libtorch gave a tensor of an element type that this package has no name for (\(code.rawValue))")
    }
    self = kind
  }

  /// Bytes an element takes.
  public var byteCount: Int {
    switch self {
    case .uint8, .bool: 1
    case .float16, .bfloat16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }
}

/// A Swift number that a tensor can hold.
public protocol Element {
  /// The tensor's name for it.
  static var kind: ElementKind { get }
}

extension UInt8: Element {
  /// `uint8`.
  public static var kind: ElementKind { .uint8 }
}
extension Int32: Element {
  /// `int32`.
  public static var kind: ElementKind { .int32 }
}
extension Int64: Element {
  /// `int64`.
  public static var kind: ElementKind { .int64 }
}
extension Float: Element {
  /// `float32`.
  public static var kind: ElementKind { .float32 }
}
extension Double: Element {
  /// `float64`.
  public static var kind: ElementKind { .float64 }
}
extension Bool: Element {
  /// `bool`.
  public static var kind: ElementKind { .bool }
}
