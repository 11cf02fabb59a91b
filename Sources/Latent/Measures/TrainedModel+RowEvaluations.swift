package import Torch

/// What a model says of some rows, one after another.
package struct RowEvaluations: Sendable {
  /// The measures of each row.
  package let rows: [RowEvaluation]
  /// E[z|x], `rows × latents`.
  package let means: [Double]
  /// Σ over rows of the divergence of each latent; empty where it has no closed form.
  package let divergencePerLatent: [Double]
}

extension TrainedModel {
  /// Judges rows one by one; −log p(x) exactly, with an error of 0, where the model is linear and Gaussian.
  ///
  /// - Parameters:
  ///   - rows: As the model's own data are, or as ``Preparation`` gave them.
  ///   - samples: K, at least 1; an error of −log p(x) takes at least 2.
  ///   - noise: The source of all draws.
  /// - Throws: ``LatentError`` where the rows do not fit the model or hold values that it gives no density to.
  package func evaluations(of rows: Dataset, samples: Int, using noise: Noise) throws(LatentError) -> RowEvaluations {
    try JudgedRows.demandDescribed(rows, by: self)
    let (rows, preparation) = try prepared(rows)
    let exact = data.binarization == .none ? LinearGaussianModel(model) : nil
    let (batch, draws) = Evaluation.portion(of: self, rows: max(1, rows.count), samples: samples)
    var (found, means, divergences): ([RowEvaluation], [Double], [Double]) = ([], [], [])
    withoutGradients {
      for start in stride(from: 0, to: rows.count, by: batch) {
        let x = preparation.batch(of: rows, rows: start..<min(start + batch, rows.count), noise: noise)
        let posterior = model.encode(x)
        guard
          let judged = JudgedBatch(
            of: model, on: x, posterior: posterior, samples: samples, draws: draws, noise: noise, isStopped: { false })
        else { continue }
        var values = judged.rows.map(\.values)
        if let exact {
          for (index, logLikelihood) in exact.logLikelihood(of: x).values(as: Double.self).enumerated() {
            (values[index].negativeLogLikelihood, values[index].standardError) = (-logLikelihood, 0)
          }
        }
        found += values
        means += judged.means
        let sums = judged.divergencePerLatent
        divergences = divergences.isEmpty ? sums : zip(divergences, sums).map { $0 + $1 }
      }
    }
    return RowEvaluations(rows: found, means: means, divergencePerLatent: divergences)
  }
}

/// Where a model puts some rows, one after another.
package struct RowCodes: Sendable {
  /// E[z|x], `rows × latents`.
  package var means: [Double] = []
  /// The deviations of q(z|x), `rows × latents`.
  package var deviations: [Double] = []
  /// KL(q(z|x) ‖ p(z)) of each row; not a number of a posterior without a density.
  package var divergences: [Double] = []

  /// None yet.
  package init() {}
}

extension TrainedModel {
  /// Where rows lie among the latents, and how far their posteriors are from the prior.
  ///
  ///     KL(q(z|x) ‖ p(z)) in closed form, else 1/K Σ log q(z|x) − log p(z), z ~ q(z|x)
  ///
  /// - Parameter samples: K.
  /// - Throws: ``LatentError`` where the data is of another shape than the model's.
  package func rowCodes(of dataset: Dataset, samples: Int = 32, using noise: Noise) throws(LatentError) -> RowCodes {
    let (rows, preparation) = try prepared(dataset)
    var result = RowCodes()
    withoutGradients {
      for start in stride(from: 0, to: rows.count, by: 500) {
        let x = preparation.batch(of: rows, rows: start..<min(start + 500, rows.count), noise: noise)
        let posterior = model.encode(x)
        result.means += posterior.mean.values(as: Double.self)
        result.deviations += posterior.variance.squareRoot().values(as: Double.self)
        if posterior.isPoint {
          result.divergences += Array(repeating: .nan, count: x.extent(0))
        } else if let divergence = model.prior.divergence(of: posterior) {
          result.divergences += divergence.to(type: .float64).sum(over: -1).values(as: Double.self)
        } else {
          let z = posterior.sample(samples, using: noise)
          let ratios = posterior.logDensity(of: z) - model.prior.logDensity(of: z)
          result.divergences += ratios.to(type: .float64).mean(over: 0).values(as: Double.self)
        }
      }
    }
    return result
  }
}
