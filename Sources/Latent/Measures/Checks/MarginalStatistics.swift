internal import Foundation
package import Torch

/// Means, deviations, quantiles and pairwise correlations of samples beside those of held-out rows, in the data's units, each with its error.
///
/// Errors of means, deviations and correlations are the root mean squares of their influence functions by √n, so that they hold whatever the columns are distributed
/// like; errors of quantiles are those of their ranks.
public struct MarginalStatistics: Codable, Sendable, Equatable {
  /// One number of both.
  public struct Pair: Codable, Sendable, Equatable {
    /// Of the held-out rows.
    public let rows: ValueWithError
    /// Of the samples.
    public let samples: ValueWithError

    /// How many standard errors of the difference the samples' is above the rows'.
    public var z: Double { ValueWithError.distance(samples, rows) }
  }

  /// What one column is like.
  public struct Column: Codable, Sendable, Equatable {
    /// Its name.
    public let name: String
    /// The mean.
    public let mean: Pair
    /// The deviation.
    public let deviation: Pair
    /// The quantiles at ``MarginalStatistics/shares``.
    public let quantiles: [Pair]
  }

  /// The correlation of two columns.
  public struct Correlation: Codable, Sendable, Equatable {
    /// The columns' names.
    public let columns: [String]
    /// Pearson's correlation.
    public let correlation: Pair
  }

  /// The correlations of all pairs of columns that vary enough in both.
  public struct Correlations: Codable, Sendable, Equatable {
    /// How many pairs there are.
    public let pairs: Int
    /// The share of pairs whose correlations are more than 2 standard errors apart; 0.046 where samples are distributed as rows are.
    public let apart: Double
    /// The root of the mean squared difference over pairs.
    public let difference: Double
    /// What errors alone would make of it.
    public let expectedDifference: Double
    /// The pairs that are the most standard errors apart, the worst first.
    public let worst: [Correlation]
  }

  /// 5, 25, 50, 75 and 95 %.
  public static let shares = [0.05, 0.25, 0.5, 0.75, 0.95]
  /// Columns with which correlations are computed at the most.
  public static let mostCorrelated = 1024

  /// Each column or pixel.
  public let columns: [Column]
  /// The correlations; nil for a single column or more than ``mostCorrelated``.
  public let correlations: Correlations?

  /// The columns that vary enough on both sides for their errors to hold: n (Σ (x − m)² / n)² / (Σ (x − m)⁴ / n), which is the number of ones for a pixel that is hardly ever
  /// 1, is at least ``leastVarying``.
  public let varyingColumns: [String]
  /// Below this number of varying values, errors do not hold.
  public static let leastVarying = 20.0

  /// The share of ``varyingColumns`` whose means are more than 2 standard errors apart; 0.046 where samples are distributed as rows are.
  public var meansApart: Double { apart(\.mean) }
  /// The same of deviations.
  public var deviationsApart: Double { apart(\.deviation) }

  private func apart(_ statistic: KeyPath<Column, Pair>) -> Double {
    let kept = Set(varyingColumns)
    return Double(columns.count { kept.contains($0.name) && abs($0[keyPath: statistic].z) > 2 })
      / Double(max(1, kept.count))
  }

  /// Compares.
  ///
  /// - Parameters:
  ///   - rows: In the data's units, `[N, D]`, at least two.
  ///   - samples: In the data's units, `[S, D]`, at least two.
  ///   - names: Of the D columns.
  package init(rows: Tensor, samples: Tensor, names: [String]) {
    let (first, second) = (Self.summaries(of: rows), Self.summaries(of: samples))
    let columns = names.indices.map { index in
      let (a, b) = (first[index], second[index])
      return Column(
        name: names[index], mean: .init(rows: a.mean, samples: b.mean),
        deviation: .init(rows: a.deviation, samples: b.deviation),
        quantiles: zip(a.quantiles, b.quantiles).map { .init(rows: $0, samples: $1) })
    }
    let varying = columns.indices.filter { min(first[$0].varying, second[$0].varying) >= Self.leastVarying }
    self.columns = columns
    varyingColumns = varying.map { names[$0] }
    correlations =
      varying.count > 1 && varying.count <= Self.mostCorrelated
      ? Self.compared(rows: rows, samples: samples, columns: varying, names: names) : nil
  }

