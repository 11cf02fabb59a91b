internal import Foundation
internal import Torch

/// The training of a model: a lazy sequence of reports.
///
///     for report in try Training(model, on: partition, with: preparation, configuration) {
///       if case .epoch(let epoch) = report { print(epoch.epoch, epoch.validationNegativeELBO ?? .nan) }
///     }
///
/// The body of the loop is the callback and `break` stops; a later loop over the same value goes on. Afterwards ``restoreBest()`` puts
/// the best weights into the model. The same configuration, data, device and threads give the same bytes.
public final class Training: Sequence, IteratorProtocol {
  /// The model, changed in place.
  public let model: VAE
  /// What the run was asked to be.
  public let configuration: Configuration

  private let batch: Int
  let data: Dataset
  private let validation: Dataset?
  private let preparation: Preparation
  private let objective: any Objective
  private let criterion: any Criterion
  private let learningRateSchedule: any Schedule
  private let divergenceSchedule: any Schedule
  private let learningRate: Double
  private let warmUpEnd: Double
  private let named: [(name: String, parameter: Parameter)]
  private let parameters: [Parameter]
  let optimizer: any Optimizer
  let estimator: any Estimator
  let noise: Noise
  var state = TrainingState()
  var best: [(name: String, tensor: Tensor)]
  /// The terms of the last step.
  private(set) var latest: [NamedNumber] = []
  private var fit: (any Fit)?
  private var order: (epoch: Int, rows: Tensor)?
  private var hasEnded = false

  /// Seconds between progress reports.
  private static let reportInterval = 0.1
  /// Rows that are validated at once.
  private static let validationBatch = 1000

  /// Training from the start.
  ///
  /// - Parameter partition: What to train on and what to validate on, as the likelihood needs it (see ``Preparation``).
  /// - Throws: ``LatentError`` where the configuration does not fit the data.
  public init(
    _ model: VAE, on partition: Partition, with preparation: Preparation, _ configuration: Configuration
  ) throws(LatentError) {
    let settings = configuration.training
    let choice = try settings.fit.member()
    guard settings.batch <= partition.training.count || !(choice is GradientFit) else {
      throw LatentError(
        "training.batch: \(settings.batch) rows a step are more than the \(partition.training.count) training rows; "
          + "use --set training.batch=\(Swift.min(settings.batch, Swift.max(1, partition.training.count / 4))).")
    }
    self.model = model
    self.configuration = configuration
    self.preparation = preparation
    batch = settings.batch == 0 ? Swift.max(1, partition.training.count) : settings.batch
    let seed = configuration.data.splitSeed
    data = try preparation.prepared(partition.training, part: "training", seed: seed)
    if let rows = partition.validation {
      validation = try preparation.prepared(rows, part: "validation", seed: seed)
    } else {
      validation = nil
    }
    objective = try configuration.objective.member()
    criterion = try objective.criterion(for: preparation.description, rows: data.count, on: preparation.device)
    estimator = try objective.estimator.member().make(
      with: Initializer(noise: Noise(seed: configuration.seed, stream: "estimator"), device: preparation.device))
    learningRateSchedule = try settings.learningRateSchedule.member()
    divergenceSchedule = try settings.divergenceSchedule.member()
    warmUpEnd = Swift.max(
      learningRateSchedule.warmUpEnd(epochs: settings.epochs), divergenceSchedule.warmUpEnd(epochs: settings.epochs))
    named = model.parameters
    parameters = named.map(\.parameter)
    let optimization = try settings.optimizer.member()
    optimizer = optimization.make(for: named)
    learningRate = optimization.learningRate
    noise = Noise(seed: configuration.seed, stream: "training", on: preparation.device)
    best = model.state.map { ($0.name, $0.tensor.copied()) }
    let rows = data
    fit = try choice.make(configuration) {
      withoutGradients { preparation.batch(of: rows, rows: 0..<rows.count, noise: nil) }
    }
  }

  /// What was reported of each epoch so far.
  public var history: [EpochReport] { state.history }

  /// Seconds of training and validation so far.
  public var seconds: Double { state.seconds }

  /// The epoch of the best weights, 0 before the first.
  public var bestEpoch: Int { state.bestEpoch }

  /// Puts the best weights so far into the model.
  public func restoreBest() throws(LatentError) { try model.load(best) }

  /// Goes on until there is something to report; nil once training is over.
  public func next() -> TrainingReport? {
    if hasEnded { return nil }
    if let end = endReached() { return finish(end) }
    if fit != nil { return iterate() }
    let started = ContinuousClock.now
    let batches = batches
    var clock: StepClock?
    while state.batch < batches {
      if let trouble = step(batches: batches, clock: &clock) { return finish(.notFinite(trouble)) }
      if state.batch < batches, started.duration(to: .now).seconds > Self.reportInterval {
        return .progress(progress(of: batches, after: record(started)))
      }
    }
    let seconds = record(started)
    return validate(seconds: seconds)
  }

  private func finish(_ end: TrainingEnd) -> TrainingReport {
    hasEnded = true
    return .ended(end)
  }

  private func endReached() -> TrainingEnd? {
    if state.batch > 0 { return nil }
    if state.isConverged { return .converged(iterations: state.epoch) }
    if state.epoch >= configuration.training.epochs { return .completed }
    let patience = configuration.training.patience
    return patience > 0 && state.epochsWithoutImprovement >= patience ? .patience(bestEpoch: state.bestEpoch) : nil
  }

