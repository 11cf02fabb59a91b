internal import Foundation
internal import Torch

/// The training of a model: a lazy sequence of reports.
///
///     for report in try Training(model, on: partition, with: preparation, configuration) {
///       if case .epoch(let epoch) = report { print(epoch.epoch, epoch.validationNegativeELBO ?? .nan) }
///     }
///
/// The body of the loop is the callback and `break` stops; a later loop over the same value goes on. Afterwards ``restoreBest()`` puts
/// the best weights into the model. The same configuration, data, device, threads and number of processes give the same bytes.
public final class Training: Sequence, IteratorProtocol {
  /// The model, changed in place.
  public let model: VAE
  /// What the run was asked to be.
  public let configuration: Configuration

  /// Rows of a step, over all processes.
  let batch: Int
  let data: Dataset
  let validation: Dataset?
  let preparation: Preparation
  let objective: any Objective
  let criterion: any Criterion
  private let learningRateSchedule: any Schedule
  private let divergenceSchedule: any Schedule
  private let learningRate: Double
  let warmUpEnd: Double
  let named: [(name: String, parameter: Parameter)]
  let parameters: [Parameter]
  let optimizer: any Optimizer
  let estimator: any Estimator
  let noise: Noise
  private let parts: any StepParts
  /// The processes that take the steps together, and what they tell each other; nil for one alone.
  let group: ProcessGroup
  let exchange: StepExchange?
  var state = TrainingState()
  var best: [(name: String, tensor: Tensor)]
  /// The terms of the last step.
  var latest: [NamedNumber] = []
  private(set) var fit: (any Fit)?
  private var order: (epoch: Int, rows: Tensor)?
  private var hasEnded = false
  private var hasBegun = false
  private var reported = ContinuousClock.now
  /// Whether so much time has passed since the last report that another is due.
  var isReportDue: Bool { reported.duration(to: .now).seconds > Self.reportInterval }
  /// Whether the last step found that a report is due.
  var wantsReport = false

  /// Seconds between progress reports.
  private static let reportInterval = 0.1

  /// Training from the start.
  ///
  /// - Parameter partition: What to train on and what to validate on, as the likelihood needs it (see ``Preparation``).
  /// - Parameter group: The processes that take the steps together; all make the same training.
  /// - Throws: ``LatentError`` where the configuration does not fit the data or the processes.
  public init(
    _ model: VAE, on partition: Partition, with preparation: Preparation, _ configuration: Configuration,
    sharedBy group: ProcessGroup = .alone
  ) throws(LatentError) {
    let settings = configuration.training
    let choice = try settings.fit.member()
    guard settings.batch <= partition.training.count || !(choice is GradientFit) else {
      throw LatentError(
        "training.batch: \(settings.batch) rows a step are more than the \(partition.training.count) training rows; "
          + "use --set training.batch=\(Swift.min(settings.batch, Swift.max(1, partition.training.count / 4))).")
    }
    guard group.size == 1 || choice is GradientFit else {
      throw LatentError(
        "training.fit: '\(settings.fit.kind)' takes no steps that \(group.size) processes could share; start it without mpirun."
      )
    }
    self.model = model
    self.configuration = configuration
    self.preparation = preparation
    self.group = group
    batch = settings.batch == 0 ? Swift.max(1, partition.training.count) : settings.batch
    guard batch >= group.size else {
      throw LatentError(
        "training.batch: \(counted(batch, "row")) a step cannot be shared by \(group.size) processes; make it at least \(group.size)."
      )
    }
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
    noise = Noise(seed: configuration.seed, stream: "training", index: group.rank, on: preparation.device)
    let plain = PlainStep(
      model: model, criterion: criterion, estimator: estimator, noise: noise, precision: settings.precision,
      parameters: parameters, optimizer: optimizer)
    parts = try plain.captured(where: configuration, rows: batch, on: preparation.device, processes: group.size)
    best = model.state.map { ($0.name, $0.tensor.copied()) }
    let trained = Set(parameters.map { ObjectIdentifier($0.value) })
    let buffers = (model.state + estimator.state).map(\.tensor).filter { !trained.contains(ObjectIdentifier($0)) }
    exchange = group.size > 1 ? StepExchange(group, parameters: parameters, buffers: buffers) : nil
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
    if !hasBegun { synchronize() }
    hasBegun = true
    if let end = endReached() { return finish(end) }
    if fit != nil { return iterate() }
    let started = ContinuousClock.now
    reported = started
    let batches = batches
    var clock: StepClock?
    while state.batch < batches {
      if let trouble = parts.run({ step(batches: batches, clock: &clock) }) { return finish(.notFinite(trouble)) }
      if state.batch < batches, wantsReport {
        return .progress(progress(of: batches, after: record(started)))
      }
    }
    let seconds = record(started)
    return validate(seconds: seconds)
  }

