internal import Torch

/// One recognizer, trained once, that looks at what each of several models makes.
struct SampleJudge {
  /// What it is and how it does on what is real and on nonsense.
  let recognition: Recognition
  private let recognizer: Recognizer
  private let draws: Int
  private let seed: UInt64

  /// Where an observation counts as recognized.
  private static let threshold = 0.9
  /// Draws that are looked at together.
  private static let batch = 1000

  /// Trains a recognizer on all rows of a model's source that are not held out, also where the model itself was trained on fewer.
  ///
  /// - Parameter draws: The draws of each model, and of each kind of nonsense.
  /// - Throws: ``LatentError`` where the rows have no labels, or none are held out.
  init(for trained: TrainedModel, draws: Int, settings: Recognizer.Settings = .init(), seed: UInt64) throws {
    var reading = trained.configuration.data
    reading.rows = 0
    let partition = try Partition.make(from: DataSource.load(reading), reading)
    let rows = partition.training
    guard let labels = rows.labels, Set(labels).count > 1 else {
      throw LatentError(
        "\(rows.name) has \(rows.labels == nil ? "no labels" : "only one label"), so no classifier can be trained to recognize "
          + "samples; compare runs of data with labels of at least two kinds, or leave recognition out.")
    }
    guard let held = partition.test ?? partition.validation, let heldLabels = held.labels else {
      throw LatentError(
        "the runs kept no rows (data.test and data.validation are 0) to test a classifier of \(rows.name) on; compare runs that "
          + "did, or leave recognition out.")
    }
    guard Set(heldLabels).count > 1 else {
      throw LatentError(
        "the \(counted(held.count, "row")) of \(rows.name) that the runs held out are of one label, which tests no classifier; compare runs "
          + "with more of them (data.test), or leave recognition out.")
    }
    (self.draws, self.seed) = (draws, seed)
    let device = trained.device
    let recognizer = try Recognizer(
      of: rows, settings: settings, using: Noise(seed: seed, stream: "recognizer"), on: device)
    self.recognizer = recognizer
    let values = held.values.to(type: .float32, device: device)
    let noise = Noise(seed: seed, stream: "nonsense", on: device)
    recognition = Recognition(
      threshold: Self.threshold, classes: rows.labelNames, trainingRows: recognizer.trainingRows,
      score: recognizer.classifier.score(on: .init(inputs: values, labels: heldLabels)),
      real: Self.share("held-out rows", held.count, recognizer) { values[$0] },
      nonsense: Nonsense.allCases.map { kind in
        Self.share(kind.rawValue, draws, recognizer) {
          kind.make($0.count, from: values, labels: heldLabels, using: noise)
        }
      })
  }

  /// What is recognized of a model's draws, decoded as `latent sample` does: means of pictures, draws of tables.
  ///
  /// - Returns: A share for each prior that it can be sampled from.
  func shares(of trained: TrainedModel) throws -> [Recognition.Share] {
    let noise = Noise(seed: seed, stream: "samples to recognize", on: trained.device)
    let origins = try trained.origins(fittedTo: { try trained.partition(of: nil).training }, using: noise)
    return origins.map { origin in
      Self.share(origin.name, draws, recognizer) {
        trained.samples($0.count, trained.data.isPicture ? .mean : .draw, from: origin.prior, using: noise)
          .to(device: trained.device)
      }
    }
  }

  private static func share(
    _ name: String, _ count: Int, _ recognizer: Recognizer, rows: (Range<Int>) -> Tensor
  ) -> Recognition.Share {
    var counts = [Int](repeating: 0, count: recognizer.classifier.classes - 1)
    var confident = 0
    withoutGradients {
      for start in stride(from: 0, to: count, by: batch) {
        let classes = recognizer.probabilities(of: rows(start..<min(start + batch, count)))
        let likeliest = classes.indexOfMaximum(along: 1).values(as: Int64.self)
        let isSure = (classes.maximum(over: 1) .>= threshold).to(type: .uint8).values(as: UInt8.self)
        let conditional = classes.maximum(over: 1) / classes.sum(over: 1)
        confident += Int((conditional .>= threshold).to(type: .float64).sum().item)
        for (index, isSure) in zip(likeliest, isSure) where isSure == 1 { counts[Int(index)] += 1 }
      }
    }
    return Recognition.Share(of: name, counts: counts, confident: confident, rows: count)
  }
}
