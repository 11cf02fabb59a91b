internal import Codecs
internal import Foundation
internal import Latent
internal import Torch

/// A trained model with all that the explorer knows of it; its owner alone touches it.
final class ExploredModel {
  let trained: TrainedModel
  let folder: RunFolder?
  /// What is missing and what therefore is not shown, a sentence each.
  private(set) var notes: [String] = []
  private let askedThreads: Int
  private lazy var loaded: ShownRows? = load()

  var map: RowMap?
  var scoring: RowScoring?
  var groups: [AttributeVector] = []
  var fillings: [Int: Filling] = [:]
  var lastFilling = 0
  var cachedCard: Data?
  var cachedMap: Data?
  var cachedAttributes: [FoundAttribute]?

  /// What a label is called: the embedded data's are digits.
  var labelWord: String { trained.configuration.data.source == DataConfiguration().source ? "digit" : "label" }

  var data: DataDescription { trained.data }
  var latents: Int { trained.model.latents }

  /// Reads a run folder, or a model's file.
  init(_ path: String, device: Device, threads: Int) throws {
    trained = try TrainedModel.load(path, device: device)
    folder = RunFolder.isFolder(path) ? RunFolder(path) : nil
    askedThreads = threads
    share(rows: 1)
  }

  /// Spreads what follows over as many threads as so many rows are worth.
  func share(rows: Int) {
    Engine.threads = Threads.count(asked: askedThreads, operations: operations * Double(rows))
  }

  /// Rows that take some hundredths of a second: others may pass between two such pieces.
  static func portion(operations: Double) -> Int { max(1, min(500, Int(2e8 / max(operations, 1)))) }

  var portion: Int { Self.portion(operations: operations) }

  /// About how many multiplications and additions a row takes; a filter of a convolution is used at many places.
  lazy var operations: Double = {
    let kinds = [trained.configuration.model.encoder.kind, trained.configuration.model.decoder.kind]
    let places = kinds.contains { $0 == "convolutional" } ? max(1, data.shape.prefix(2).reduce(1, *) / 64) : 1
    return Threads.passing(parameters: trained.model.parameterCount, rows: places)
  }()

  /// Draws of one row's score at the most, so that one row takes no more than some seconds.
  static func samples(operations: Double) -> Int {
    max(100, min(Limits.standard.samples, Int(1e11 / max(operations, 1))))
  }

  /// A source of draws on the model's device.
  func noise(_ stream: String, seed: UInt64, index: Int = 0) -> Noise {
    Noise(seed: seed, stream: stream, index: index, on: trained.device)
  }

  func note(_ sentence: String) { if !notes.contains(sentence) { notes.append(sentence) } }

  /// The model's own rows; nil where they cannot be read.
  var rows: ShownRows? { loaded }

  /// The model's own rows.
  ///
  /// - Throws: ``ExplorerError`` where they cannot be read.
  func demandRows() throws -> ShownRows {
    guard let rows = loaded else {
      throw ExplorerError(
        .conflict,
        "the rows of this run cannot be read, which this needs; put the data back to '\(trained.configuration.data.source)'."
      )
    }
    return rows
  }

  private func load() -> ShownRows? {
    do {
      return try ShownRows(of: trained, most: Limits.standard.shownRows)
    } catch {
      note(
        "The data of this run cannot be read (\(error)); so its rows, the map, the scores and attributes from labels are not shown."
      )
      return nil
    }
  }
}

/// The rows of a model's own data that are shown: all of them, or so many at equal distances.
struct ShownRows {
  /// As they are in the data.
  let raw: Dataset
  /// As the model takes them, where black and white was drawn once for all.
  let prepared: Dataset
  /// 0 for a row of the training, 1 of the validation, 2 of the test.
  let parts: [Int]
  /// The rows of each part, shown or not.
  let counts: (training: Int, validation: Int, test: Int)
  /// The mean of each element over the training rows, shape `[D]`.
  let columnMeans: Tensor
  /// Of each column of a table, over the training rows.
  let columns: [Column]

  /// What a column is like.
  struct Column: Encodable, Sendable {
    var name: String
    var mean: Double?
    var deviation: Double?
    var minimum: Double?
    var maximum: Double?
  }

  var count: Int { raw.count }

  init(of trained: TrainedModel, most: Int) throws {
    let partition = try trained.partition()
    let all = [partition.training, partition.validation, partition.test]
    counts = (all[0]?.count ?? 0, all[1]?.count ?? 0, all[2]?.count ?? 0)
    let total = all.reduce(0) { $0 + ($1?.count ?? 0) }
    let shown = min(total, most)
    var (start, next, parts): (Int, Int, [Int]) = (0, 0, [])
    var (raws, bits): ([Dataset], [Dataset]) = ([], [])
    let host = Preparation(trained.data, on: .cpu)
    for (part, dataset) in all.enumerated() {
      guard let dataset else { continue }
      let name = ["training", "validation", "test"][part]
      let prepared = try host.prepared(dataset, part: name, seed: trained.configuration.data.splitSeed)
      var chosen: [Int] = []
      while next < shown, case let row = next * total / shown - start, row < dataset.count {
        chosen.append(row)
        next += 1
      }
      start += dataset.count
      parts += Array(repeating: part, count: chosen.count)
      raws.append(chosen.count == dataset.count ? dataset : dataset.rows(chosen))
      bits.append(chosen.count == dataset.count ? prepared : prepared.rows(chosen))
    }
    self.parts = parts
    raw = Dataset.joined(raws)
    prepared = Dataset.joined(bits)
    let training = partition.training.values
    columnMeans = training.to(type: .float64).mean(over: 0).to(type: .float32)
    columns = trained.data.isPicture ? [] : Self.columns(of: training.to(type: .float64), trained.data.columns)
  }

  private static func columns(of values: Tensor, _ names: [String]) -> [Column] {
    let means = values.mean(over: 0).values(as: Double.self)
    let deviations = values.variance(over: 0).squareRoot().values(as: Double.self)
    let (low, high) = (values.minimum(over: 0).values(as: Double.self), values.maximum(over: 0).values(as: Double.self))
    return means.indices.map {
      Column(
        name: names.isEmpty ? "column \($0 + 1)" : names[$0], mean: defined(means[$0]),
        deviation: defined(deviations[$0]),
        minimum: defined(low[$0]), maximum: defined(high[$0]))
    }
  }

  /// What a row is labelled with.
  func label(of row: Int) -> String? {
    guard let labels = raw.labels else { return nil }
    let label = Int(labels[row])
    return raw.labelNames.indices.contains(label) ? raw.labelNames[label] : "\(label)"
  }
}
