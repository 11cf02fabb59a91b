public import Torch

/// How much a model uses one of its latents.
public struct LatentUse: Codable, Sendable, Equatable {
  /// Which, counted from 0.
  public var latent: Int
  /// Its KL(q(z|x) ‖ p(z)), the mean over rows in nats; nil where there is no closed form.
  public var divergence: Double?
  /// The variance over rows of its posterior mean.
  public var activity: Double

  /// Whether its posterior mean varies by more than ``Evaluation/activityThreshold``.
  public var isActive: Bool { activity > Evaluation.activityThreshold }
}

extension TrainedModel {
  /// The latents by how much they are used: the active ones first, and in each group by falling divergence.
  ///
  /// - Parameter dataset: The rows that decide; 2,000 of them at the most are looked at.
  /// - Throws: ``LatentError`` where the data is of another shape than the model's.
  public func latentUse(on dataset: Dataset, using noise: Noise) throws(LatentError) -> [LatentUse] {
    let (rows, preparation) = try prepared(
      dataset.count > 2000 ? dataset.rows(Array(0..<2000)) : dataset)
    var (means, divergences): ([Tensor], [Tensor]) = ([], [])
    withoutGradients {
      for start in stride(from: 0, to: rows.count, by: 500) {
        let part = start..<min(start + 500, rows.count)
        let posterior = model.encode(preparation.batch(of: rows, rows: part, noise: noise))
        means.append(posterior.mean.to(type: .float64))
        if let found = model.prior.divergence(of: posterior) { divergences.append(found.to(type: .float64)) }
      }
    }
    let all = Tensor.concatenate(means)
    let activities = (all - all.mean(over: 0, keepingDimensions: true)).squared().mean(over: 0).values(as: Double.self)
    let divergence = divergences.isEmpty ? nil : Tensor.concatenate(divergences).mean(over: 0).values(as: Double.self)
    let uses = activities.indices.map {
      LatentUse(latent: $0, divergence: divergence?[$0], activity: activities[$0])
    }
    return uses.sorted {
      if $0.isActive != $1.isActive { return $0.isActive }
      return ($0.divergence ?? $0.activity) > ($1.divergence ?? $1.activity)
    }
  }
}
