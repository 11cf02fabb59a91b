internal import Foundation
package import Torch

/// Whether values of rows fall among a model's draws as draws fall among each other: a predictive check of each column or pixel alone.
///
/// The probability integral transform of a value among S draws, those that are equal heeded by chance (v uniform on [0, 1]):
///
///     u = (#{draws < x} + v (#{draws = x} + 1)) / (S + 1)
///
/// u is uniform where the value is distributed as the draws are, for discrete values as for continuous ones; ∪-shaped where the draws vary too little, ∩-shaped where
/// they vary too much. A central interval of 50 % holds the value where u is between ¼ and ¾.
/// - SeeAlso: Gelman, Meng & Stern, “Posterior predictive assessment of model fitness via realized discrepancies”, 1996; Czado, Gneiting & Held, “Predictive
///   model assessment for count data”, 2009.
public struct Calibration: Codable, Sendable, Equatable {
  /// What the draws know of the row.
  public enum Conditioning: String, Codable, Sendable {
    /// Nothing: x ~ p(x), the same draws for all rows.
    case prior
    /// All of it: z ~ q(z|x), then p(x|z), so that intervals hold the value more often than they say.
    case reconstruction
  }

  /// One column or pixel.
  public struct Column: Codable, Sendable, Equatable {
    /// Its name: of the column, or `row, column` of the pixel.
    public let name: String
    /// The greatest difference between the share of u below a number and that number, 0 … 1.
    public let distance: Double
    /// The probability of such a distance where the column is calibrated; not a number where draws know the row.
    @Measure public var pValue: Double
    /// Whether it is not calibrated, at the level of 5 % for all columns together; false where draws know the row.
    public let isRejected: Bool
    /// The mean of u less ½: above 0 where values are greater than draws.
    public let shift: Double
    /// The share of rows within the central interval of 50 %, with its error.
    public let half: ValueWithError
    /// The share of rows within the central interval of 90 %, with its error.
    public let most: ValueWithError
  }

  /// What the draws know of the row.
  public let conditioning: Conditioning
  /// Rows that were looked at.
  public let rows: Int
  /// S, the draws for each row.
  public let draws: Int
  /// The mean over columns of the share of rows within the central interval of 50 %, with its error over rows and draws.
  public let half: ValueWithError
  /// The same of 90 %.
  public let most: ValueWithError
  /// The part of all u in each twentieth of [0, 1].
  public let histogram: [Double]
  /// Each column or pixel.
  public let columns: [Column]

  /// The columns that are not calibrated, at the level of 5 % for all of them together (Holm).
  public var rejectedColumns: Int { columns.count(where: \.isRejected) }

  /// The columns with the greatest distances first.
  public var worst: [Column] { columns.sorted { ($1.distance, $0.name) < ($0.distance, $1.name) } }

  private static let level = 0.05

  /// What comes of the transforms.
  ///
  /// - Parameter transforms: u, shape `[rows, D]`.
  package init(_ transforms: Tensor, conditioning: Conditioning, draws: Int, names: [String]) {
    let (count, columns) = (transforms.extent(0), transforms.extent(1))
    precondition(names.count == columns && count > 0, "\(names.count) names for \(transforms)")
    let isShared = conditioning == .prior
    // Draws that all rows share vary as rows do.
    let inverse = 1 / Double(count) + (isShared ? 1 / Double(draws) : 0)
    let values = transforms.transposed().contiguous().values(as: Float.self)
    func isWithin(_ u: Double, _ share: Double) -> Bool { abs(u - 0.5) <= share / 2 }
    var byRow = (half: [Double](repeating: 0, count: count), most: [Double](repeating: 0, count: count))
    var bins = [Double](repeating: 0, count: 20)
    var found: [(distance: Double, pValue: Double, shift: Double, half: Double, most: Double)] = []
    for column in 0..<columns {
      let u = values[column * count..<(column + 1) * count].map(Double.init)
      var (half, most, sum) = (0.0, 0.0, 0.0)
      for (row, value) in u.enumerated() {
        sum += value
        bins[min(19, Int(value * 20))] += 1
        if isWithin(value, 0.5) {
          half += 1
          byRow.half[row] += 1
        }
        if isWithin(value, 0.9) {
          most += 1
          byRow.most[row] += 1
        }
      }
      let distance = Uniformity.distance(u)
      let pValue = isShared ? Uniformity.pValue(distance: distance, count: 1 / inverse) : .nan
      found.append((distance, pValue, sum / Double(count) - 0.5, half / Double(count), most / Double(count)))
    }
    let rejected =
      isShared
      ? Uniformity.rejected(found.map(\.pValue), level: Self.level) : found.map { _ in false }
    func share(_ value: Double) -> ValueWithError {
      // As in Agresti and Coull, so that the error is not 0 where all or none are within.
      let middle = (value * Double(count) + 2) / (Double(count) + 4)
      return ValueWithError(value, error: (middle * (1 - middle) * inverse).squareRoot())
    }
    self.columns = zip(names, zip(found, rejected)).map { name, each in
      Column(
        name: name, distance: each.0.distance, pValue: each.0.pValue, isRejected: each.1, shift: each.0.shift,
        half: share(each.0.half), most: share(each.0.most))
    }
    func overall(_ rows: [Double]) -> ValueWithError {
      let shares = rows.map { $0 / Double(columns) }
      let mean = shares.reduce(0, +) / Double(count)
      let squares = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return ValueWithError(mean, error: count > 1 ? (squares / Double(count - 1) * inverse).squareRoot() : 0)
    }
    (half, most) = (overall(byRow.half), overall(byRow.most))
    histogram = bins.map { $0 / Double(count * columns) }
    (self.conditioning, rows, self.draws) = (conditioning, count, draws)
  }

  /// u of each value among the same draws.
  ///
  /// - Parameters:
  ///   - rows: Shape `[N, D]`.
  ///   - draws: Shape `[S, D]`.
  /// - Returns: Shape `[N, D]`.
  package static func transforms(of rows: Tensor, among draws: Tensor, using noise: Noise) -> Tensor {
    let (count, columns, size) = (rows.extent(0), rows.extent(1), draws.extent(0))
    let values = rows.transposed().contiguous().values(as: Float.self)
    let drawn = draws.transposed().contiguous().values(as: Float.self)
    let chances = noise.uniform([columns, count]).values(as: Float.self)
    var result = [Float](repeating: 0, count: columns * count)
    for column in 0..<columns {
      let sorted = drawn[column * size..<(column + 1) * size].sorted()
      for place in column * count..<(column + 1) * count {
        let below = sorted.firstPlace { $0 >= values[place] }
        let notAbove = sorted.firstPlace { $0 > values[place] }
        result[place] = (Float(below) + chances[place] * Float(notAbove - below + 1)) / Float(size + 1)
      }
    }
    return Tensor(result, shape: [columns, count]).transposed().contiguous()
  }
}

extension [Float] {
  /// The number of ascending elements before the first of which something is true that stays true.
  fileprivate func firstPlace(where isReached: (Float) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isReached(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
