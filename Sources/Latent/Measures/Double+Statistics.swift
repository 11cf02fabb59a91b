extension [Double] {
  /// The mean.
  var mean: Double { isEmpty ? .nan : reduce(0, +) / Double(count) }

  /// The standard error of the mean; 0 of one number.
  var standardError: Double {
    let (count, mean) = (Double(count), mean)
    return count > 1 ? (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count).squareRoot() : 0
  }

  /// The number below which this share of them lies, between neighbours by proportion; not a number where there are none.
  package func quantile(_ share: Double) -> Double { sorted().quantileOfAscending(share) }

  /// The number in the middle; not a number where there are none.
  package var median: Double { quantile(0.5) }

  /// The quantile with its error: half the distance of the quantiles one deviation of their rank apart, whatever the numbers are
  /// distributed like.
  func quantileWithError(_ share: Double) -> ValueWithError {
    let ascending = sorted()
    let step = (share * (1 - share) / Double(Swift.max(count, 1))).squareRoot()
    let low = ascending.quantileOfAscending(Swift.max(0, share - step))
    let high = ascending.quantileOfAscending(Swift.min(1, share + step))
    return ValueWithError(ascending.quantileOfAscending(share), error: (high - low) / 2)
  }

  private func quantileOfAscending(_ share: Double) -> Double {
    guard !isEmpty else { return .nan }
    let place = share * Double(count - 1)
    let index = Int(place)
    let (low, part) = (self[index], place - Double(index))
    // Neighbours may be infinite.
    return part == 0 || self[index + 1] == low ? low : low + part * (self[index + 1] - low)
  }
}
