internal import Torch

// What an epoch ends with.
extension Training {
  /// Rows that are validated at once, over all processes.
  private static var validationBatch: Int { 1000 }

  /// A validation would show weights that the last step has spoilt; without one they are looked at, and tried on some of the training rows.
  private func spoiltByLastStep() -> String? {
    let (epoch, step) = (state.epoch + 1, state.steps)
    if let (name, _) = named.first(where: { !$0.parameter.value.isAllFinite }) {
      return Diagnosis.text(forParameter: name, epoch: epoch, step: step)
    }
    let few = data.rows(Array(0..<Swift.min(data.count, Self.validationBatch)))
    guard let bad = means(on: few).first(where: { !$0.value.isFinite }) else { return nil }
    let x = withoutGradients { preparation.batch(of: few, rows: 0..<few.count, noise: nil) }
    return Diagnosis.text(for: bad, model: model, x: x, epoch: epoch, step: step)
  }

  func validate(seconds epochSeconds: Double) -> TrainingReport {
    let started = ContinuousClock.now
    synchronize()
    let validated = validation.map(means(on:)) ?? []
    if let bad = validated.first(where: { !$0.value.isFinite }), let validation {
      let x = preparation.batch(
        of: validation, rows: 0..<Swift.min(validation.count, Self.validationBatch), noise: noise)
      return finish(.notFinite(diagnosis(of: bad, on: x)))
    }
    if validated.isEmpty, let trouble = spoiltByLastStep() { return finish(.notFinite(trouble)) }
    let batches = state.batch
    let factors = factors(at: Double(batches) - 0.5, of: batches)
    let trained = state.means
    let weights = objective.weights
    let criterion = (validated.isEmpty ? trained : validated).reduce(0) { $0 + $1.value * (weights[$1.name] ?? 1) }
    // Training terms are too noisy to choose by: without validation rows the latest weights are kept.
    let isBest = validated.isEmpty || criterion < state.best ?? .infinity
    state.epoch += 1
    if isBest {
      state.best = criterion
      state.bestEpoch = state.epoch
      withoutGradients { for (copy, current) in zip(best, model.state) { copy.tensor.copy(from: current.tensor) } }
    }
    state.epochsWithoutImprovement = isBest || Double(state.epoch) <= warmUpEnd ? 0 : state.epochsWithoutImprovement + 1
    record(started)
    let report = EpochReport(
      epoch: state.epoch, steps: state.steps, training: trained, validation: validated, criterion: criterion,
      learningRate: fit?.learningRate ?? factors.learningRate,
      effectiveBeta: objective.effectiveBeta(divergenceFactor: factors.divergence),
      seconds: state.seconds, rowsPerSecond: Double(state.rows) / Swift.max(epochSeconds, 1e-9), isBest: isBest,
      fit: fit?.measures)
    state.history.append(report)
    (state.batch, state.rows, state.sums, state.epochSeconds) = (0, 0, [], 0)
    return .epoch(report)
  }

  /// The mean of each term over some rows, always with the same draws.
  func means(on rows: Dataset) -> [NamedNumber] {
    let noise = Noise(seed: configuration.seed, stream: "validation", index: group.rank, on: preparation.device)
    var total = TrainingState()
    withoutGradients {
      for start in stride(from: 0, to: rows.count, by: Self.validationBatch) {
        let share = group.share(of: Swift.min(Self.validationBatch, rows.count - start))
        let part = start + share.rows.lowerBound..<start + share.rows.upperBound
        let x = preparation.batch(of: rows, rows: part, noise: noise)
        let terms = criterion.terms(
          of: model, on: x, divergenceFactor: 1, mode: .evaluation, using: noise, estimator: estimator)
        total.add(terms.terms.map { NamedNumber($0.name, $0.value.item) }, rows: share.counted)
      }
    }
    total.sums = zip(total.sums, group.sum(total.sums.map(\.value))).map { NamedNumber($0.name, $1) }
    total.rows = rows.count
    return total.means
  }
}
