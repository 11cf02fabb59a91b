internal import Foundation
internal import Torch

extension AnnealedLikelihood {
  /// Judges a model on rows of data.
  ///
  /// - Parameter progress: Is told the part that is done, 0 … 1.
  /// - Parameter isStopped: Whether to end early: the rows of whole batches then count.
  /// - Returns: nil where it was stopped before any were.
  /// - Throws: ``LatentError`` where the rows are of another shape than the model's, or hold values that its likelihood gives no
  ///   density to.
  public static func estimate(
    of trained: TrainedModel, on data: Dataset, settings: Settings = .init(), seed: UInt64 = 0,
    progress: (Double) -> Void = { _ in }, isStopped: () -> Bool = { false }
  ) throws(LatentError) -> AnnealedLikelihood? {
    try settings.validate()
    let (batch, _) = Evaluation.portion(of: trained, rows: data.count, samples: 2)
    let rows = try JudgedRows(data, for: trained, batch: batch, seed: seed)
    var sums = AnnealedSums(of: trained, settings: settings, seed: seed)
    rows.forEach { part, x in
      sums.add(
        x, from: part.lowerBound, progress: { progress((Double(part.lowerBound) + $0) / Double(rows.count)) },
        isStopped: isStopped)
    }
    return sums.result
  }

  /// Judges a model on rows that it draws itself, from both sides.
  ///
  /// - SeeAlso: ``estimate(of:on:settings:seed:progress:isStopped:)``
  public static func simulated(
    of trained: TrainedModel, rows: Int, settings: Settings = .init(), seed: UInt64 = 0,
    progress: (Double) -> Void = { _ in }, isStopped: () -> Bool = { false }
  ) throws(LatentError) -> AnnealedLikelihood? {
    try settings.validate()
    guard rows >= 1 else { throw LatentError("rows: \(rows) rows cannot be judged; draw at least 1.") }
    let noise = Noise(seed: seed, stream: "simulated rows", on: trained.device)
    let (batch, _) = Evaluation.portion(of: trained, rows: rows, samples: 2)
    var sums = AnnealedSums(of: trained, settings: settings, seed: seed)
    for start in stride(from: 0, to: rows, by: batch) {
      let (x, z) = withoutGradients {
        let z = trained.model.prior.sample(min(batch, rows - start), using: noise)
        return (trained.model.draw(given: z, using: noise), z)
      }
      let isWhole = sums.add(
        x, drawnFrom: z, from: start, progress: { progress((Double(start) + $0) / Double(rows)) }, isStopped: isStopped)
      guard isWhole else { break }
    }
    return sums.result
  }
}

/// The rows annealed so far.
private struct AnnealedSums {
  /// Chains of each row that only find step sizes.
  private static let pilots = 4
  /// Rows at once at the most: where the chains are stopped, whole batches count.
  private static let batch = 100

  private let trained: TrainedModel
  private let settings: AnnealedLikelihood.Settings
  private let seed: UInt64
  private let exact: LinearGaussianModel?
  /// The weights of the forward and of the backward chains of every row.
  private var forward: [LogSum] = []
  private var backward: [LogSum] = []
  private var acceptance = RunningMoments()
  private var exactSum = 0.0

  init(of trained: TrainedModel, settings: AnnealedLikelihood.Settings, seed: UInt64) {
    (self.trained, self.settings, self.seed) = (trained, settings, seed)
    exact = LinearGaussianModel(trained.model)
  }

  /// Runs the chains of some rows, as many rows at once as fit.
  ///
  /// - Parameter z: What the rows were decoded from, shape `[rows, L]`; nil for rows of data, which have no backward chains.
  /// - Parameter first: The number of the first row.
  /// - Parameter progress: Is told how many of the rows are done, with fractions.
  /// - Returns: Whether all rows were done.
  mutating func add(
    _ x: Tensor, drawnFrom z: Tensor? = nil, from first: Int, progress: (Double) -> Void, isStopped: () -> Bool
  ) -> Bool {
    let model = trained.model
    let width = max(x.extent(1) * model.likelihood.featuresPerElement, model.prior.width)
    let batch = max(1, min(Self.batch, Evaluation.limit / (settings.chains * width)))
    for start in stride(from: 0, to: x.extent(0), by: batch) {
      let part = start..<min(start + batch, x.extent(0))
      let here = x[part].contiguous()
      let phases = z == nil ? 2.0 : 3
      func tell(_ phase: Double, _ share: Double) {
        progress(Double(start) + Double(part.count) * (phase + share) / phases)
      }
      func noise(_ stream: String) -> Noise {
        Noise(seed: seed, stream: "annealing: \(stream)", index: first + start, on: x.device)
      }
      guard
        let path = AnnealingPath(
          of: model, on: here, temperatures: settings.temperatures, pilots: Self.pilots, using: noise("pilots"),
          progress: { tell(0, $0) }, isStopped: isStopped)
      else { return false }
      var chains = AnnealedChains(of: model, on: here, count: settings.chains, using: noise("forward"))
      guard let found = path.logWeights(&chains, isBackward: false, progress: { tell(1, $0) }, isStopped: isStopped)
      else {
        return false
      }
      var back: (weights: Tensor, acceptance: Double)?
      if let z {
        let start = z[part].expanded([settings.chains, part.count, model.latents]).contiguous()
        var chains = AnnealedChains(of: model, on: here, from: start, using: noise("backward"))
        back = path.logWeights(&chains, isBackward: true, progress: { tell(2, $0) }, isStopped: isStopped)
        guard back != nil else { return false }
      }
      forward += Self.sums(found.weights)
      acceptance.add(found.acceptance)
      if let back { backward += Self.sums(-back.weights) }
      if let exact { exactSum += exact.logLikelihood(of: here).sum().item }
    }
    return true
  }

  /// From shape `[chains, rows]`.
  private static func sums(_ weights: Tensor) -> [LogSum] {
    var sums = Array(repeating: LogSum(), count: weights.extent(1))
    for (index, weight) in weights.values(as: Double.self).enumerated() { sums[index % sums.count].add(weight) }
    return sums
  }

  var result: AnnealedLikelihood? {
    guard !forward.isEmpty else { return nil }
    let count = Double(forward.count)
    func error(_ sums: [LogSum]) -> Double { sums.reduce(0) { $0 + $1.variance }.squareRoot() / count }
    var result = AnnealedLikelihood()
    (result.rows, result.temperatures, result.chains) = (forward.count, settings.temperatures, settings.chains)
    result.acceptance = acceptance.mean
    result.effectiveChains = forward.map(\.effectiveCount).median
    result.negativeLogLikelihood = -forward.reduce(0) { $0 + $1.logMean } / count
    result.standardError = error(forward)
    if exact != nil { result.exactNegativeLogLikelihood = -exactSum / count }
    guard !backward.isEmpty else { return result }
    var widths = RunningMoments()
    for (one, other) in zip(forward, backward) { widths.add(-one.logMean - other.logMean) }
    (result.width, result.widthError) = (widths.mean, widths.varianceOfMean.squareRoot())
    result.lowerNegativeLogLikelihood = backward.reduce(0) { $0 + $1.logMean } / count
    // All chains of a row start from one draw of its posterior, whose chance shows only over rows.
    result.lowerStandardError = max(error(backward), widths.varianceOfMean.squareRoot())
    return result
  }
}
