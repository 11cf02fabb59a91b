/// A number that was estimated, with its standard error.
public struct ValueWithError: Codable, Sendable, Equatable {
  /// The estimate; not a number where it is not defined.
  @Measure public var value: Double
  /// Its standard error.
  @Measure public var error: Double

  /// An estimate.
  public init(_ value: Double, error: Double) { (self.value, self.error) = (value, error) }

  /// The ratio of two independent estimates, its error to first order.
  static func / (a: Self, b: Self) -> Self {
    guard b.value != 0 else { return Self(.nan, error: .nan) }
    let ratio = a.value / b.value
    let (first, second) = (a.error / b.value, ratio * b.error / b.value)
    return Self(ratio, error: (first * first + second * second).squareRoot())
  }

  /// How many standard errors two independent estimates are apart, first less second; 0 where they are equal.
  static func distance(_ a: Self, _ b: Self) -> Double {
    a.value == b.value ? 0 : (a.value - b.value) / (a.error * a.error + b.error * b.error).squareRoot()
  }
}
