internal import Torch

extension ModelCheck {
  /// Pairs of samples and training rows that are kept: a row of pictures, or so many lines.
  private static func shown(_ data: DataDescription) -> Int { data.isPicture ? 12 : 6 }
  /// Draws for each row from its own posterior.
  private static let reconstructions = 99
  /// Numbers of rows times columns, and of draws times columns, that are looked at column by column.
  private static let limit = 1 << 23

  /// Checks a model.
  ///
  /// - Parameters:
  ///   - source: A path, or nil for the data that the model was trained on.
  ///   - progress: Is told what is done and the part of it.
  /// - Throws: ``LatentError`` where no rows were held out, where the source is of another shape, or where samples are not finite.
  public static func make(
    of trained: TrainedModel, on source: String? = nil, settings: Settings = .init(),
    progress: (String, Double) -> Void = { _, _ in }
  ) throws -> (check: ModelCheck, closest: Closest) {
    let (heldOut, part) = try trained.rows(of: source)
    guard part != .training else {
      throw LatentError(
        "the run kept no rows (data.test and data.validation are 0) to compare its samples with; give a source of rows that it never saw."
      )
    }
    let training = try trained.partition(of: nil).training
    guard heldOut.count >= leastRows else {
      throw LatentError(
        "\(heldOut.name) has \(counted(heldOut.count, "\(part == .all ? "" : part.rawValue + " ")row")), too few to compare samples with; "
          + "give at least \(leastRows).")
    }
    try JudgedRows.demandDescribed(heldOut, by: trained)
    return try SampleChecker(trained, training: training, heldOut: heldOut, settings: settings).check(
      part: part, progress: progress)
  }

  /// Rows without which no comparison says anything.
  static let leastRows = 10

  /// The making of one check.
  private struct SampleChecker {
    let trained: TrainedModel
    let settings: Settings
    let preparation: Preparation
    /// Prepared rows.
    let (training, heldOut): (Dataset, Dataset)
    let origin: TrainedModel.Origin

    init(_ trained: TrainedModel, training: Dataset, heldOut: Dataset, settings: Settings) throws {
      (self.trained, self.settings) = (trained, settings)
      preparation = Preparation(trained.data, on: trained.device)
      let seed = trained.configuration.data.splitSeed
      self.training = try preparation.prepared(training, part: "training", seed: seed)
      self.heldOut = try preparation.prepared(heldOut, part: "evaluation", seed: seed)
      let noise = Noise(seed: settings.seed, stream: "check of codes", on: trained.device)
      // Of two, the one that was fitted to the codes: the other is no claim of the model.
      let origins = try trained.origins(fittedTo: { training }, using: noise)
      guard let origin = origins.last else { throw LatentError("the model has no prior to be sampled from.") }
      self.origin = origin
    }

    func noise(_ stream: String) -> Noise { Noise(seed: settings.seed, stream: stream, on: trained.device) }

    /// Samples in the model's space.
    func samples(_ count: Int, _ decoding: Decoding, using noise: Noise) -> Tensor {
      trained.inBatches(of: count) { part in
        let z = origin.prior.sample(part.count, using: noise)
        return decoding == .mean ? trained.model.decode(z) : trained.model.draw(given: z, using: noise)
      }
    }

    /// Rows as the likelihood describes them: what a Bernoulli is shown is black and white, drawn by chance where it is grey.
    func described(_ dataset: Dataset, _ rows: Range<Int>, using noise: Noise) -> Tensor {
      withoutGradients {
        let x = preparation.batch(of: dataset, rows: rows, noise: noise)
        return trained.model.likelihood is BernoulliLikelihood ? noise.bernoulli(x.clamped(to: 0...1)) : x
      }
    }

    /// Some rows by chance.
    func some(_ count: Int, of dataset: Dataset, using noise: Noise) -> Dataset {
      count >= dataset.count
        ? dataset
        : dataset.rows(
          noise.permutation(dataset.count).narrowed(along: 0, from: 0, count: count).to(device: trained.device))
    }

