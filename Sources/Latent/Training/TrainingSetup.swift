internal import Torch

/// All that a training needs, made from a configuration and its data; nothing is written.
struct TrainingSetup {
  /// The configuration with everything that it left to the data filled in.
  let configuration: Configuration
  /// What the data was recognized as.
  let summary: DataSummary
  /// The rows.
  let partition: Partition
  /// The model, with what it takes to use it.
  let trained: TrainedModel
  /// The training, at its start.
  let training: Training

  /// Reads the data and fits configuration, data and model to each other; sets the threads.
  ///
  /// - Parameter load: Reads the rows, and the test rows where the source brings its own.
  /// - Parameter group: The processes that train together; they share cores, and each has a device of its machine to itself if it can.
  /// - Throws: ``LatentError`` in one sentence where they do not fit.
  init(
    _ configuration: Configuration, sharedBy group: ProcessGroup = .alone,
    load: () throws -> (training: Dataset, test: Dataset?)
  ) throws {
    let device = try group.device(named: configuration.device)
    try configuration.training.fit.member().check(configuration)
    try configuration.training.precision.check(on: device)
    try configuration.checkCapture(on: device, processes: group.size)
    let loaded = try load()
    Engine.threads = Threads.count(asked: configuration.threads, sharers: group.sharers)
    summary = DataSummary(of: loaded.training)
    partition = try Partition.make(from: loaded, configuration.data)
    var resolved = configuration
    let likelihood = try configuration.model.likelihood.member().resolved(for: summary)
    resolved.model.likelihood = Chosen(likelihood)
    if resolved.data.scaling == .automatic { resolved.data.scaling = likelihood.scaling(for: summary) }
    func chosen(_ objective: some Objective) -> Chosen<Objectives> { Chosen(objective) }
    resolved.objective = chosen(try configuration.objective.member().resolved())
    if resolved.training.batch == 0 { resolved.training.batch = max(1, partition.training.count) }
    try resolved.validate()
    let description = try DataDescription(of: partition.training, configuration: resolved.data)
    try likelihood.check(description.valueRange(of: loaded.training))
    self.configuration = resolved

    try Memory.demandRoom(for: resolved, data: description, on: device)
    let initializer = Initializer(noise: Noise(seed: resolved.seed, stream: "initialization"), device: device)
    let model = try VAE(resolved.model, shape: description.shape, with: initializer)
    let rows = partition.training
    try model.startDecoder(at: { Preparation(description, on: device).mean(of: rows.on(device)) }, resolved.model)
    trained = TrainedModel(model: model, data: description, configuration: resolved, device: device)
    Engine.threads = Threads.count(
      asked: resolved.threads,
      operations: Threads.training(
        parameters: model.parameterCount, rows: max(1, resolved.training.batch / group.size),
        samples: try resolved.objective.member().samples),
      sharers: group.sharers)
    training = try Training(
      model, on: partition, with: Preparation(description, on: device), resolved, sharedBy: group)
  }
}
