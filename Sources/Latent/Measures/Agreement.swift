internal import Foundation

/// How far two divisions of the same rows agree, whatever their parts are called.
public struct Agreement: Codable, Sendable, Equatable {
  /// (index − expected) / (maximum − expected) of the pairs that are together in both: 1 for the same division, 0 on average for
  /// one at random.
  ///
  /// - SeeAlso: Hubert & Arabie, “Comparing partitions”, 1985.
  public let adjustedRandIndex: Double
  /// I(a; b) / ((H(a) + H(b)) / 2), from 0 to 1.
  public let normalizedMutualInformation: Double

  /// Compares two divisions.
  ///
  /// - Parameter a: The part that each row is in.
  /// - Parameter b: The same of the other division, as many.
  public init(_ a: [Int], _ b: [Int]) {
    precondition(a.count == b.count, "\(a.count) rows cannot be compared with \(b.count)")
    let count = Double(a.count)
    var table: [[Int]: Double] = [:]
    var (first, second): ([Int: Double], [Int: Double]) = ([:], [:])
    for (left, right) in zip(a, b) {
      table[[left, right], default: 0] += 1
      first[left, default: 0] += 1
      second[right, default: 0] += 1
    }
    func pairs(_ counts: some Sequence<Double>) -> Double { counts.reduce(0) { $0 + $1 * ($1 - 1) / 2 } }
    func entropy(_ counts: some Collection<Double>) -> Double {
      -counts.sorted().reduce(0) { $0 + $1 / count * log($1 / count) }
    }
    let (together, left, right) = (pairs(table.values), pairs(first.values), pairs(second.values))
    let expected = count > 1 ? left * right / (count * (count - 1) / 2) : 0
    let maximum = (left + right) / 2
    adjustedRandIndex = maximum == expected ? 1 : (together - expected) / (maximum - expected)
    let entropies = entropy(first.values) + entropy(second.values)
    let mutual = entropies - entropy(table.values)
    normalizedMutualInformation = entropies > 0 ? min(max(mutual / (entropies / 2), 0), 1) : 1
  }
}
