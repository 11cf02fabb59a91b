internal import Foundation
internal import Torch

extension Evaluation {
  /// The numbers that one pass holds at once at the most, in any one tensor.
  private static let limit = 1 << 22

  /// Judges a model.
  ///
  ///     −log p(x) ≈ −log (1/K) Σ_k w_k,   w_k = p(x|z_k) p(z_k) / q(z_k|x),   z_k ~ q(z|x)
  ///
  /// The estimate of log p(x) is never too high on average, and rises with K to log p(x). Its variance for a row is (K/ESS − 1)/(K − 1)
  /// with the effective number of draws ESS = (Σ w)² / Σ w².
  /// - Parameter samples: K, at least 2.
  /// - Parameter progress: Is told the part that is done, 0 … 1.
  /// - Parameter scores: Is shown what each row says, once.
  /// - Throws: ``LatentError`` where the rows are of another shape than the model's, or hold values that its likelihood gives no
  ///   density to.
  /// - SeeAlso: Burda, Grosse & Salakhutdinov, “Importance Weighted Autoencoders”, 2016; Owen, “Monte Carlo theory, methods and
  ///   examples”, 2013, chapter 9.
  public static func estimate(
    of trained: TrainedModel, on data: Dataset, samples: Int, seed: UInt64 = 0, progress: (Double) -> Void = { _ in },
    scores: (RowScores) -> Void = { _ in }
  ) throws(LatentError) -> Evaluation {
    guard samples >= 2 else { throw LatentError("samples: \(samples) draws have no standard error; use at least 2.") }
    guard data.count > 0 else { throw LatentError("\(data.name) has no rows to judge the model on.") }
    try demandDescribed(data, by: trained)
    let preparation = Preparation(trained.data, on: trained.device)
    let rows = try preparation.prepared(data, part: "evaluation", seed: trained.configuration.data.splitSeed)
    let noise = Noise(seed: seed, stream: "evaluation", on: trained.device)
    // Rows that are redrawn to black and white have a stream of their own: the same rows are judged whatever K is.
    let redrawing = Noise(seed: seed, stream: "rows of an evaluation", on: trained.device)
    var sums = RowSums()
    var remark: String?
    let exact = LinearGaussianModel(trained.model)
    var exactSum = 0.0
    var split: SplitEstimate?
    let (batch, draws) = portion(of: trained, rows: rows.count, samples: samples)
    withoutGradients {
      for start in stride(from: 0, to: rows.count, by: batch) {
        let part = start..<min(start + batch, rows.count)
        let x = preparation.batch(of: rows, rows: part, noise: redrawing)
        if start == 0 { remark = trained.model.likelihood.remark(on: x) }
        if let exact { exactSum += exact.logLikelihood(of: x).sum().item }
        let estimate = BatchEstimate(of: trained.model, on: x, samples: samples, draws: draws, noise: noise)
        sums.add(estimate)
        if !estimate.posterior.isPoint {
          if start == 0 { split = SplitEstimate(of: trained.model, rows: rows.count, seed: seed, on: trained.device) }
          split?.draw(from: estimate.posterior, rows: part)
        }
        progress(0.95 * Double(part.upperBound) / Double(rows.count))
      }
      guard split != nil else { return }
      split?.endDrawing()
      // Once more, and drawn to black and white as before: all posteriors at once might be too many to keep.
      let redrawing = Noise(seed: seed, stream: "rows of an evaluation", on: trained.device)
      for start in stride(from: 0, to: rows.count, by: batch) {
        let part = start..<min(start + batch, rows.count)
        split?.add(trained.model.encode(preparation.batch(of: rows, rows: part, noise: redrawing)))
        progress(0.95 + 0.05 * Double(part.upperBound) / Double(rows.count))
      }
    }
    var result = sums.evaluation(samples: samples, dimensions: trained.data.dimensions)
    if result.divergence.isFinite {
      result.divergenceSplit = split?.split(of: (result.divergence, sums.divergenceError))
    }
    if exact != nil { result.exactLogLikelihood = exactSum / Double(rows.count) }
    scores(sums.scores)
    if let remark { result.warnings.append(remark) }
    return result
  }
}

extension Evaluation {
  /// The rows, and the draws for each of them, that are judged at once.
  private static func portion(of trained: TrainedModel, rows: Int, samples: Int) -> (rows: Int, draws: Int) {
    let features = max(
      trained.data.dimensions * trained.model.likelihood.featuresPerElement, trained.model.prior.width)
    let batch = max(1, min(rows, 500, limit / max(samples, features)))
    return (batch, max(1, min(samples, limit / (batch * features))))
  }

  /// The operations of one step of judging, by which it is spread over threads (see ``Threads/count(asked:operations:)``).
  public static func operations(of trained: TrainedModel, rows: Int, samples: Int) -> Double {
    let portion = portion(of: trained, rows: rows, samples: samples)
    return Threads.passing(parameters: trained.model.parameterCount, rows: portion.rows, samples: portion.draws)
  }

  /// Refuses rows with values that the model's likelihood gives no density to.
  private static func demandDescribed(_ data: Dataset, by trained: TrainedModel) throws(LatentError) {
    try trained.data.check(data)
    let likelihood = try trained.configuration.model.likelihood.member()
    let range = trained.data.valueRange(of: data)
    do { try likelihood.check(range) } catch {
      throw LatentError(
        "\(data.name) holds values that the model's likelihood '\(type(of: likelihood).kind)' does not describe: scaled as the model's "
          + "data was, they go from \(range.minimum.brief) to \(range.maximum.brief)\(range.isWhole ? "" : ", with fractions"); "
          + "give data like that which it was trained on.")
    }
  }
}

