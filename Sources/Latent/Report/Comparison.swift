internal import Codecs
internal import Foundation
public import Torch

/// Runs side by side: every model judged now, on the same rows with the same draws.
///
/// What a run stored of its end is not used: it may be of other rows or another number of draws. Epochs, times and curves are read
/// from the run's folder.
public struct Comparison: Codable, Sendable {
  /// One run.
  public struct Entry: Codable, Sendable {
    /// The run's folder.
    public var run: String
    /// p(x|z).
    public var likelihood: String
    /// What was minimized.
    public var objective: String
    /// How its gradient was estimated, where it was found by gradients.
    public var estimator: String
    /// How its parameters were found.
    public var fit: String
    /// Trained numbers.
    public var parameters: Int
    /// Rows trained on.
    public var trainingRows: Int
    /// Epochs done.
    public var epochs: Int
    /// The epoch of the weights that are judged.
    public var bestEpoch: Int
    /// Seconds of training and validation.
    public var seconds: Double
    /// The median over epochs of training rows a second.
    public var rowsPerSecond: Double
    /// Where the run was trained, and on how many threads.
    public var machine: String
    /// The measures.
    public var evaluation: Evaluation
    /// By what the parameters were found: the estimator of gradients, or a fit in their place; `gradient` where nothing is drawn whose
    /// expectation would need an estimator.
    public var method: String { fit == GradientFit.kind && evaluation.hasBound ? estimator : fit }
    /// The largest angle between the plane that the last epoch's weights span and the exact one, in degrees; nil where it was not measured.
    public var largestAngle: Double?
    /// The variance of each estimator's gradient for this model; empty where it was not asked for.
    public var gradients: [GradientVariance]
    /// What a classifier recognizes of the model's draws, by where they are drawn from; empty where it was not asked for.
    public var recognized: [Recognition.Share]
    /// −ELBO and reconstruction of each epoch, of training and of validation rows; the latter empty without such rows.
    public var curves: Curves
  }

  /// Whether −log p(x) of one of the runs is known without draws.
  public var hasExact: Bool { runs.contains { $0.evaluation.exactLogLikelihood != nil } }

  /// Whether one of the runs was set against exact principal components.
  public var hasAngle: Bool { runs.contains { $0.largestAngle != nil } }

  /// −ELBO and its reconstruction over epochs.
  public struct Curves: Codable, Sendable {
    /// Counted from 1.
    public var epochs: [Int]
    /// −ELBO of training rows, while the weights changed; empty for a posterior without a density.
    public var training: [Double]
    /// −ELBO of validation rows, after each epoch.
    public var validation: [Double]
    /// The reconstruction of training rows.
    public var trainingReconstruction: [Double]
    /// The reconstruction of validation rows.
    public var validationReconstruction: [Double]
  }

  /// Which rows were judged: `test`, `validation` …
  public var part: String
  /// How many.
  public var rows: Int
  /// What they are of.
  public var source: String
  /// The draws a row.
  public var samples: Int
  /// The classifier that looked at the runs' draws; nil where it was not asked for.
  public var recognition: Recognition?
  /// Row by row against one of the runs; nil where it was not asked for.
  public var differences: Differences?
  /// In the order in which they were given.
  public var runs: [Entry]
  /// What a reader should know before comparing, each a sentence.
  public var notes: [String]

