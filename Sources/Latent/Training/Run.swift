internal import Codecs
internal import Foundation
internal import Torch

/// A run: a configuration, its data and model, and the folder that all of it is kept in.
///
///     let run = try Run.create(configuration, in: RunFolder("runs/mine"))
///     try run.train { report in .proceed }
///     let (evaluation, part) = try run.finish()
///
/// Processes of a ``ProcessGroup`` make, resume and train a run together; only the first of them reads and writes the folder, and only
/// it finishes the run.
public final class Run {
  /// What a report's reader wants next.
  public enum Decision: Sendable {
    /// More training.
    case proceed
    /// A clean end now, with everything saved.
    case stop
  }

  /// Where it is kept.
  public let folder: RunFolder
  /// The configuration with everything that it left to the data filled in.
  public let configuration: Configuration
  /// The rows.
  public let partition: Partition
  /// What the data was recognized as.
  public let summary: DataSummary
  /// The model being trained, with what it takes to use it.
  public let trained: TrainedModel
  /// The training.
  public let training: Training
  /// The processes that train together.
  public var group: ProcessGroup { training.group }

  private var manifest: Manifest

  private init(
    _ configuration: Configuration, manifest: Manifest, _ group: ProcessGroup, folder: () throws -> RunFolder
  ) throws {
    var configuration = configuration
    try group.together { try group.demand(configuration.processes) }
    configuration.processes = group.size
    let setup = try group.together {
      try TrainingSetup(configuration, sharedBy: group) { try DataSource.load(configuration.data) }
    }
    let resolved = setup.configuration
    self.configuration = resolved
    (summary, partition, trained, training) = (setup.summary, setup.partition, setup.trained, setup.training)

    var manifest = manifest
    manifest.seed = resolved.seed
    manifest.device = trained.device.description
    manifest.threads = Engine.threads
    manifest.processes = group.size
    manifest.source = resolved.data.source
    manifest.format = partition.training.format
    manifest.trainingRows = partition.training.count
    manifest.validationRows = partition.validation?.count ?? 0
    manifest.testRows = partition.test?.count ?? 0
    manifest.parameters = trained.model.parameterCount
    if manifest.started.isEmpty { manifest.started = Manifest.now() }
    manifest.dataHash = partition.training.hash
    let hash = Data(manifest.dataHash.utf8)
    try group.together {
      guard group.broadcast(hash) == hash else {
        throw LatentError(
          "the data in '\(resolved.data.source)' is not what the first process found there; give all of them the same.")
      }
    }
    self.manifest = manifest
    let path = try group.fromFirst { Data(try folder().path.utf8) }
    self.folder = RunFolder(String(decoding: path ?? Data(), as: UTF8.self))
  }

  /// A new run; nothing is written before configuration, data and model have been found to fit.
  ///
  /// - Parameter group: The processes that train it together; all of them create it.
  /// - Throws: ``LatentError`` in one sentence; in a group, ``SharedFailure``.
  public static func create(
    _ configuration: Configuration, in folder: RunFolder, sharedBy group: ProcessGroup = .alone
  ) throws -> Run {
    _ = try group.first { try folder.demandNew() }
    return try create(configuration, group) {
      try folder.claim()
      return folder
    }
  }

  /// A new run in the first of the folders `runs/NAME-1`, `runs/NAME-2` … that is free.
  ///
  /// - Parameter group: The processes that train it together; all of them create it.
  /// - Throws: ``LatentError`` in one sentence; in a group, ``SharedFailure``.
  public static func create(
    _ configuration: Configuration, named name: String, sharedBy group: ProcessGroup = .alone
  ) throws -> Run {
    try create(configuration, group) { try RunFolder.claimNext(named: name) }
  }

  private static func create(
    _ configuration: Configuration, _ group: ProcessGroup, claiming folder: () throws -> RunFolder
  ) throws -> Run {
    let run = try Run(configuration, manifest: Manifest(), group, folder: folder)
    _ = try group.first {
      do {
        try AtomicFile.write(Array(try run.configuration.yaml().utf8), to: run.folder.configuration)
        try run.manifest.write(run.folder)
      } catch {
        run.folder.abandon()
        throw error
      }
    }
    return run
  }

  /// Goes on with a run, exactly where its last checkpoint was written; from the start where there is none.
  ///
  /// - Parameter settings: Single values; only `training.epochs`, `device` and `threads` may differ from the run's own.
  /// - Parameter group: As many processes as have trained it; all of them resume it.
  public static func resume(
    _ folder: RunFolder, settings: [String] = [], sharedBy group: ProcessGroup = .alone
  ) throws -> Run {
    let text = try group.fromFirst {
      guard let text = FileManager.default.contents(atPath: folder.configuration) else {
        throw LatentError("'\(folder.path)' holds no config.yaml; give the folder of a run that was started.")
      }
      return text
    }
    let (configuration, stored) = try group.together {
      // A run that was killed while it was being made has no manifest yet, and processes on other machines need none.
      let isThere = group.isFirst && FileManager.default.fileExists(atPath: folder.manifest)
      return (
        try Configuration(text: text, of: folder.configuration, settings: settings),
        isThere ? try Manifest.read(folder) : Manifest()
      )
    }
    let run = try Run(configuration, manifest: stored, group) { folder }
    let checkpoint = try group.fromFirst {
      guard stored.dataHash.isEmpty || stored.dataHash == run.manifest.dataHash else {
        throw LatentError(
          "the data in '\(configuration.data.source)' is not what '\(folder.path)' was trained on; start a new run.")
      }
      // What another process is writing is not to be tidied away.
      try folder.whileHeld { folder.tidy() }
      return try? Data(contentsOf: URL(fileURLWithPath: folder.checkpoint), options: .mappedIfSafe)
    }
    try group.together {
      if let checkpoint {
        let file = try Safetensors(checkpoint, name: folder.checkpoint)
        try Checkpoint.restore(run.training, from: file, name: folder.checkpoint)
      }
      if group.isFirst, run.configuration != (try? Configuration(text: text, of: folder.configuration)) {
        try AtomicFile.write(Array(try run.configuration.yaml().utf8), to: folder.configuration)
      }
    }
    run.manifest.status = .running
    return run
  }
}

