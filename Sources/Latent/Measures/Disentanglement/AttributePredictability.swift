internal import Foundation

/// How much better a factor can be told from its best latent alone than from its second best.
///
///     SAP = mean over factors k of a_1 − a_2,   a_l the accuracy on test rows of a classifier of v_k that sees latent l alone
///
/// The classifier of one value against the others is a linear support vector machine with squared hinge loss, solved exactly:
///
///     min over w, b of ½ (w² + b²) + C Σ_i s_i max(0, 1 − y_i (w c_i + b))²,   C = 0.01
///
/// y is 1 for rows of the value and −1 for others; s_i = n / (K n_v) gives every value v of the K the same total weight. The value with the
/// greatest w c + b is the answer; where the code does not vary over the training rows they are all the same, and it is the first.
/// - SeeAlso: Kumar, Sattigeri & Balakrishnan, “Variational Inference of Disentangled Latent Concepts from Unlabeled Observations”, 2018.
public struct AttributePredictability: Codable, Sendable, Equatable {
  /// The mean of the gaps.
  public let value: Double
  /// a_1 − a_2 of each factor.
  public let gaps: [Double]
  /// For each latent the accuracy with which it tells each factor.
  public let accuracies: [[Double]]

  /// C.
  static let cost = 0.01

  /// - Parameter codes: For each latent its posterior mean of each row.
  /// - Parameter training: The rows that classifiers learn from.
  /// - Parameter test: The rows that they are judged by.
  public init(codes: [[Double]], factors: Factors, training: [Int], test: [Int]) {
    accuracies = codes.map { code in
      zip(factors.values, factors.counts).map { values, count in
        let machines = Self.machines(
          training.map { code[$0] }, training.map { values[$0] }, count: count)
        // All values have the same total weight: a code that does not vary gives them the same score, but for rounding.
        let varies = training.contains { code[$0] != code[training[0]] }
        let right = test.count { row in
          guard varies else { return values[row] == 0 }
          let scores = machines.map { $0.slope * code[row] + $0.intercept }
          return scores.firstIndex(of: scores.max() ?? 0) == values[row]
        }
        return Double(right) / Double(test.count)
      }
    }
    gaps = accuracies.transposed().map(\.gap)
    value = gaps.mean
  }

  private static func machines(_ codes: [Double], _ values: [Int], count: Int) -> [(slope: Double, intercept: Double)] {
    var rows = [Double](repeating: 0, count: count)
    for value in values { rows[value] += 1 }
    let present = Double(rows.count { $0 > 0 })
    let weights = values.map { Double(values.count) / (present * rows[$0]) }
    return (0..<count).map { value in
      // A value that no training row has is never the answer.
      rows[value] == 0 ? (0, -Double.infinity) : machine(codes, values.map { $0 == value ? 1 : -1 }, weights)
    }
  }

  /// Newton's method, whose steps are halved until they descend; the function is convex and quadratic in pieces.
  private static func machine(_ codes: [Double], _ signs: [Double], _ weights: [Double]) -> (Double, Double) {
    func value(_ w: Double, _ b: Double) -> Double {
      var sum = 0.0
      for index in codes.indices {
        let lack = max(0, 1 - signs[index] * (w * codes[index] + b))
        sum += weights[index] * lack * lack
      }
      return 0.5 * (w * w + b * b) + cost * sum
    }
    var (w, b) = (0.0, 0.0)
    var current = value(w, b)
    for _ in 0..<100 {
      var (slope, intercept) = (w, b)
      var (h00, h01, h11) = (1.0, 0.0, 1.0)
      for index in codes.indices {
        let lack = 1 - signs[index] * (w * codes[index] + b)
        guard lack > 0 else { continue }
        let weight = 2 * cost * weights[index]
        slope -= weight * lack * signs[index] * codes[index]
        intercept -= weight * lack * signs[index]
        h00 += weight * codes[index] * codes[index]
        h01 += weight * codes[index]
        h11 += weight
      }
      let determinant = h00 * h11 - h01 * h01
      let step = (-(h11 * slope - h01 * intercept) / determinant, -(h00 * intercept - h01 * slope) / determinant)
      let descent = -(slope * step.0 + intercept * step.1)
      guard descent > 1e-14 * (1 + current) else { break }
      var length = 1.0
      var next = value(w + step.0, b + step.1)
      while next > current - 1e-4 * length * descent, length > 1e-10 {
        length /= 2
        next = value(w + length * step.0, b + length * step.1)
      }
      guard next < current else { break }
      (w, b, current) = (w + length * step.0, b + length * step.1, next)
    }
    return (w, b)
  }
}
