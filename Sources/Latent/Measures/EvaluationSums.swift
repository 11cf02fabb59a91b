internal import Foundation

/// What one batch of rows says; one number a row, in double precision.
struct JudgedBatch {
  var rows: [Row]
  /// E[z|x] of all rows, one after another.
  let means: [Double]
  /// Σ over rows of the divergence of each latent; empty where it has no closed form.
  let divergencePerLatent: [Double]

  /// One row.
  struct Row {
    var values = RowEvaluation()
    /// 0 where the divergence has a closed form.
    var divergenceVariance = 0.0
    /// Of −ELBO and −log p(x), of the draws.
    var variances = (bound: 0.0, likelihood: 0.0, both: 0.0)
    /// log p(x) by fewer draws, its variance and the groups that it is a mean of.
    var levels: [(value: Double, variance: Double, groups: Int)] = []
  }
}

/// The rows seen so far.
struct EvaluationSums {
  private(set) var rows: [JudgedBatch.Row] = []
  private var means: [Double] = []
  private var divergencePerLatent: [Double] = []

  mutating func add(_ batch: JudgedBatch) {
    rows += batch.rows
    means += batch.means
    divergencePerLatent =
      divergencePerLatent.isEmpty
      ? batch.divergencePerLatent : zip(divergencePerLatent, batch.divergencePerLatent).map(+)
  }

  /// The standard error of the mean divergence, of the draws.
  var divergenceError: Double { rows.reduce(0) { $0 + $1.divergenceVariance }.squareRoot() / Double(rows.count) }

  func evaluation(samples: Int, dimensions: Int) -> Evaluation {
    let count = Double(rows.count)
    func mean(_ value: (JudgedBatch.Row) -> Double) -> Double { rows.reduce(0) { $0 + value($1) } / count }
    func error(_ variance: (JudgedBatch.Row) -> Double) -> Double { (mean(variance) / count).squareRoot() }
    var result = Evaluation()
    result.rows = rows.count
    result.samples = samples
    result.reconstruction = mean { $0.values.reconstruction }
    result.divergence = mean { $0.values.divergence }
    result.negativeELBO = result.reconstruction + result.divergence
    result.negativeELBOError = error { $0.variances.bound }
    result.negativeLogLikelihood = mean { $0.values.negativeLogLikelihood }
    result.standardError = result.divergence.isNaN ? .nan : error { $0.variances.likelihood }
    let spread = rows.reduce(0) {
      let difference = $1.values.negativeLogLikelihood - result.negativeLogLikelihood
      return $0 + difference * difference
    }
    result.samplingError = count > 1 || spread.isNaN ? (spread / (count - 1) / count).squareRoot() : 0
    result.effectiveSamples = rows.map(\.values.effectiveSamples).median
    result.gap = result.negativeELBO - result.negativeLogLikelihood
    if result.negativeLogLikelihood.isFinite {
      result.correctedNegativeLogLikelihood = result.negativeLogLikelihood - mean { $0.variances.likelihood } / 2
      // The two are by the same draws; rounding may put the sum just below 0.
      result.gapError = error { max(0, $0.variances.bound + $0.variances.likelihood - 2 * $0.variances.both) }
      result.bounds = bounds(of: result)
    }
    result.tail = tail
    result.latents = means.count / rows.count
    result.activityPerLatent = activities(latents: result.latents)
    result.activeUnits = result.activityPerLatent.filter { $0 > Evaluation.activityThreshold }.count
    result.bitsPerDimension = result.negativeLogLikelihood / (Double(dimensions) * log(2))
    result.divergencePerLatent = divergencePerLatent.map { $0 / count }
    result.warnings = warnings(for: result)
    return result
  }

  /// From one draw, which is the ELBO, to all.
  private func bounds(of result: Evaluation) -> [Evaluation.SampleBound] {
    let count = Double(rows.count)
    let fewer = ImportanceWeights.levels(below: result.samples).enumerated().map { index, samples in
      let levels = rows.map { $0.levels[index] }
      return Evaluation.SampleBound(
        samples: samples, groups: levels[0].groups, value: -levels.reduce(0) { $0 + $1.value } / count,
        error: levels.reduce(0) { $0 + $1.variance }.squareRoot() / count)
    }
    return [.init(samples: 1, groups: result.samples, value: result.negativeELBO, error: result.negativeELBOError)]
      + fewer
      + [.init(samples: result.samples, groups: 1, value: result.negativeLogLikelihood, error: result.standardError)]
  }

  private var tail: Evaluation.WeightTail? {
    let shapes = rows.compactMap(\.values.paretoShape)
    guard !shapes.isEmpty else { return nil }
    let above = shapes.count { $0 > ParetoTail.threshold }
    return .init(median: shapes.median, shareAbove: Double(above) / Double(rows.count), rows: shapes.count)
  }

  /// The variance over rows of each latent's posterior mean.
  private func activities(latents: Int) -> [Double] {
    (0..<latents).map { latent in
      let column = stride(from: latent, to: means.count, by: latents).map { means[$0] }
      let mean = column.reduce(0, +) / Double(column.count)
      return column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)
    }
  }

  private func warnings(for result: Evaluation) -> [String] {
    var found: [String] = []
    if result.divergence.isNaN {
      found.append(
        "The posterior has no density, so there is no ELBO and no estimate of log p(x): only the reconstruction is judged, "
          + "and it bounds nothing.")
    }
    if result.effectiveSamples < 5 {
      found.append(
        (result.samples < 10
          ? "There are only \(result.samples) draws a row: "
          : "Half of the rows have fewer than 5 effective draws out of \(result.samples): ")
          + "−log p(x) is likely overstated and its standard error too small; use more --samples.")
    }
    if let tail = result.tail, tail.median > ParetoTail.threshold {
      found.append(
        "Half of the rows have importance weights with a heavy tail (k̂ above \(ParetoTail.threshold)): −log p(x) is likely overstated "
          + "and its standard error too small, whatever K is; compare with `latent evaluate --annealed`.")
    }
    return found
  }
}
