/// Everything that describes a run; every field has a default.
public struct Configuration: Codable, Sendable, Equatable {
  /// The seed of every draw but the split of the data.
  public var seed: UInt64 = 0
  /// Where the model is computed: `cpu`, `cuda` or `cuda:N`.
  public var device = "cpu"
  /// The threads that one operation is spread over; 0 takes as many as there are cores, or one where a training step is little work.
  public var threads = 0
  /// The processes that share each batch; 0 takes as many as mpirun starts, or one.
  public var processes = 0
  /// Where the data comes from and how it is read.
  public var data = DataConfiguration()
  /// What the model is made of.
  public var model = ModelConfiguration()
  /// What training minimizes.
  public var objective = Chosen<Objectives>()
  /// How it is trained.
  public var training = TrainingConfiguration()
  /// How it is judged.
  public var evaluation = EvaluationConfiguration()

  /// The defaults.
  public init() {}

  /// Refuses values and combinations that make no sense, with the path, the value and what would be right.
  public func validate() throws(LatentError) {
    guard (0...1024).contains(threads) else {
      throw LatentError(
        "threads: \(threads) is no number of threads; expected 1 to 1024, or 0 for as many as there are cores.")
    }
    guard (0...65_536).contains(processes) else {
      throw LatentError(
        "processes: \(processes) is no number of processes; expected 1 to 65536, or 0 for as many as are started.")
    }
    try data.validate()
    try model.validate()
    try objective.validate(at: "objective")
    try training.validate()
    try evaluation.validate()
    try validateTogether()
  }

  /// Refuses parts that cannot be trained together.
  private func validateTogether() throws(LatentError) {
    let hasDivergence = try objective.member().hasDivergence
    let hasDensity = try model.posterior.member().hasDensity
    let isLearned = try model.prior.member().isLearned
    guard hasDensity || !hasDivergence else {
      throw LatentError(
        "objective: '\(objective.kind)' needs a posterior with a density and '\(model.posterior.kind)' has none; "
          + "use --set objective=reconstruction, or another model.posterior.")
    }
    guard hasDivergence || !isLearned else {
      throw LatentError(
        "objective: '\(objective.kind)' never looks at the prior, so '\(model.prior.kind)' would not be learned; "
          + "use --set model.prior=fitted-gaussian, or another objective.")
    }
    try objective.member().check(model)
  }
}

/// What a model is made of.
public struct ModelConfiguration: Codable, Sendable, Equatable {
  /// L, the number of latents.
  public var latents = 16
  /// The form of q(z|x).
  public var posterior = Chosen<Posteriors>()
  /// The form of p(z).
  public var prior = Chosen<Priors>()
  /// From observations to the posterior.
  public var encoder = Chosen<Networks>()
  /// From latents to the likelihood.
  public var decoder = Chosen<Networks>()
  /// The form of p(x|z).
  public var likelihood = Chosen<Likelihoods>()

  /// The defaults.
  public init() {}

  func validate() throws(LatentError) {
    guard (1...65_536).contains(latents) else {
      throw LatentError("model.latents: \(latents) is no number of latents; expected 1 to 65536.")
    }
    try posterior.validate(at: "model.posterior")
    try prior.validate(at: "model.prior")
    try encoder.validate(at: "model.encoder")
    try decoder.validate(at: "model.decoder")
    try likelihood.validate(at: "model.likelihood")
  }
}

/// How a model is trained.
public struct TrainingConfiguration: Codable, Sendable, Equatable {
  /// How parameters are found: by gradients, or as a linear model's can be.
  public var fit = Chosen<Fits>()
  /// Passes over the training rows, or iterations of another fit.
  public var epochs = 100
  /// Rows a step; 0 for all of them.
  public var batch = 128
  /// What the products of a step are computed in.
  public var precision = Precision.fp32
  /// Whether steps are captured once as graphs and then asked for as a whole, on a GPU.
  public var capture = false
  /// What turns gradients into steps.
  public var optimizer = Chosen<Optimizers>()
  /// What the learning rate is multiplied by over time.
  public var learningRateSchedule = Chosen<Schedules>()
  /// What the divergence's weight is multiplied by over time.
  public var divergenceSchedule = Chosen<Schedules>()
  /// The greatest joint norm of the gradients; 0 leaves them as they are.
  public var gradientClipping = 0.0
  /// Epochs without improvement on validation rows after which training stops; 0, or no such rows, never stops.
  public var patience = 20
  /// Seconds between checkpoints at the least; 0 writes one after every epoch.
  public var checkpointSeconds = 10.0

  /// The defaults.
  public init() {}

  func validate() throws(LatentError) {
    guard (1...10_000_000).contains(epochs) else {
      throw LatentError("training.epochs: \(epochs) is no number of epochs; expected at least 1.")
    }
    guard (0...10_000_000).contains(batch) else {
      throw LatentError("training.batch: \(batch) is no number of rows; expected at least 1, or 0 for all of them.")
    }
    guard gradientClipping >= 0, gradientClipping.isFinite else {
      throw LatentError("training.gradientClipping: \(gradientClipping) must be above 0, or 0 for none.")
    }
    guard patience >= 0 else { throw LatentError("training.patience: \(patience) must be at least 1, or 0 for never.") }
    guard checkpointSeconds >= 0 else {
      throw LatentError("training.checkpointSeconds: \(checkpointSeconds) must be at least 0.")
    }
    try fit.validate(at: "training.fit")
    try optimizer.validate(at: "training.optimizer")
    for (path, schedule) in [
      ("training.learningRateSchedule", learningRateSchedule), ("training.divergenceSchedule", divergenceSchedule),
    ] {
      try schedule.validate(at: path)
      let end = try schedule.member().warmUpEnd(epochs: epochs)
      guard end < Double(epochs) else {
        throw LatentError(
          "\(path): its warm-up lasts \(end.brief) epochs and training only \(epochs); "
            + "make it shorter, or training.epochs more than \(end.brief).")
      }
    }
  }
}

/// How a model is judged once trained.
public struct EvaluationConfiguration: Codable, Sendable, Equatable {
  /// K, the draws for each row by which log p(x) is estimated.
  public var samples = 100

  /// The defaults.
  public init() {}

  func validate() throws(LatentError) {
    guard (2...1_000_000).contains(samples) else {
      throw LatentError("evaluation.samples: \(samples) is no number of draws; expected 2 to 1000000.")
    }
  }
}

extension Chosen {
  /// Refuses settings that make no sense, with their path.
  func validate(at path: String) throws(LatentError) {
    do { try choice.validate() } catch { throw LatentError("\(path).\(error.description)") }
  }
}
