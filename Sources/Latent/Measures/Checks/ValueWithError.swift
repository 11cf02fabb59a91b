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

extension [Double] {
  /// The quantile of ascending numbers, between neighbours by proportion.
  func interpolatedQuantile(_ share: Double) -> Double {
    guard let last else { return .nan }
    let place = share * Double(count - 1)
    let index = Int(place)
    return index + 1 < count ? self[index] + (place - Double(index)) * (self[index + 1] - self[index]) : last
  }

  /// The quantile of ascending numbers with its error: half the distance of the quantiles one deviation of their rank apart, whatever the
  /// numbers are distributed like.
  func quantileWithError(_ share: Double) -> ValueWithError {
    let step = (share * (1 - share) / Double(Swift.max(count, 1))).squareRoot()
    let (low, high) = (
      interpolatedQuantile(Swift.max(0, share - step)), interpolatedQuantile(Swift.min(1, share + step))
    )
    return ValueWithError(interpolatedQuantile(share), error: (high - low) / 2)
  }
}
