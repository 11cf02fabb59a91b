internal import Foundation

/// How two sets of numbers compare by their ranks alone.
///
/// - SeeAlso: Mann & Whitney, “On a test of whether one of two random variables is stochastically larger than the other”, 1947; DeLong,
///   DeLong & Clarke-Pearson, “Comparing the areas under two or more correlated receiver operating characteristic curves”, 1988.
public struct MannWhitney: Codable, Sendable, Equatable {
  /// P(a > b) + ½ P(a = b) for one number of each set: ½ where both are alike, and the area under the curve of a classifier that gives
  /// these scores; its error by DeLong.
  public let probability: ValueWithError
  /// The deviation of ``probability`` where both sets are draws of one distribution, ties heeded.
  public let nullDeviation: Double
  /// (probability − ½) / nullDeviation, about N(0, 1) where both sets are draws of one distribution.
  public let z: Double

  /// Compares two sets, neither empty.
  public init(_ a: [Double], _ b: [Double]) {
    precondition(!a.isEmpty && !b.isEmpty, "sets without numbers cannot be compared")
    let (m, n) = (Double(a.count), Double(b.count))
    let (pooled, ties) = Self.ranks(a + b)
    let (inner, _) = Self.ranks(a)
    let (outer, _) = Self.ranks(b)
    // How much of the other set each number is above.
    let above = a.indices.map { (pooled[$0] - inner[$0]) / n }
    let below = b.indices.map { 1 - (pooled[a.count + $0] - outer[$0]) / m }
    let area = above.reduce(0, +) / m
    probability = ValueWithError(area, error: hypot(above.standardError, below.standardError))
    let total = m + n
    let corrected = total + 1 - (total > 1 ? ties / (total * (total - 1)) : 0)
    nullDeviation = (max(0, corrected) / (12 * m * n)).squareRoot()
    z = nullDeviation > 0 ? (area - 0.5) / nullDeviation : 0
  }

  /// The probability of a z at least as great where both sets are draws of one distribution, by the normal approximation.
  public var oneSidedPValue: Double { erfc(z / 2.0.squareRoot()) / 2 }

  /// The ranks from 1, the mean of them for numbers that are equal, and Σ (t³ − t) over groups of t equal numbers.
  private static func ranks(_ values: [Double]) -> (ranks: [Double], ties: Double) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var (ties, start) = (0.0, 0)
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      let group = Double(end - start)
      ties += group * group * group - group
      start = end
    }
    return (ranks, ties)
  }
}
