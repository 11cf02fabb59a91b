internal import Foundation
public import Torch

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
  /// Of the column means of the rows that the model was trained on.
  public let columnMeanSquaredError: Double
  /// Its standard error over rows.
  public let columnMeanStandardError: Double
}

extension Imputation {
  /// Compares with the truth, where it is known.
  ///
  /// - Parameter truth: Rows without holes, or with not-a-number where the truth is not known either.
  /// - Returns: nil where no truth is known.
  public func score(against truth: Dataset, columnMeans: Tensor, of trained: TrainedModel) -> ImputationScore? {
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
      /// A ratio of sums over rows, with the error of such a ratio.
      func ratio(_ values: Tensor) -> (value: Double, error: Double) {
        let (sums, counts) = (errors(values).sum(over: -1), weights.sum(over: -1))
        let value = sums.sum().item / count
        let residuals = (sums - counts * value).squared().sum().item
        let rows = Double(counts.extent(0))
        return (value, rows > 1 ? (residuals * rows / (rows - 1)).squareRoot() / count : 0)
      }
      let mean = ratio(means)
      let columns = ratio(columnMeans.expanded(means.shape))
      let draws = (0..<completions.extent(0)).map { ratio(completions[$0]).value }
      return ImputationScore(
        elements: Int(count), meanSquaredError: mean.value, standardError: mean.error,
        completionSquaredError: draws.isEmpty ? .nan : draws.reduce(0, +) / Double(draws.count),
        columnMeanSquaredError: columns.value, columnMeanStandardError: columns.error)
    }
  }
}

extension TrainedModel {
  /// The mean of each element, in the data's units: over the rows that the model was trained on where they can be read, else over
  /// what is known of other rows.
  ///
  /// - Returns: The means, shape `[D]`, and whether they are those of the training rows.
  public func columnMeans(orOf rows: Dataset) -> (means: Tensor, isOfTraining: Bool) {
    let training = (try? self.rows(of: nil, part: .training))?.rows
    let values = (training ?? rows).values.to(type: .float64, device: .cpu)
    let isKnown = values.isNaN().logicalNot()
    let sums = Tensor.choose(values, where: isKnown, else: .zeros([], type: .float64)).sum(over: 0)
    let counts = isKnown.to(type: .float64).sum(over: 0)
    let middle = data.scaling.toRaw(.zeros([data.dimensions], type: .float64))
    return (.choose(sums / counts, where: counts .> 0, else: middle).to(type: .float32), training != nil)
  }
}
