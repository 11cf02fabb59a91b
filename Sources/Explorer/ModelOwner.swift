internal import Latent
internal import Synchronization
internal import Torch

/// The one who owns a model: all work on it is done one piece after another, on a thread of its own.
///
/// Pieces are synchronous, so that no setting of libtorch outlives a wait; long work comes as many pieces, between which others pass.
actor ModelOwner {
  nonisolated let executor: ModelThread
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private var model: ExploredModel?
  private nonisolated let waiting = Mutex(0)

  /// Pieces that may wait at once.
  static let room = 64
  /// How long a piece may wait.
  static let patience = Duration.seconds(8)

  /// What is said of a run without a model yet.
  static let training = ExplorerError(
    .conflict, "this run is still being trained; its model can be looked at once training is over.")

  init(name: String) { executor = ModelThread(name: name) }

  /// Does a piece of work.
  ///
  /// - Throws: ``ExplorerError`` where too much waits, or it has waited too long; `CancellationError` where nobody wants it any more.
  nonisolated func work<Answer: Sendable>(
    _ body: @escaping @Sendable (ExploredModel) throws -> Answer
  ) async throws -> Answer {
    let isTaken = waiting.withLock { count in
      guard count < Self.room else { return false }
      count += 1
      return true
    }
    guard isTaken else { throw ExplorerError.overload }
    defer { waiting.withLock { $0 -= 1 } }
    return try await perform(asked: .now, body)
  }

  private func perform<Answer: Sendable>(
    asked: ContinuousClock.Instant, _ body: @Sendable (ExploredModel) throws -> Answer
  ) throws -> Answer {
    try Task.checkCancellation()
    guard asked.duration(to: .now) < Self.patience else { throw ExplorerError.overload }
    guard let model else { throw Self.training }
    return try withoutGradients { try body(model) }
  }

  /// Makes room where a row was not filled in to the end.
  func forget(filling number: Int) { model?.fillings[number] = nil }

  /// Reads the model of a run.
  ///
  /// - Returns: What can be known of it without asking.
  func open(_ path: String, device: String, threads: Int) throws -> ExploredRun.State {
    let model = try ExploredModel(path, device: Device(named: device), threads: threads)
    self.model = model
    return ExploredRun.State(
      shape: model.data.shape, latents: model.latents, operations: model.operations,
      isReady: true)
  }
}
