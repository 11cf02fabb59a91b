internal import Foundation
internal import Torch

extension Evaluation {
  /// The numbers that one pass holds at once at the most, in any one tensor.
  static let limit = 1 << 22

  /// Judges a model.
  ///
  ///     −log p(x) ≈ −log (1/K) Σ_k w_k,   w_k = p(x|z_k) p(z_k) / q(z_k|x),   z_k ~ q(z|x)
  ///
  /// The estimate of log p(x) is never too high on average, and rises with K to log p(x). Its variance for a row is (K/ESS − 1)/(K − 1)
  /// with the effective number of draws ESS = (Σ w)² / Σ w². Weights are summed as they come: memory does not grow with K.
  /// - Parameter samples: K, at least 2.
  /// - Parameter progress: Is told the part that is done, 0 … 1.
  /// - Parameter isStopped: Whether to end early: the rows judged so far then count, and ``rowsAsked`` says of how many.
  /// - Throws: ``LatentError`` where the rows are of another shape than the model's, or hold values that its likelihood gives no
  ///   density to, or where it was stopped before any row was judged.
  /// - SeeAlso: Burda, Grosse & Salakhutdinov, “Importance Weighted Autoencoders”, 2016; Owen, “Monte Carlo theory, methods and
  ///   examples”, 2013, chapter 9.
  public static func estimate(
    of trained: TrainedModel, on data: Dataset, samples: Int, seed: UInt64 = 0, progress: (Double) -> Void = { _ in },
    isStopped: () -> Bool = { false }
  ) throws(LatentError) -> Evaluation {
    try byRows(of: trained, on: data, samples: samples, seed: seed, progress: progress, isStopped: isStopped).evaluation
  }

  /// Judges a model, and tells every row's own measures too, in the rows' order.
  ///
  /// - SeeAlso: ``estimate(of:on:samples:seed:progress:isStopped:)``
  public static func byRows(
    of trained: TrainedModel, on data: Dataset, samples: Int, seed: UInt64 = 0, progress: (Double) -> Void = { _ in },
    isStopped: () -> Bool = { false }
  ) throws(LatentError) -> (evaluation: Evaluation, rows: [RowEvaluation]) {
    guard samples >= 2 else { throw LatentError("samples: \(samples) draws have no standard error; use at least 2.") }
    let (batch, draws) = portion(of: trained, rows: data.count, samples: samples)
    let rows = try JudgedRows(data, for: trained, batch: batch, seed: seed)
    let noise = Noise(seed: seed, stream: "evaluation", on: trained.device)
    var sums = EvaluationSums()
    var errors = ReconstructionErrors(of: trained.data)
    var remark: String?
    let exact = LinearGaussianModel(trained.model)
    var exactSum = 0.0
    var split: SplitEstimate?
    withoutGradients {
      rows.forEach { part, x in
        let isFirst = part.lowerBound == 0
        if isFirst { remark = trained.model.likelihood.remark(on: x) }
        let posterior = trained.model.encode(x)
        guard
          let judged = JudgedBatch(
            of: trained.model, on: x, posterior: posterior, samples: samples, draws: draws, noise: noise,
            isStopped: isStopped)
        else { return false }
        if let exact { exactSum += exact.logLikelihood(of: x).sum().item }
        sums.add(judged)
        errors.add(x, reconstructed: trained.model.decode(posterior.mean), by: trained.model.likelihood)
        if !posterior.isPoint {
          if isFirst { split = SplitEstimate(of: trained.model, rows: rows.count, seed: seed, on: trained.device) }
          split?.draw(from: posterior, rows: part)
        }
        progress(0.95 * Double(part.upperBound) / Double(rows.count))
        return true
      }
      guard sums.rows.count == rows.count else { return split = nil }
      guard split != nil else { return }
      split?.endDrawing()
      // Once more, and drawn to black and white as before: all posteriors at once might be too many to keep.
      rows.forEach { part, x in
        split?.add(trained.model.encode(x))
        progress(0.95 + 0.05 * Double(part.upperBound) / Double(rows.count))
        return true
      }
    }
    guard !sums.rows.isEmpty else { throw LatentError("judging was stopped before any row of \(data.name) was done.") }
    var result = sums.evaluation(samples: samples, dimensions: trained.data.dimensions)
    if result.divergence.isFinite {
      result.divergenceSplit = split?.split(of: (result.divergence, sums.divergenceError))
    }
    if exact != nil { result.exactLogLikelihood = exactSum / Double(result.rows) }
    result.reconstructionError = errors.result
    if result.rows < rows.count {
      result.rowsAsked = rows.count
      result.warnings.insert(
        "Judging was stopped: these are the numbers of the first \(result.rows) of \(rows.count) rows.", at: 0)
    }
    if let remark { result.warnings.append(remark) }
    return (result, sums.rows.map(\.values))
  }

  /// The rows, and the draws for each of them, that are judged at once.
  static func portion(of trained: TrainedModel, rows: Int, samples: Int) -> (rows: Int, draws: Int) {
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
}

extension JudgedBatch {
  /// Judges a batch of rows; nil where that was stopped.
  init?(
    of model: VAE, on x: Tensor, posterior: any LatentDistribution, samples: Int, draws: Int, noise: Noise,
    isStopped: () -> Bool
  ) {
    let closedForm = posterior.isPoint ? nil : model.prior.divergence(of: posterior)?.to(type: .float64)
    let count = x.extent(0)
    var weights = Array(
      repeating: ImportanceWeights(samples: samples, isClosedForm: closedForm != nil), count: count)
    for start in stride(from: 0, to: samples, by: draws) {
      if isStopped() { return nil }
      let z = posterior.sample(min(draws, samples - start), using: noise)
      let likelihood = model.logLikelihood(of: x, given: z).values(as: Double.self)
      // A point has no density: neither bound nor importance weights are defined.
      let ratio =
        posterior.isPoint
        ? Array(repeating: Double.nan, count: likelihood.count)
        : (model.prior.logDensity(of: z) - posterior.logDensity(of: z)).values(as: Double.self)
      for index in likelihood.indices {
        weights[index % count].add(logLikelihood: likelihood[index], ratio: ratio[index])
      }
    }
    let divergences = closedForm?.sum(over: -1).values(as: Double.self)
    divergencePerLatent = closedForm?.sum(over: 0).values() ?? []
    means = posterior.mean.to(type: .float64).values()
    rows = weights.enumerated().map { index, weights in Row(weights, divergence: divergences?[index]) }
  }
}

extension JudgedBatch.Row {
  /// - Parameter divergence: In closed form, where there is one.
  init(_ weights: ImportanceWeights, divergence: Double?) {
    variances.bound = (divergence == nil ? weights.bound : weights.likelihood).varianceOfMean
    variances.likelihood = weights.all.variance
    variances.both = weights.covariance
    divergenceVariance = divergence == nil ? weights.ratio.varianceOfMean : 0
    values.reconstruction = -weights.likelihood.mean
    values.divergence = divergence ?? -weights.ratio.mean
    values.negativeELBO = values.reconstruction + values.divergence
    values.negativeELBOError = variances.bound.squareRoot()
    values.negativeLogLikelihood = -weights.all.logMean
    values.standardError = variances.likelihood.squareRoot()
    values.effectiveSamples = weights.all.effectiveCount
    values.paretoShape = weights.paretoShape
    levels = weights.groups.map { ($0.bounds.mean, $0.varianceOfMean, $0.bounds.count) }
  }
}
