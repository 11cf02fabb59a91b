internal import Foundation

/// Sums of weights that come one after another by their logarithms, without overflow: what importance sampling needs of them.
struct LogSum {
  /// How many there were.
  private(set) var count = 0
  /// The greatest logarithm so far; sums are in units of its exponential.
  private var greatest = -Double.infinity
  private var sum = 0.0
  private var squares = 0.0
  /// Σ w v.
  private var carried = 0.0

  /// Adds a weight, and a value that comes with it.
  mutating func add(_ logWeight: Double, carrying value: Double = 0) {
    count += 1
    if logWeight == -.infinity { return }
    if !(logWeight <= greatest) { rescale(to: logWeight) }
    let weight = exp(logWeight - greatest)
    sum += weight
    squares += weight * weight
    carried += weight * value
  }

  /// Adds everything that another sum has seen.
  mutating func add(_ other: LogSum) {
    count += other.count
    if other.greatest == -.infinity { return }
    if !(other.greatest <= greatest) { rescale(to: other.greatest) }
    let scale = exp(other.greatest - greatest)
    sum += other.sum * scale
    squares += other.squares * scale * scale
    carried += other.carried * scale
  }

  private mutating func rescale(to logarithm: Double) {
    let scale = greatest == -.infinity ? 0 : exp(greatest - logarithm)
    sum *= scale
    squares *= scale * scale
    carried *= scale
    greatest = logarithm
  }

  /// log (1/K) Σ w.
  var logMean: Double { greatest + log(sum) - log(Double(count)) }

  /// (Σ w)² / Σ w², from 1 to K.
  var effectiveCount: Double {
    let value = sum * sum / squares
    return value.isNaN ? .nan : min(max(value, 1), Double(count))
  }

  /// The variance of ``logMean`` by the delta method, that of the mean weight divided by its square.
  ///
  ///     (K/ESS − 1) / (K − 1)
  var variance: Double {
    let count = Double(self.count)
    let ratio = count / effectiveCount
    return ratio.isNaN ? .nan : max(0, ratio - 1) / (count - 1)
  }

  /// Σ w v / Σ w of the values carried.
  var weightedMean: Double { carried / sum }
}

/// Mean and variance of numbers that come one after another.
struct RunningMoments {
  private(set) var count = 0
  private var sum = 0.0
  private var centre = 0.0
  private var squares = 0.0

  /// Adds a number.
  mutating func add(_ value: Double) {
    count += 1
    sum += value
    let difference = value - centre
    centre += difference / Double(count)
    squares += difference * (value - centre)
  }

  /// Their mean, which is infinite where one of them is.
  var mean: Double { centre.isFinite ? centre : sum / Double(count) }

  /// The variance of the mean of so many independent numbers; 0 of a single one.
  var varianceOfMean: Double { count > 1 ? squares / Double(count) / Double(count - 1) : 0 }
}
