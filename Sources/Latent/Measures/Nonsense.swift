package import Torch

/// What is made of rows but belongs to none of their classes.
package enum Nonsense: String, CaseIterable, Sendable {
  /// The first elements of one row and the others of a row of another class, cut somewhere in the middle third.
  case splices
  /// Each element from a row of its own: every element has its distribution, and nothing goes together.
  case noise
  /// w a + (1 − w) b of two rows of different classes, w uniform on [⅓, ⅔].
  case blends
  /// The mean of ten rows.
  case averages

  /// What a recognizer is shown as none of the classes.
  ///
  /// Both are as sharp as the rows are, so that it learns whether the parts go together and not whether a row is blurred: a recognizer that
  /// is taught blends refuses blurred digits that anyone can read. The other kinds are kept to test it with.
  package static let taught: [Nonsense] = [.splices, .noise]

  /// Draws of it.
  ///
  /// - Parameter rows: Shape `[N, D]`, `float32`.
  /// - Parameter labels: The class of each row; there are at least two.
  /// - Returns: Shape `[count, D]`.
  package func make(_ count: Int, from rows: Tensor, labels: [Int32], using noise: Noise) -> Tensor {
    let size = rows.extent(1)
    func uniform(_ shape: [Int]) -> Tensor { noise.uniform(shape).to(device: rows.device) }
    func picks(_ shape: [Int]) -> Tensor {
      (noise.uniform(shape, type: .float64) * Double(labels.count)).to(type: .int64).to(device: rows.device)
    }
    switch self {
    case .blends:
      let (a, b) = pairs(count, of: rows, labels, noise)
      let weight = uniform([count, 1]) / 3 + 1.0 / 3
      return weight * a + (1 - weight) * b
    case .splices:
      let (a, b) = pairs(count, of: rows, labels, noise)
      let place = (uniform([count, 1]) / 3 + 1.0 / 3) * Double(size)
      let isFirst = Tensor.range(size, type: .float32, on: rows.device).unsqueezed(at: 0) .< place
      return .choose(a, where: isFirst, else: b)
    case .averages:
      return rows.rows(picks([count * 10])).reshaped([count, 10, size]).mean(over: 1)
    case .noise:
      return rows.gathered(along: 0, at: picks([count, size]))
    }
  }

  /// Pairs of rows whose classes differ, each row as likely as any other to come first.
  private func pairs(_ count: Int, of rows: Tensor, _ labels: [Int32], _ noise: Noise) -> (Tensor, Tensor) {
    let others = Dictionary(grouping: labels.indices, by: { labels[$0] })
    let classes = others.keys.sorted()
    let draws = noise.uniform([count, 2], type: .float64).to(device: .cpu).values(as: Double.self)
    var (first, second): ([Int64], [Int64]) = ([], [])
    for pair in 0..<count {
      let a = Int(draws[2 * pair] * Double(labels.count))
      // A number among the rows of all other classes, counted class by class.
      let own = others[labels[a]]?.count ?? 0
      var place = Int(draws[2 * pair + 1] * Double(labels.count - own))
      for other in classes where other != labels[a] {
        guard let rows = others[other] else { continue }
        if place < rows.count {
          first.append(Int64(a))
          second.append(Int64(rows[place]))
          break
        }
        place -= rows.count
      }
    }
    return (rows.rows(Tensor(first).to(device: rows.device)), rows.rows(Tensor(second).to(device: rows.device)))
  }
}
