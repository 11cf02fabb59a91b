internal import Foundation

/// Information that classes of rows have of each other, in nats, from their frequencies.
enum DiscreteInformation {
  /// The class of each number where the range from the least to the greatest is cut into classes of equal width.
  ///
  /// A number on a border belongs to the upper class, the greatest to the last. Where all are equal there is one class.
  static func classes(of values: [Double], bins: Int) -> [Int] {
    guard let low = values.min(), let high = values.max(), high > low else { return values.map { _ in 0 } }
    let step = (high - low) / Double(bins)
    return values.map { value in
      // Borders are multiples of the step, and rounding may put a number on the wrong side of its own.
      var place = min(max(Int((value - low) / step), 0), bins - 1)
      if place < bins - 1, Double(place + 1) * step + low <= value { place += 1 }
      if place > 0, Double(place) * step + low > value { place -= 1 }
      return place
    }
  }

  /// −Σ p ln p.
  static func entropy(of classes: [Int]) -> Double { information(between: classes, and: classes) }

  /// Σ p(a, b) ln p(a, b) / (p(a) p(b)).
  static func information(between a: [Int], and b: [Int]) -> Double {
    let (rows, columns) = ((a.max() ?? 0) + 1, (b.max() ?? 0) + 1)
    var table = [Double](repeating: 0, count: rows * columns)
    for (left, right) in zip(a, b) { table[left * columns + right] += 1 }
    let first = (0..<rows).map { row in (0..<columns).reduce(0) { $0 + table[row * columns + $1] } }
    let second = (0..<columns).map { column in (0..<rows).reduce(0) { $0 + table[$1 * columns + column] } }
    let total = Double(a.count)
    var sum = 0.0
    for row in 0..<rows {
      for column in 0..<columns where table[row * columns + column] > 0 {
        let share = table[row * columns + column]
        sum += share / total * log(share * total / (first[row] * second[column]))
      }
    }
    return max(0, sum)
  }
}
