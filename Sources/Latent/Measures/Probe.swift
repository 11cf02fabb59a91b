internal import Torch

/// How much codes say about a label, beside how much the data itself says.
public struct Probe: Codable, Sendable, Equatable {
  /// One classifier on test rows.
  public struct Result: Codable, Sendable, Equatable {
    /// What it was shown: `codes` or `raw data`.
    public let inputs: String
    /// The kind of its network.
    public let network: String
    /// How well it does on test rows.
    public let score: ClassifierScore
  }

  /// Classifiers on codes and on the data.
  public let results: [Result]
  /// What the frequencies of the labels alone give.
  public let chance: ClassifierScore
  /// What the labels stand for.
  public let classes: [String]
  /// Rows to train on, to decide when to stop, and to test on.
  public let rows: [Int]

  /// Trains and tests classifiers.
  ///
  /// - Parameter networks: Each is tried on the posterior means and on the scaled data; convolutions on pictures only.
  /// - Parameter keeping: Is shown every classifier that was trained.
  /// - Throws: ``LatentError`` where a part or its labels are missing.
  public init(
    of trained: TrainedModel, on partition: Partition, networks: [any NetworkChoice] = Self.networks,
    settings: Classifier.Settings = .init(), seed: UInt64 = 0,
    keeping: (any NetworkChoice, Classifier) -> Void = { _, _ in }, progress: (Double) -> Void = { _ in }
  ) throws(LatentError) {
    guard let validation = partition.validation, let test = partition.test, test.count > 0 else {
      throw LatentError(
        "\(partition.training.name) leaves no validation or test rows (data.validation, data.test), which a probe needs; "
          + "give another source.")
    }
    let parts = [partition.training, validation, test]
    let names = partition.training.labelNames
    let kinds = Set(partition.training.labels ?? []).count
    guard names.count >= 2, kinds >= 2, parts.allSatisfy({ $0.labels != nil }) else {
      throw LatentError(
        "\(partition.training.name) has \(kinds == 1 ? "only one label" : "no labels") to probe for; "
          + "give data with labels of at least two kinds.")
    }
    let preparation = Preparation(trained.data, on: trained.device)
    var (codes, raw): ([Classifier.Examples], [Classifier.Examples]) = ([], [])
    for (index, part) in parts.enumerated() {
      let labels = part.labels ?? []
      let noise = Noise(seed: seed, stream: "probe rows", index: index, on: trained.device)
      let means = try trained.codes(of: part, using: noise).means
      let ready = try preparation.prepared(part, part: "probe", seed: trained.configuration.data.splitSeed)
      codes.append(.init(inputs: means.to(device: trained.device), labels: labels))
      raw.append(.init(inputs: preparation.batch(of: ready, rows: 0..<part.count, noise: nil), labels: labels))
    }
    var results: [Result] = []
    let pictures = trained.data.isPicture
    let runs = networks.flatMap { network -> [(String, [Int], any NetworkChoice, [Classifier.Examples])] in
      let isConvolutional = network is ConvolutionalNetwork
      return (isConvolutional ? [] : [("codes", [trained.model.latents], network, codes)])
        + (isConvolutional && !pictures
          ? [] : [("raw data", isConvolutional ? trained.data.shape : [trained.data.dimensions], network, raw)])
    }
    for (index, (inputs, shape, network, examples)) in runs.enumerated() {
      let classifier = try Classifier(
        network, shape: shape, classes: names.count, training: examples[0], validation: examples[1], settings: settings,
        using: Noise(seed: seed, stream: "probe", index: index, on: trained.device))
      keeping(network, classifier)
      results.append(
        Result(inputs: inputs, network: type(of: network).kind, score: classifier.score(on: examples[2])))
      progress(Double(index + 1) / Double(runs.count))
    }
    self.results = results.sorted { ($0.inputs, $0.network) < ($1.inputs, $1.network) }
    chance = .chance(training: raw[0].labels, test: raw[2].labels, classes: names.count)
    classes = names
    rows = parts.map(\.count)
  }

  /// A linear classifier and a perceptron with 128 hidden units.
  public static var networks: [any NetworkChoice] { [LinearNetwork(), MLP(hidden: [128])] }
}

extension TrainedModel {
  /// The rows of a source, divided as the run divides its own.
  ///
  /// - Parameter source: A path, or nil for the data that the model was trained on.
  public func partition(of source: String?) throws -> Partition {
    var reading = configuration.data
    if let source { reading.source = source }
    let isOwn = source == nil || source == configuration.data.source
    return try .make(from: DataSource.load(reading, for: isOwn ? nil : data), reading)
  }
}