    func check(part: Part, progress: (String, Double) -> Void) throws -> (check: ModelCheck, closest: Closest) {
      let data = trained.data
      let decoding = settings.decoding ?? (data.isPicture ? .mean : .draw)
      var notes: [String] = []
      let made = samples(settings.samples, decoding, using: noise("samples to check"))
      guard made.isAllFinite else {
        throw LatentError("the model's samples are not finite numbers, so there is nothing to check; train it again.")
      }

      progress("nearest rows", 0)
      let memorization = Memorization(
        of: made, training: ReferenceRows(training, by: preparation), heldOut: ReferenceRows(heldOut, by: preparation),
        compared: settings.samples, shown: ModelCheck.shown(data)
      ) { progress("nearest rows", $0) }

      progress("classifiers", 0)
      var test = TwoSampleTest.Settings()
      test.classifiers = settings.classifiers
      let chosen = some(10 * test.rows, of: training, using: noise("rows of the classifiers"))
      let shown = some(test.rows, of: heldOut, using: noise("rows for the classifiers"))
      let told = try TwoSampleTest(
        real: described(chosen, 0..<chosen.count, using: noise("greys of the classifiers")),
        heldOut: described(shown, 0..<shown.count, using: noise("greys for the classifiers")), shape: data.shape,
        settings: test, seed: settings.seed, samples: { samples($0, .draw, using: $1) }
      ) { progress("classifiers", $0) }

      progress("columns", 0)
      let most = max(100, min(settings.samples, ModelCheck.limit / data.dimensions))
      let few = some(most, of: heldOut, using: noise("rows by column"))
      let x = described(few, 0..<few.count, using: noise("greys by column")).to(device: .cpu)
      let draws = samples(most, .draw, using: noise("draws by column")).to(device: .cpu)
      guard draws.isAllFinite else {
        throw LatentError("the model's draws are not finite numbers, so there is nothing to check; train it again.")
      }
      let names = ModelCheck.names(of: data)
      let calibration = Calibration(
        Calibration.transforms(of: x, among: draws, using: Noise(seed: settings.seed, stream: "ties")),
        conditioning: .prior, draws: most, names: names)
      let statistics = MarginalStatistics(
        rows: data.scaling.toRaw(x), samples: data.scaling.toRaw(draws), names: names)
      let reconstruction = Calibration(
        reconstructed(x) { progress("columns", $0) }, conditioning: .reconstruction,
        draws: ModelCheck.reconstructions, names: names)

      if origin.name != trained.configuration.model.prior.kind {
        notes.append(
          "A point posterior holds codes near no prior; samples are drawn from the Gaussian fitted to the codes of the training rows."
        )
      }
      if trained.model.likelihood is BernoulliLikelihood, data.binarization == .none,
        trained.model.likelihood.remark(
          on: preparation.batch(of: heldOut, rows: 0..<min(500, heldOut.count), noise: nil)) != nil
      {
        notes.append(
          "The rows are greys, which a Bernoulli gives no density to; but for the comparison with training rows they are drawn to black and white by chance, as its score amounts to."
        )
      }
      if part == .validation {
        notes.append(
          "The run kept no test rows; the validation rows, by which its weights were chosen, stand for rows that it never saw."
        )
      }
      let check = ModelCheck(
        data: heldOut.name, part: part.rawValue, prior: origin.name, decoding: decoding == .mean ? "mean" : "draw",
        isPicture: data.isPicture,
        memorization: memorization, twoSampleTest: told, calibration: calibration, reconstruction: reconstruction,
        statistics: statistics, notes: notes)
      return (check, closest(memorization, among: made))
    }

    /// u of each value among draws of the row's own posterior, `[rows, D]`.
    private func reconstructed(_ rows: Tensor, progress: (Double) -> Void) -> Tensor {
      let noise = noise("reconstructions")
      let count = rows.extent(0)
      return trained.inBatches(of: count) { part in
        let x = rows[part].to(device: trained.device)
        let posterior = trained.model.encode(x)
        var (below, equal) = (Tensor.zeros(x.shape, on: x.device), Tensor.zeros(x.shape, on: x.device))
        for _ in 0..<ModelCheck.reconstructions {
          let draw = trained.model.draw(given: posterior.sample(1, using: noise).squeezed(at: 0), using: noise)
          below = below + (draw .< x).to(type: .float32)
          equal = equal + (draw .== x).to(type: .float32)
        }
        progress(Double(part.upperBound) / Double(count))
        return ((below + noise.uniform(x.shape) * (equal + 1)) / Double(ModelCheck.reconstructions + 1)).to(
          device: .cpu)
      }
    }

    /// The pairs in the data's units.
    private func closest(_ memorization: Memorization, among samples: Tensor) -> Closest {
      let scaling = trained.data.scaling
      func rows(_ numbers: [Int], of values: (Tensor) -> Tensor) -> Tensor {
        scaling.toRaw(values(Tensor(numbers.map(Int64.init)).to(device: trained.device))).to(device: .cpu)
      }
      return withoutGradients {
        Closest(
          samples: rows(memorization.closest.map(\.sample)) { samples.rows($0) },
          rows: rows(memorization.closest.map(\.trainingRow)) { preparation.batch(of: training, rows: $0, noise: nil) })
      }
    }
  }

  /// The columns' names, or `row, column` of pixels, counted from 1.
  static func names(of data: DataDescription) -> [String] {
    guard data.isPicture else {
      return data.columns.isEmpty ? (1...data.dimensions).map { "column \($0)" } : data.columns
    }
    let channels = data.pictureSize.channels
    return (0..<data.dimensions).map { index in
      let pixel = index / channels
      let place = "\(pixel / data.shape[1] + 1), \(pixel % data.shape[1] + 1)"
      return channels > 1 ? "\(place), \(index % channels + 1)" : place
    }
  }
}
