/// A number that may not be defined: then not a number in Swift, `null` where it is written.
@propertyWrapper public struct Measure: Codable, Sendable, Equatable {
  /// The number.
  public var wrappedValue: Double

  /// A measure.
  public init(wrappedValue: Double) { self.wrappedValue = wrappedValue }

  /// Reads a number or `null`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? .nan : try container.decode(Double.self)
  }

  /// Writes the number or `null`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if wrappedValue.isNaN { try container.encodeNil() } else { try container.encode(wrappedValue) }
  }

  /// Whether both are the same number, or both not defined.
  public static func == (a: Self, b: Self) -> Bool {
    a.wrappedValue == b.wrappedValue || a.wrappedValue.isNaN && b.wrappedValue.isNaN
  }
}
