package import Torch

/// Rows that others are compared with, given in blocks so that they need not be in memory together.
package struct ReferenceRows {
  /// The number of rows.
  package let count: Int
  /// Some of them by their numbers, `int64`, as `[rows, D]`.
  package let rows: (Tensor) -> Tensor

  /// Rows by their numbers.
  package init(count: Int, rows: @escaping (Tensor) -> Tensor) { (self.count, self.rows) = (count, rows) }

  /// Rows in memory, `[N, D]`.
  package init(_ values: Tensor) { self.init(count: values.extent(0)) { values.rows($0) } }

  /// Rows as a model sees them, greys as greys.
  init(_ prepared: Dataset, by preparation: Preparation) {
    self.init(count: prepared.count) { preparation.batch(of: prepared, rows: $0, noise: nil) }
  }
}

/// For each of some rows the nearest of others by the Euclidean distance, found with matrix products.
///
///     ‖q − r‖² = ‖q‖² + ‖r‖² − 2 q·r
///
/// The rows are found in single precision, block by block; the distance to the one found is then computed from the difference, so that equal
/// rows have distance 0.
package struct NearestRows {
  /// The number of the nearest row for each query.
  package let indices: [Int]
  /// The distance to it.
  package let distances: [Double]

  private static let (queryBlock, referenceBlock) = (1024, 2048)

  /// Searches.
  ///
  /// - Parameters:
  ///   - queries: Shape `[N, D]`.
  ///   - reference: At least one row.
  ///   - progress: Is told the part that is done.
  package init(
    of queries: Tensor, among reference: ReferenceRows, progress: (Double) -> Void = { _ in }
  ) {
    precondition(reference.count > 0, "there are no rows to be near to")
    let count = queries.extent(0)
    var found = [Int](repeating: 0, count: count)
    var best = [Float](repeating: -.infinity, count: count)
    var distances = [Double](repeating: 0, count: count)
    withoutGradients {
      func rows(_ range: Range<Int>) -> Tensor {
        reference.rows(Tensor(range.map(Int64.init)).to(device: queries.device))
      }
      // Around a common middle, where the squares are smallest and lose the least.
      let middle = rows(0..<min(Self.referenceBlock, reference.count)).mean(over: 0)
      for start in stride(from: 0, to: reference.count, by: Self.referenceBlock) {
        let block = rows(start..<min(start + Self.referenceBlock, reference.count)) - middle
        let halves = block.squared().sum(over: 1) * 0.5
        for first in stride(from: 0, to: count, by: Self.queryBlock) {
          let part = first..<min(first + Self.queryBlock, count)
          // ½ (‖q‖² − ‖q − r‖²): the greatest is the nearest.
          let closeness = (queries[part] - middle).times(block.transposed()) - halves
          let places = closeness.indexOfMaximum(along: 1).values(as: Int64.self)
          let values = closeness.maximum(over: 1).values(as: Float.self)
          for (offset, query) in part.enumerated() where values[offset] > best[query] {
            best[query] = values[offset]
            found[query] = start + Int(places[offset])
          }
        }
        progress(Double(start) / Double(reference.count))
      }
      for first in stride(from: 0, to: count, by: Self.queryBlock) {
        let part = first..<min(first + Self.queryBlock, count)
        let chosen = reference.rows(Tensor(found[part].map(Int64.init)).to(device: queries.device))
        let exact = (queries[part] - chosen).to(type: .float64).squared().sum(over: 1).squareRoot().values(
          as: Double.self)
        for (offset, query) in part.enumerated() { distances[query] = exact[offset] }
      }
    }
    (indices, self.distances) = (found, distances)
  }
}
