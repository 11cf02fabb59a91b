extension [Double] {
  /// The mean.
  var mean: Double { isEmpty ? .nan : reduce(0, +) / Double(count) }

  /// The standard error of the mean; 0 of one number.
  var standardError: Double {
    let (count, mean) = (Double(count), mean)
    return count > 1 ? (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count).squareRoot() : 0
  }

  /// The value below which this part of the numbers lies; not a number where there are none.
  func quantile(_ part: Double) -> Double {
    isEmpty ? .nan : sorted()[Swift.min(count - 1, Int(part * Double(count)))]
  }
}
