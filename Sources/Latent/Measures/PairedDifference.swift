internal import Foundation

/// How much greater one number is than another, row by row on the same rows.
///
///     d_n = a_n − b_n,   mean d ± s_d / √N,   interval mean d ± t s_d / √N
///
/// What makes a row hard for both drops out of d_n, so that its error is mostly far below that of either mean. Numbers that were estimated by draws
/// bring the error of their draws along, as each row has its own. It is a statement about all rows of which these are a sample.
/// - SeeAlso: Dietterich, “Approximate Statistical Tests for Comparing Supervised Classification Learning Algorithms”, 1998.
public struct PairedDifference: Codable, Sendable, Equatable {
  /// N.
  public var rows: Int
  /// The mean of d.
  public var mean: Double
  /// Its standard error, s_d / √N with N − 1 in s_d.
  public var standardError: Double
  /// Both ends of the interval that holds the true mean in 95 of 100 samples of rows, by Student's t.
  public var interval: [Double]
  /// The standard error that the same difference would have if the rows were not paired.
  public var unpairedError: Double

  /// The fewest rows that an interval is made from.
  public static let fewest = 5

  /// a less b.
  ///
  /// - Parameter a: At least ``fewest`` numbers.
  /// - Parameter b: As many, of the same rows.
  public init(_ a: [Double], less b: [Double]) {
    precondition(a.count == b.count && a.count >= Self.fewest, "both are of the same rows, and of enough of them")
    self.init(of: zip(a, b).map(-), unpairedError: (squaredError(a) + squaredError(b)).squareRoot(), extra: 0)
  }

  /// The mean of some differences, with a variance more that the rows do not show.
  init(of differences: [Double], unpairedError: Double, extra: Double) {
    rows = differences.count
    mean = differences.reduce(0, +) / Double(rows)
    standardError = (squaredError(differences) + extra).squareRoot()
    self.unpairedError = unpairedError
    let reach = Self.quantile(freedom: rows - 1) * standardError
    interval = [mean - reach, mean + reach]
  }

  /// Whether the interval holds 0, so that the rows do not show which is greater.
  public var isWithinNoise: Bool { !(interval[0] > 0 || interval[1] < 0) }

  /// The 97.5 % quantile of Student's t.
  ///
  /// By the expansion in 1 / ν up to ν⁻³, within 0.02 from ν = 4 on and within 0.001 from ν = 8 on.
  /// - SeeAlso: Abramowitz & Stegun, “Handbook of Mathematical Functions”, 1964, 26.7.5.
  package static func quantile(freedom: Int) -> Double {
    let (z, n) = (1.959963984540054, Double(freedom))
    let second = (pow(z, 3) + z) / 4
    let third = (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / 96
    let fourth = (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / 384
    return z + second / n + third / (n * n) + fourth / (n * n * n)
  }
}

/// The square of the standard error of the mean.
private func squaredError(_ values: [Double]) -> Double {
  let count = Double(values.count)
  let mean = values.reduce(0, +) / count
  return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count
}
