internal import Foundation

/// How far numbers that should be uniform on [0, 1] are from being so.
package enum Uniformity {
  /// The greatest difference between the share of numbers below u and u.
  ///
  /// - Parameter values: In any order.
  /// - SeeAlso: Kolmogorov, “Sulla determinazione empirica di una legge di distribuzione”, 1933.
  package static func distance(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let count = Double(sorted.count)
    return sorted.enumerated().reduce(0) { greatest, each in
      max(greatest, Double(each.offset + 1) / count - each.element, each.element - Double(each.offset) / count)
    }
  }

  /// The probability of such a distance or a greater one for so many independent uniform numbers.
  ///
  /// - Parameter count: Need not be whole: n S / (n + S) for the ranks of n numbers among the same S draws.
  /// - SeeAlso: Stephens, “Use of the Kolmogorov–Smirnov, Cramér–von Mises and related statistics without extensive tables”, 1970.
  package static func pValue(distance: Double, count: Double) -> Double {
    let root = count.squareRoot()
    let lambda = (root + 0.12 + 0.11 / root) * distance
    guard lambda > 0.2 else { return 1 }
    let sum = (1...100).reduce(0.0) { sum, k in
      sum + (k.isMultiple(of: 2) ? -2 : 2) * exp(-2 * Double(k * k) * lambda * lambda)
    }
    return min(max(sum, 0), 1)
  }

  /// Which of many hypotheses are rejected if none that is true shall be with more than a probability, however they depend on each other.
  ///
  /// - SeeAlso: Holm, “A simple sequentially rejective multiple test procedure”, 1979.
  package static func rejected(_ pValues: [Double], level: Double) -> [Bool] {
    var result = [Bool](repeating: false, count: pValues.count)
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    for (place, index) in order.enumerated() {
      guard pValues[index] <= level / Double(pValues.count - place) else { break }
      result[index] = true
    }
    return result
  }
}