  func finish(_ end: TrainingEnd) -> TrainingReport {
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
  func record(_ started: ContinuousClock.Instant) -> Double {
    let passed = started.duration(to: .now).seconds
    state.seconds += passed
    state.epochSeconds += passed
    return state.epochSeconds
  }

  /// Gives all processes what decides about the next step, as the first has it: machines may round differently.
  func synchronize() {
    exchange?.synchronize((model.state + optimizer.state + estimator.state).map(\.tensor))
  }

  private func progress(of batches: Int, after seconds: Double) -> TrainingProgress {
    TrainingProgress(
      epoch: state.epoch + 1, batch: state.batch, batches: batches, terms: state.means,
      rowsPerSecond: Double(state.rows) / Swift.max(seconds, 1e-9))
  }
}

// One step.
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
    return parts.run { step(batches: batches, clock: &clock) }
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
  func factors(at step: Double, of batches: Int) -> (learningRate: Double, divergence: Double) {
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
    let share = group.share(of: count)
    let rows = shuffledRows().narrowed(along: 0, from: start + share.rows.lowerBound, count: share.rows.count)
    let x = withoutGradients { preparation.batch(of: data, rows: rows, noise: noise) }
    clock?.mark(\.batch)
    // A step takes the factor of its middle: the first of a rise from 0 then changes something, and so does the last of a fall.
    let factors = factors(at: Double(state.batch) + 0.5, of: batches)
    let terms = parts.terms(on: x, divergenceFactor: factors.divergence)
    let own = terms.values
    let values: [NamedNumber]
    (values, wantsReport) = exchange?.means(own, share, isDue: isReportDue) ?? (own, isReportDue)
    if let bad = values.first(where: { !$0.value.isFinite }) { return diagnosis(of: bad, own: own, on: x) }
    clock?.mark(\.forward)
    let clipping = configuration.training.gradientClipping
    if exchange == nil, clipping == 0, clock?.isApart != true, let descend = terms.descend {
      descend(factors.learningRate)
      clock?.mark(\.backward)
    } else {
      let part = terms.gradients(exchange == nil ? nil : share.weight)
      let gradients = exchange?.combined(part, share) ?? part
      clock?.mark(\.backward)
      if clipping > 0 {
        let norm = clip(gradients, toNorm: clipping)
        if !norm.isFinite { return diagnosis(of: NamedNumber("norm of the gradients", norm), on: x) }
      }
      parts.change(by: gradients, learningRate: factors.learningRate)
      clock?.mark(\.optimizer)
    }
    latest = values
    state.add(values, rows: count)
    state.batch += 1
    state.steps += 1
    return nil
  }

  func diagnosis(of number: NamedNumber, on x: Tensor) -> String {
    Diagnosis.text(for: number, model: model, x: x, epoch: state.epoch + 1, step: state.steps + 1)
  }

  /// The same of a mean over all processes: the first of them that has such a number among its own rows looks for the place.
  private func diagnosis(of number: NamedNumber, own: [NamedNumber], on x: Tensor) -> String {
    guard exchange != nil else { return diagnosis(of: number, on: x) }
    let found = own.first { !$0.value.isFinite }.map { diagnosis(of: $0, on: x) }
    return group.firstText(found)?.text ?? diagnosis(of: number, on: x)
  }
}

extension Duration {
  /// Seconds as a number.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