// Training and what is kept of it.
extension Run {
  /// Trains until it is over or the reader says stop; checkpoints are written on the way and at the end.
  ///
  /// - Parameter report: Is shown every report and decides whether to go on. Each process of a group has its own; one that says stop
  ///   stops all.
  /// - Returns: Why training is over; nil where the reader stopped it.
  /// - Throws: ``LatentError`` or a codec's error where the folder cannot be written, the last checkpoint stays whole; or where another
  ///   process trains the same run. In a group, ``SharedFailure``.
  @discardableResult
  public func train(_ report: (TrainingReport) throws -> Decision) throws -> TrainingEnd? {
    let hold = try group.first { try folder.hold() }
    defer { withExtendedLifetime(hold) {} }
    return try trainAlone(report)
  }

  private func trainAlone(_ report: (TrainingReport) throws -> Decision) throws -> TrainingEnd? {
    var saved = ContinuousClock.now
    for event in training {
      let isOver = group.any(try group.together { try report(event) } == .stop)
      if case .ended(let end) = event {
        try save(end)
        return end
      }
      if isOver {
        manifest.status = .interrupted
        manifest.end = "stopped by its user in epoch \(training.history.count + 1)"
        try save()
        return nil
      }
      let isEpoch = if case .epoch = event { true } else { false }
      let pause = configuration.training.checkpointSeconds
      if isEpoch || pause > 0, group.decided(saved.duration(to: .now).seconds >= pause) {
        try save()
        saved = .now
      }
    }
    return nil
  }

  private func save(_ end: TrainingEnd) throws {
    switch end {
    case .completed: (manifest.status, manifest.end) = (.finished, "all epochs done")
    case .patience(let best):
      (manifest.status, manifest.end) = (
        .finished, "no better epoch for \(configuration.training.patience) epochs after \(best)"
      )
    case .converged(let iterations):
      (manifest.status, manifest.end) = (.finished, "converged after \(counted(iterations, "iteration"))")
    case .notFinite(let text):
      // The weights may be spoilt: what was saved last stays.
      (manifest.status, manifest.end) = (.failed, text)
      _ = try group.first {
        if training.bestEpoch > 0 { try saveBest() }
        try saveManifest()
      }
      return
    }
    try save()
  }

  /// Writes checkpoint, best weights, metrics and manifest, each beside and then renamed.
  private func save() throws {
    let contents = try Checkpoint.contents(of: training)
    _ = try group.first {
      try RunFolder.make((folder.checkpoint as NSString).deletingLastPathComponent)
      try AtomicFile.write(to: folder.checkpoint) { file in try contents.write { try file.append($0) } }
      try saveBest()
      try saveManifest()
    }
  }

  private func saveManifest() throws {
    manifest.updated = Manifest.now()
    manifest.epochs = training.history.count
    manifest.bestEpoch = training.bestEpoch
    manifest.seconds = training.seconds
    try manifest.write(folder)
  }

  private func saveBest() throws {
    try TrainedModel.write(training.best, data: trained.data, configuration: configuration, to: folder.model)
    try Metrics.write(training.history, to: folder.metrics)
  }

  /// Puts the best weights into the model, fits a prior that is fitted afterwards, judges the model on validation rows (on training rows where there are none) and writes the page.
  ///
  /// The first process of a group does this alone.
  /// - Returns: The measures, and the name of the rows that they are of.
  public func finish(progress: (Double) -> Void = { _ in }) throws -> (evaluation: Evaluation, part: String) {
    try training.restoreBest()
    let judged = partition.validation ?? partition.training
    Engine.threads = Threads.count(
      asked: configuration.threads,
      operations: Evaluation.operations(of: trained, rows: judged.count, samples: configuration.evaluation.samples))
    if let prior = trained.model.prior as? any FittedPrior {
      let noise = Noise(seed: configuration.seed, stream: "prior", on: trained.device)
      try prior.fit(to: try trained.latents(of: partition.training, using: noise))
      try trained.save(to: folder.model)
    }
    let part = partition.validation == nil ? "training" : "validation"
    var evaluation = try Evaluation.estimate(
      of: trained, on: judged, samples: configuration.evaluation.samples, seed: configuration.seed, progress: progress)
    try demandFinite(evaluation, part)
    try evaluation.diagnose(
      trained, on: judged, course: TrainingCourse(training.history, bestEpoch: training.bestEpoch),
      training: partition.validation.map { _ in partition.training }, seed: configuration.seed)
    try Report.write(for: self, evaluation: evaluation, part: part, manifest: manifest)
    return (evaluation, part)
  }

  /// Refuses weights that training left finite, with finite terms of its own draws, and that other draws show to be spoilt.
  private func demandFinite(_ evaluation: Evaluation, _ part: String) throws {
    let terms =
      [("reconstruction", evaluation.reconstruction)]
      + (evaluation.hasBound ? [("divergence", evaluation.divergence)] : [])
    guard let (name, value) = terms.first(where: { !$0.1.isFinite }) else { return }
    let sentence = Diagnosis.text(forMeasure: name, value, of: part, epoch: training.bestEpoch)
    (manifest.status, manifest.end) = (.failed, sentence)
    try saveManifest()
    throw LatentError(sentence)
  }
}