  private static func compared(rows: Tensor, samples: Tensor, columns: [Int], names: [String]) -> Correlations {
    let kept = Tensor(columns.map(Int64.init)).to(device: rows.device)
    let (a, b) = (correlations(of: rows.columns(kept)), correlations(of: samples.columns(kept)))
    func pair(_ i: Int, _ j: Int) -> Pair {
      let place = i * columns.count + j
      return Pair(
        rows: .init(a.values[place], error: a.errors[place]), samples: .init(b.values[place], error: b.errors[place]))
    }
    var pairs: [(i: Int, j: Int, z: Double)] = []
    var (squares, expected) = (0.0, 0.0)
    for i in columns.indices {
      for j in columns.indices.dropFirst(i + 1) {
        let both = pair(i, j)
        pairs.append((i, j, both.z))
        squares += (both.rows.value - both.samples.value) * (both.rows.value - both.samples.value)
        expected += both.rows.error * both.rows.error + both.samples.error * both.samples.error
      }
    }
    let worst = pairs.sorted { abs($0.z) > abs($1.z) }.prefix(5)
    let count = Double(pairs.count)
    return Correlations(
      pairs: pairs.count, apart: Double(pairs.count { abs($0.z) > 2 }) / count,
      difference: (squares / count).squareRoot(), expectedDifference: (expected / count).squareRoot(),
      worst: worst.map {
        Correlation(columns: [names[columns[$0.i]], names[columns[$0.j]]], correlation: pair($0.i, $0.j))
      })
  }

  private struct Summary {
    let mean: ValueWithError
    let deviation: ValueWithError
    let quantiles: [ValueWithError]
    let varying: Double
  }

  private static func summaries(of rows: Tensor) -> [Summary] {
    let (count, columns) = (rows.extent(0), rows.extent(1))
    let values = rows.transposed().contiguous().values(as: Float.self)
    return (0..<columns).map { column in
      let sorted = values[column * count..<(column + 1) * count].map(Double.init).sorted()
      let mean = sorted.reduce(0, +) / Double(count)
      let variance = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
      // The influence of x on the deviation: ((x − m)² − s²) / 2s.
      let fourth = sorted.reduce(0) { $0 + pow(($1 - mean) * ($1 - mean) - variance, 2) } / Double(count)
      let power = fourth + variance * variance
      let deviation = variance.squareRoot()
      return Summary(
        mean: .init(mean, error: (variance / Double(count)).squareRoot()),
        deviation: .init(deviation, error: deviation > 0 ? (fourth / Double(count)).squareRoot() / (2 * deviation) : 0),
        quantiles: shares.map { sorted.quantileWithError($0) },
        varying: power > 0 ? Double(count) * variance * variance / power : 0)
    }
  }

  /// Pearson's correlations and their errors, both `[D, D]`.
  ///
  /// The influence of standardized x and y on r is x y − r (x² + y²) / 2; its mean square takes four products of matrices.
  private static func correlations(of rows: Tensor) -> (values: [Double], errors: [Double]) {
    withoutGradients {
      let rows = rows.to(type: .float64, device: .cpu)
      let count = Double(rows.extent(0))
      let centred = rows - rows.mean(over: 0)
      let z = centred / centred.squared().mean(over: 0).squareRoot()
      let squares = z.squared()
      func products(_ a: Tensor, _ b: Tensor) -> Tensor { a.transposed().times(b) / count }
      let r = products(z, z)
      let mixed = products(squares * z, z)
      let both = products(squares, squares)
      let fourth = squares.squared().mean(over: 0)
      let sums = fourth.unsqueezed(at: 0) + fourth.unsqueezed(at: 1) + both * 2
      let influence = both - r * (mixed + mixed.transposed()) + r.squared() * sums * 0.25
      return (r.values(), (influence.clamped(to: 0...Double.greatestFiniteMagnitude) / count).squareRoot().values())
    }
  }
}
