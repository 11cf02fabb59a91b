internal import Torch

/// What each row says of a model: the numbers whose means an ``Evaluation`` gives, in nats.
public struct RowScores: Codable, Sendable, Equatable {
  /// −ELBO of each row.
  public var negativeELBO: [Double]
  /// −log p(x) of each row.
  public var negativeLogLikelihood: [Double]

  /// Numbers of rows.
  public init(negativeELBO: [Double] = [], negativeLogLikelihood: [Double] = []) {
    (self.negativeELBO, self.negativeLogLikelihood) = (negativeELBO, negativeLogLikelihood)
  }

  /// The same of the data as they are, where a density is of scaled values.
  ///
  ///     −log p(raw) = −log p(scaled) + Σ_d ln |scale_d|
  ///
  /// - Parameter jacobian: Σ_d ln |scale_d|.
  func adding(_ jacobian: Double) -> RowScores {
    RowScores(
      negativeELBO: negativeELBO.map { $0 + jacobian },
      negativeLogLikelihood: negativeLogLikelihood.map { $0 + jacobian })
  }

  /// The mean of several, row by row; all of the same rows.
  static func mean(of several: [RowScores]) -> RowScores {
    func mean(_ values: (RowScores) -> [Double]) -> [Double] {
      guard let first = several.first else { return [] }
      return values(first).indices.map { row in several.reduce(0) { $0 + values($1)[row] } / Double(several.count) }
    }
    return RowScores(
      negativeELBO: mean(\.negativeELBO), negativeLogLikelihood: mean(\.negativeLogLikelihood))
  }
}

extension RowScores {
  /// Judges a model, and tells what each row says; −log p(x) exactly, where the model is linear and Gaussian.
  ///
  /// - Throws: ``LatentError`` where the rows do not fit the model.
  static func judge(
    _ trained: TrainedModel, on rows: Dataset, samples: Int, seed: UInt64, progress: (Double) -> Void
  ) throws(LatentError) -> (evaluation: Evaluation, scores: RowScores) {
    let (evaluation, each) = try Evaluation.byRows(
      of: trained, on: rows, samples: samples, seed: seed, progress: progress)
    var scores = RowScores(
      negativeELBO: each.map(\.negativeELBO), negativeLogLikelihood: each.map(\.negativeLogLikelihood))
    guard trained.data.binarization == .none, let exact = LinearGaussianModel(trained.model) else {
      return (evaluation, scores)
    }
    let preparation = Preparation(trained.data, on: trained.device)
    scores.negativeLogLikelihood = withoutGradients {
      stride(from: 0, to: rows.count, by: 1000).flatMap { start in
        let part = start..<min(start + 1000, rows.count)
        let x = preparation.batch(of: rows.on(trained.device), rows: part, noise: nil)
        return exact.logLikelihood(of: x).values(as: Double.self).map { -$0 }
      }
    }
    return (evaluation, scores)
  }
}