/// What one batch of rows says; one number a row, in double precision.
private struct BatchEstimate {
  let posterior: any LatentDistribution
  let reconstruction: [Double]
  let divergence: [Double]
  let boundVariance: [Double]
  /// 0 where the divergence has a closed form.
  let divergenceVariance: [Double]
  let logLikelihood: [Double]
  let effectiveSamples: [Double]
  let means: [Double]
  let divergencePerLatent: [Double]

  init(of model: VAE, on x: Tensor, samples: Int, draws: Int, noise: Noise) {
    posterior = model.encode(x)
    // Made once: small results kept between the large ones of each pass would leave memory in pieces.
    let likelihood = Tensor.zeros([samples, x.extent(0)], type: .float64, on: x.device)
    // A point has no density: neither bound nor importance weights are defined.
    let ratio = Tensor.full(likelihood.shape, posterior.isPoint ? .nan : 0, type: .float64, on: x.device)
    for start in stride(from: 0, to: samples, by: draws) {
      let part = start..<min(start + draws, samples)
      let z = posterior.sample(part.count, using: noise)
      likelihood[part].copy(from: model.logLikelihood(of: x, given: z))
      if posterior.isPoint { continue }
      ratio[part].copy(from: model.prior.logDensity(of: z) - posterior.logDensity(of: z))
    }
    let closedForm = posterior.isPoint ? nil : model.prior.divergence(of: posterior)?.to(type: .float64)
    let bound = closedForm == nil ? likelihood + ratio : likelihood
    boundVariance = (bound.variance(over: 0) / Double(samples - 1)).values()
    divergenceVariance =
      closedForm == nil
      ? (ratio.variance(over: 0) / Double(samples - 1)).values() : Array(repeating: 0, count: x.extent(0))
    reconstruction = (-likelihood.mean(over: 0)).values()
    divergence = (closedForm?.sum(over: -1) ?? -ratio.mean(over: 0)).values()
    divergencePerLatent = closedForm?.sum(over: 0).values() ?? []
    means = posterior.mean.to(type: .float64).values()

    let logWeights = likelihood + ratio
    let total = logWeights.logSumExp(over: 0)
    logLikelihood = (total - log(Double(samples))).values()
    effectiveSamples = (total * 2 - (logWeights * 2).logSumExp(over: 0)).exponential().values()
  }
}

/// The rows seen so far.
private struct RowSums {
  private var reconstruction: [Double] = []
  private var divergence: [Double] = []
  private var boundVariance: [Double] = []
  private var divergenceVariance: [Double] = []
  private var logLikelihood: [Double] = []
  private var effectiveSamples: [Double] = []
  private var means: [Double] = []
  private var divergencePerLatent: [Double] = []

  mutating func add(_ batch: BatchEstimate) {
    reconstruction += batch.reconstruction
    divergence += batch.divergence
    boundVariance += batch.boundVariance
    divergenceVariance += batch.divergenceVariance
    logLikelihood += batch.logLikelihood
    effectiveSamples += batch.effectiveSamples
    means += batch.means
    divergencePerLatent =
      divergencePerLatent.isEmpty
      ? batch.divergencePerLatent : zip(divergencePerLatent, batch.divergencePerLatent).map(+)
  }

  /// The standard error of the mean divergence, of the draws.
  var divergenceError: Double { divergenceVariance.reduce(0, +).squareRoot() / Double(divergenceVariance.count) }

  /// What each row says.
  var scores: RowScores {
    RowScores(
      negativeELBO: zip(reconstruction, divergence).map(+), negativeLogLikelihood: logLikelihood.map { -$0 })
  }

  func evaluation(samples: Int, dimensions: Int) -> Evaluation {
    let count = Double(reconstruction.count)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / count }
    var result = Evaluation()
    result.rows = reconstruction.count
    result.samples = samples
    result.reconstruction = mean(reconstruction)
    result.divergence = mean(divergence)
    result.negativeELBO = result.reconstruction + result.divergence
    result.negativeELBOError = boundVariance.reduce(0, +).squareRoot() / count
    result.negativeLogLikelihood = -mean(logLikelihood)
    let k = Double(samples)
    result.standardError =
      result.divergence.isNaN
      ? .nan : effectiveSamples.reduce(0) { $0 + max(0, k / max($1, 1) - 1) / (k - 1) }.squareRoot() / count
    let spread = logLikelihood.reduce(0) {
      $0 + ($1 + result.negativeLogLikelihood) * ($1 + result.negativeLogLikelihood)
    }
    result.samplingError = count > 1 || spread.isNaN ? (spread / (count - 1) / count).squareRoot() : 0
    result.effectiveSamples = effectiveSamples.sorted()[effectiveSamples.count / 2]
    result.gap = result.negativeELBO - result.negativeLogLikelihood
    result.latents = means.count / reconstruction.count
    result.activityPerLatent = activities(latents: result.latents)
    result.activeUnits = result.activityPerLatent.filter { $0 > Evaluation.activityThreshold }.count
    result.bitsPerDimension = result.negativeLogLikelihood / (Double(dimensions) * log(2))
    result.divergencePerLatent = divergencePerLatent.map { $0 / count }
    result.warnings = warnings(for: result)
    return result
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
    return found
  }
}
