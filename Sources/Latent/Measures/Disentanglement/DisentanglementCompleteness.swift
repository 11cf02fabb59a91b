internal import Foundation
internal import Torch

/// Whether each latent serves one factor, and each factor needs one latent, by the weights of classifiers that see all latents.
///
///     R_lk = Σ_v |W_lv| of the classifier of factor k, scaled so that Σ_l R_lk = 1
///     disentanglement of latent l:  1 − H_F(R_l· / Σ_k R_lk), their mean weighted by Σ_k R_lk
///     completeness of factor k:     1 − H_L(R_·k)
///     informativeness of factor k:  the accuracy of its classifier on test rows
///
/// H_n is the entropy to the base n. The classifier is a multinomial logistic regression with an L1 penalty (see
/// <doc:MeasuringDisentanglement>). A factor whose classifier uses no latent counts as 0 complete.
/// - SeeAlso: Eastwood & Williams, “A Framework for the Quantitative Evaluation of Disentangled Representations”, 2018.
public struct DisentanglementCompleteness: Codable, Sendable, Equatable {
  /// The weighted mean over latents.
  public let disentanglement: Double
  /// The mean over factors.
  public let completeness: Double
  /// The mean over factors.
  public let informativeness: Double
  /// Of each latent; 0 for one that no classifier uses.
  public let disentanglements: [Double]
  /// Of each factor.
  public let completenesses: [Double]
  /// Of each factor, beside what its most frequent value would give.
  public let accuracies: [Double]
  /// The share of test rows that have the value most frequent among the training rows, for each factor.
  public let chance: [Double]
  /// R: for each latent its importance for each factor.
  public let importances: [[Double]]

  /// - Parameter codes: For each latent its posterior mean of each row.
  /// - Parameter training: The rows that classifiers learn from.
  /// - Parameter test: The rows that they are judged by.
  public init(
    codes: [[Double]], factors: Factors, training: [Int], test: [Int], progress: (Double) -> Void = { _ in }
  ) {
    func inputs(_ rows: [Int]) -> Tensor {
      Tensor(rows.flatMap { row in codes.map { $0[row] } }, shape: [rows.count, codes.count])
    }
    let (training, test) = ((rows: training, inputs: inputs(training)), (rows: test, inputs: inputs(test)))
    let found = factors.values.indices.map { factor in
      let values = factors.values[factor]
      let classifier = withoutGradients {
        SparseClassifier(
          training: (training.inputs, training.rows.map { values[$0] }),
          test: (test.inputs, test.rows.map { values[$0] }), count: factors.counts[factor])
      }
      progress(Double(factor + 1) / Double(factors.values.count))
      return classifier
    }
    importances = found.map { classifier in
      let total = classifier.importances.reduce(0, +)
      return classifier.importances.map { total > 0 ? $0 / total : 0 }
    }.transposed()
    accuracies = found.map(\.accuracy)
    chance = factors.values.indices.map { factor in
      let values = factors.values[factor]
      var counts = [Int](repeating: 0, count: factors.counts[factor])
      for row in training.rows { counts[values[row]] += 1 }
      let most = counts.indices.max { (counts[$0], -$0) < (counts[$1], -$1) } ?? 0
      return Double(test.rows.count { values[$0] == most }) / Double(test.rows.count)
    }
    disentanglements = importances.map(Self.concentration)
    completenesses = importances.transposed().map(Self.concentration)
    let weights = importances.map { $0.reduce(0, +) }
    let total = weights.reduce(0, +)
    disentanglement = total > 0 ? zip(weights, disentanglements).reduce(0) { $0 + $1.0 * $1.1 } / total : 0
    completeness = completenesses.mean
    informativeness = accuracies.mean
  }

  /// 1 where all is in one place, 0 where it is spread evenly or nothing is there.
  private static func concentration(_ shares: [Double]) -> Double {
    let total = shares.reduce(0, +)
    guard total > 0 else { return 0 }
    guard shares.count > 1 else { return 1 }
    let entropy = shares.reduce(0) { $1 > 0 ? $0 - $1 / total * log($1 / total) : $0 }
    return 1 - entropy / log(Double(shares.count))
  }
}
