internal import Foundation
internal import Torch

/// How far filled-in elements are from the truth, in squared units of the scaled data, the mean over missing elements.
public struct ImputationScore: Codable, Sendable, Equatable {
  /// Missing elements whose truth is known.
  public let elements: Int
  /// Of the mean of all draws.
  public let meanSquaredError: Double
  /// Its standard error over rows.
  public let standardError: Double
  /// Of single draws: about twice as much where the model is right.
  public let completionSquaredError: Double
  /// Of what needs no such model.
  public let baselines: [ImputationBaselineScore]
}

/// How far a baseline is from the truth, in the units of ``ImputationScore``.
public struct ImputationBaselineScore: Codable, Sendable, Equatable {
  /// ``ImputationBaseline/name``.
  public let name: String
  /// ``ImputationBaseline/description``.
  public let description: String
  /// The number of components, where it has any.
  public let latents: Int?
  /// Of its means.
  public let meanSquaredError: Double
  /// Its standard error over rows.
  public let standardError: Double
  /// The model's squared error less the baseline's: below 0 where the model is better.
  public let difference: Double
  /// Its standard error over rows; as both fill in the same rows, it is less than those of the two would make it.
  public let differenceError: Double
}

extension Imputation {
  /// Compares with the truth, where it is known.
  ///
  /// - Parameter truth: Rows without holes, or with not-a-number where the truth is not known either.
  /// - Parameter baselines: What else has filled in the same rows.
  /// - Returns: nil where no truth is known.
  public func score(against truth: Dataset, baselines: [ImputationBaseline], of trained: TrainedModel)
    -> ImputationScore?
  {
    withoutGradients {
      func scaled(_ values: Tensor) -> Tensor {
        trained.data.scaling.toModel(values.to(device: .cpu)).to(type: .float64)
      }
      let known = truth.values.to(type: .float32, device: .cpu).isNaN().logicalNot().to(type: .float64)
      let weights = known * isMissing.to(type: .float64)
      let count = weights.sum().item
      guard count > 0 else { return nil }
      let target = scaled(truth.values)
      func errors(_ values: Tensor) -> Tensor {
        .choose((scaled(values) - target).squared(), where: weights .> 0, else: .zeros([], type: .float64))
      }
      let counts = weights.sum(over: -1)
      /// A ratio of sums over rows, with the error of such a ratio.
      func ratio(_ errors: Tensor) -> (value: Double, error: Double) {
        let sums = errors.sum(over: -1)
        let value = sums.sum().item / count
        let residuals = (sums - counts * value).squared().sum().item
        let rows = Double(counts.extent(0))
        return (value, rows > 1 ? (residuals * rows / (rows - 1)).squareRoot() / count : 0)
      }
      let own = errors(means)
      let mean = ratio(own)
      let draws = (0..<completions.extent(0)).map { ratio(errors(completions[$0])).value }
      return ImputationScore(
        elements: Int(count), meanSquaredError: mean.value, standardError: mean.error,
        completionSquaredError: draws.isEmpty ? .nan : draws.reduce(0, +) / Double(draws.count),
        baselines: baselines.map { baseline in
          let other = errors(baseline.means)
          let (score, difference) = (ratio(other), ratio(own - other))
          return ImputationBaselineScore(
            name: baseline.name, description: baseline.description, latents: baseline.latents,
            meanSquaredError: score.value, standardError: score.error, difference: difference.value,
            differenceError: difference.error)
        })
    }
  }
}