  /// Adds the time since `started` to the clocks and gives the epoch's.
  @discardableResult
  private func record(_ started: ContinuousClock.Instant) -> Double {
    let passed = started.duration(to: .now).seconds
    state.seconds += passed
    state.epochSeconds += passed
    return state.epochSeconds
  }

  private func progress(of batches: Int, after seconds: Double) -> TrainingProgress {
    TrainingProgress(
      epoch: state.epoch + 1, batch: state.batch, batches: batches, terms: state.means,
      rowsPerSecond: Double(state.rows) / Swift.max(seconds, 1e-9))
  }
}

// One step, one validation.
extension Training {
  /// The steps of an epoch.
  private var batches: Int { (data.count + batch - 1) / batch }

  /// One step by itself, after the epoch's last one the first of the next: nothing is validated, reported or kept.
  ///
  /// - Returns: What is not a finite number, if anything.
  func stepAlone(clock: inout StepClock?) -> String? {
    if state.batch >= batches {
      state.epoch += 1
      (state.batch, state.rows, state.sums) = (0, 0, [])
    }
    return step(batches: batches, clock: &clock)
  }

  /// One iteration of a fit, after those that a resumed run had done before.
  private func iterate() -> TrainingReport? {
    let started = ContinuousClock.now
    do {
      while let iterations = fit?.iterations, iterations <= state.epoch { try fit?.advance() }
      try fit?.model.write(to: model)
    } catch { return finish(.notFinite(error.description)) }
    state.isConverged = fit?.isConverged ?? false
    state.add(means(on: data), rows: data.count)
    state.batch = 1
    state.steps += 1
    return validate(seconds: record(started))
  }

  /// The epoch's rows in their random order.
  private func shuffledRows() -> Tensor {
    if let order, order.epoch == state.epoch { return order.rows }
    let noise = Noise(seed: configuration.seed, stream: "shuffling", index: state.epoch)
    let rows = noise.permutation(data.count).to(device: preparation.device)
    order = (state.epoch, rows)
    return rows
  }

  /// A moment within the epoch counts in steps.
  private func factors(at step: Double, of batches: Int) -> (learningRate: Double, divergence: Double) {
    let moment = Double(state.epoch) + step / Double(batches)
    let epochs = configuration.training.epochs
    return (
      learningRate * learningRateSchedule.factor(at: moment, of: epochs),
      divergenceSchedule.factor(at: moment, of: epochs)
    )
  }

  /// One step on the next batch.
  ///
  /// - Returns: What is not a finite number, if anything; the parameters have not been changed then.
  private func step(batches: Int, clock: inout StepClock?) -> String? {
    let size = batch
    let start = state.batch * size
    let count = Swift.min(size, data.count - start)
    let rows = shuffledRows().narrowed(along: 0, from: start, count: count)
    let x = withoutGradients { preparation.batch(of: data, rows: rows, noise: noise) }
    clock?.mark(\.batch)
    // A step takes the factor of its middle: the first of a rise from 0 then changes something, and so does the last of a fall.
    let factors = factors(at: Double(state.batch) + 0.5, of: batches)
    let terms = Engine.multiplying(in: configuration.training.precision.engine) {
      criterion.terms(
        of: model, on: x, divergenceFactor: factors.divergence, mode: .training(noise), using: noise,
        estimator: estimator)
    }
    let values = terms.terms.map { NamedNumber($0.name, $0.value.item) }
    if let bad = values.first(where: { !$0.value.isFinite }) { return diagnosis(of: bad, on: x) }
    clock?.mark(\.forward)
    let gradients = terms.total.gradients(in: parameters)
    clock?.mark(\.backward)
    if configuration.training.gradientClipping > 0 {
      let norm = clip(gradients, toNorm: configuration.training.gradientClipping)
      if !norm.isFinite { return diagnosis(of: NamedNumber("norm of the gradients", norm), on: x) }
    }
    optimizer.step(gradients, learningRate: factors.learningRate)
    clock?.mark(\.optimizer)
    latest = values
    state.add(values, rows: count)
    state.batch += 1
    state.steps += 1
    return nil
  }

  private func diagnosis(of number: NamedNumber, on x: Tensor) -> String {
    Diagnosis.text(for: number, model: model, x: x, epoch: state.epoch + 1, step: state.steps + 1)
  }

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

  private func validate(seconds epochSeconds: Double) -> TrainingReport {
    let started = ContinuousClock.now
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
  private func means(on rows: Dataset) -> [NamedNumber] {
    let noise = Noise(seed: configuration.seed, stream: "validation", on: preparation.device)
    var total = TrainingState()
    withoutGradients {
      for start in stride(from: 0, to: rows.count, by: Self.validationBatch) {
        let part = start..<Swift.min(start + Self.validationBatch, rows.count)
        let x = preparation.batch(of: rows, rows: part, noise: noise)
        let terms = criterion.terms(
          of: model, on: x, divergenceFactor: 1, mode: .evaluation, using: noise, estimator: estimator)
        total.add(terms.terms.map { NamedNumber($0.name, $0.value.item) }, rows: part.count)
      }
    }
    return total.means
  }
}

extension Duration {
  /// Seconds as a number.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