  /// Judges runs.
  ///
  /// - Parameter part: Which rows; nil takes those that no run saw, where there are such.
  /// - Parameter samples: K, the draws a row.
  /// - Parameter gradients: The gradients by which each estimator's variance is measured; 0 for none.
  /// - Parameter recognize: The draws of each run that a classifier of the rows' labels looks at; 0 for none.
  /// - Parameter source: Rows to judge all runs on and to compare them on row by row; nil takes what they were trained on, and compares no rows.
  /// - Parameter reference: Which run the others are set against.
  /// - Parameter progress: Is told what is being done, and the part that is done, 0 … 1.
  /// - Throws: ``LatentError`` where a run is none, where two runs have not the same rows to be judged on, or where there are no labels
  ///   to recognize.
  public static func make(
    of folders: [RunFolder], on source: String? = nil, against reference: Differences.Reference = .first,
    part: Part? = nil, samples: Int, gradients: Int = 0, recognize: Int = 0, seed: UInt64 = 0,
    device: Device = .cpu, progress: (String, Double) -> Void = { _, _ in }
  ) throws -> Comparison {
    try demandDistinct(folders)
    let (models, rows, part) = try models(of: folders, on: source, part: part, device: device)
    let comparability = try source.map { _ in
      try demandPairs(rows, for: folders)
      return try Comparability(of: models, named: folders.map(\.path), on: rows)
    }
    var scores: [RowScores] = []
    var judge: SampleJudge?
    if recognize > 0 {
      progress("training a classifier", 0)
      judge = try SampleJudge(for: models[0], draws: recognize, seed: seed)
    }
    var result = Comparison(
      part: part.rawValue, rows: rows.count, source: rows.name, samples: samples, recognition: judge?.recognition,
      runs: [], notes: [])
    for (folder, trained) in zip(folders, models) {
      let judged = try RowScores.judge(trained, on: rows, samples: samples, seed: seed) {
        progress("judging \(folder.path)", $0)
      }
      var evaluation = judged.evaluation
      scores.append(judged.scores)
      try evaluation.diagnose(
        trained, on: rows, course: TrainingCourse(of: folder.path), training: nil, seed: seed)
      let variances =
        gradients == 0
        ? []
        : try GradientVariance.measure(of: trained, on: rows, draws: gradients, seed: seed) {
          progress("gradients of \(folder.path)", $0)
        }
      var entry = try entry(folder, trained: trained, evaluation: evaluation)
      entry.gradients = variances
      entry.recognized = try judge?.shares(of: trained) ?? []
      result.runs.append(entry)
    }
    if let comparability {
      let comparable = zip(scores, comparability.jacobians).map { $0.adding($1) }
      result.differences = Differences(
        of: folders.map(\.path), scores: comparable, against: reference, by: comparability)
    }
    result.notes = notes(on: models, runs: result.runs, differences: result.differences)
    return result
  }

  /// Refuses a run beside itself, which differs in nothing.
  private static func demandDistinct(_ folders: [RunFolder]) throws(LatentError) {
    let places = folders.map { URL(fileURLWithPath: $0.path).resolvingSymlinksInPath().path }
    guard let (index, _) = places.enumerated().first(where: { places[..<$0.offset].contains($0.element) }) else {
      return
    }
    throw LatentError(
      "'\(folders[index].path)' is there twice, and a run does not differ from itself; give each run once.")
  }

  /// Refuses what no rows can be paired in.
  private static func demandPairs(_ rows: Dataset, for folders: [RunFolder]) throws(LatentError) {
    guard folders.count > 1 else {
      throw LatentError("--on compares runs row by row, and there is one run; give at least two.")
    }
    guard rows.count >= PairedDifference.fewest else {
      throw LatentError(
        "\(rows.name) has \(counted(rows.count, "row")) to compare on, too few for an error; give at least \(PairedDifference.fewest)."
      )
    }
  }

  /// The models, and the rows that all of them are judged on.
  ///
  /// - Parameter source: Whose rows; nil takes what each run was trained on.
  static func models(of folders: [RunFolder], on source: String? = nil, part: Part?, device: Device) throws -> (
    models: [TrainedModel], rows: Dataset, part: Part
  ) {
    var reference: (part: Part, hash: String, rows: Dataset)?
    var models: [TrainedModel] = []
    for folder in folders {
      _ = try Manifest.read(folder)
      let trained = try TrainedModel.load(folder.path, device: device)
      let (rows, found): (Dataset, Part)
      do {
        (rows, found) = try trained.rows(of: source, part: part)
        try trained.data.check(rows)
      } catch let error as LatentError {
        throw LatentError("'\(folder.path)': \(error.description)")
      }
      let hash = rows.hash
      if let reference, reference.hash != hash || reference.part != found {
        throw LatentError(
          "'\(folders[0].path)' and '\(folder.path)' cannot be compared: the rows to judge them on (\(reference.rows.count) "
            + "\(reference.part.rawValue) rows of \(reference.rows.name), \(rows.count) \(found.rawValue) rows of \(rows.name)) differ; "
            + "compare runs of one source with the same data.splitSeed, or give a --part that they share.")
      }
      reference = reference ?? (found, hash, rows)
      models.append(trained)
    }
    guard let reference else { throw LatentError("there is no run to compare; give at least one folder.") }
    return (models, reference.rows, reference.part)
  }

