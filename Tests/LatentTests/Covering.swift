/// Few of many combinations, in which every two values that occur together occur together.
///
/// Mistakes come of one choice or of two that do not fit; so a walk over these finds what a walk over all of them would.
enum Covering {
  /// Takes the combination with the most new pairs, until there is none with any.
  ///
  /// - Parameter values: The values of a combination, each as a number from 0, always as many.
  static func pairs<Combination>(of all: [Combination], values: (Combination) -> [Int]) -> [Combination] {
    let coded = all.map(values)
    let width = (coded.flatMap { $0 }.max() ?? 0) + 1
    let columns = coded.first?.count ?? 0
    let pairs = coded.map { row in
      (0..<columns).flatMap { a in
        (a + 1..<columns).map { b in ((a * columns + b) * width + row[a]) * width + row[b] }
      }
    }
    var isCovered = [Bool](repeating: false, count: columns * columns * width * width)
    var found: [Combination] = []
    var gains = pairs.map(\.count)
    while true {
      // What a combination adds only falls, so that most need not be counted again.
      var best: (index: Int, gain: Int)?
      for index in pairs.indices where gains[index] > (best?.gain ?? 0) {
        gains[index] = pairs[index].count { !isCovered[$0] }
        if gains[index] > (best?.gain ?? 0) { best = (index, gains[index]) }
      }
      guard let best else { return found }
      for pair in pairs[best.index] { isCovered[pair] = true }
      found.append(all[best.index])
    }
  }
}