  private static func entry(
    _ folder: RunFolder, trained: TrainedModel, evaluation: Evaluation
  ) throws -> Entry {
    let manifest = try Manifest.read(folder)
    let metrics = try CSV.read(folder.metrics, header: true)
    func column(_ name: String) throws -> [Double] {
      metrics.columns.contains(name) ? try metrics.numbers(ofColumn: metrics.column(named: name)) : []
    }
    let rates = try column("rowsPerSecond")
    let objective = try trained.configuration.objective.member()
    let angles = try column("fit.largestAngle")
    return Entry(
      run: folder.path, likelihood: trained.configuration.model.likelihood.kind,
      objective: trained.configuration.objective.kind, estimator: objective.estimator.kind,
      fit: trained.configuration.training.fit.kind,
      parameters: trained.model.parameterCount, trainingRows: manifest.trainingRows, epochs: metrics.rowCount,
      bestEpoch: manifest.bestEpoch, seconds: manifest.seconds,
      rowsPerSecond: rates.isEmpty ? 0 : rates.median,
      machine: "\(manifest.device), \(manifest.threads) \(manifest.threads == 1 ? "thread" : "threads")",
      evaluation: evaluation, largestAngle: angles.last, gradients: [], recognized: [],
      curves: Curves(
        epochs: try column("epoch").map { Int($0) }, training: try column("training.negativeELBO"),
        validation: try column("validation.negativeELBO"),
        trainingReconstruction: try column("training.reconstruction"),
        validationReconstruction: try column("validation.reconstruction")))
  }

  /// What the runs differ in that makes their numbers those of different things.
  private static func notes(
    on models: [TrainedModel], runs: [Entry], differences: Differences?
  ) -> [String] {
    func differ<Value: Equatable>(_ value: (TrainedModel) -> Value) -> Bool {
      models.dropFirst().contains { value($0) != value(models[0]) }
    }
    var notes: [String] = []
    if let differences {
      if differences.isRescaled, differences.measure == .density {
        notes.append(
          "The runs scale the data differently: −ELBO and −log p(x) in the table are of values as scaled and do not compare; the "
            + "differences row by row are of the data in their own units.")
      }
    } else if differ({ $0.data.scaling }) || differ({ $0.data.binarization }) {
      notes.append(
        "The runs scale the data differently or make it black and white differently: −ELBO and −log p(x) are of different "
          + "numbers and do not compare.")
    } else if differ({ $0.configuration.model.likelihood.kind }) {
      notes.append(
        "The runs have different likelihoods: −ELBO and −log p(x) compare only where both are densities, or both "
          + "probabilities, of the same values.")
    }
    if Set(runs.map(\.trainingRows)).count > 1 { notes.append("The runs were trained on different numbers of rows.") }
    if Set(runs.map(\.machine)).count > 1 {
      notes.append("The runs were trained on different devices or numbers of threads: seconds do not compare.")
    }
    var told: [String: [String]] = [:]
    for run in runs { for warning in run.evaluation.warnings { told[warning, default: []].append(run.run) } }
    for warning in runs.flatMap(\.evaluation.warnings) {
      guard let names = told.removeValue(forKey: warning) else { continue }
      notes.append(names.count == runs.count ? warning : "\(names.joined(separator: ", ")): \(warning)")
    }
    return notes
  }
}
