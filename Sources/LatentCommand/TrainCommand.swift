internal import ArgumentParser
internal import Explorer
internal import Foundation
internal import Latent

/// `latent train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a model and keeps it, its numbers and a report page in a run folder.",
    usage: "latent train [<source>] [<options>]",
    discussion: """
      SOURCE is an IDX folder or file, .npy, .npz[:name], .mat[:name], .csv, a folder or archive of pictures, or `digits`, which is \
      embedded. Without SOURCE and preset the embedded digits are trained with the preset \(Presets.standard.name); a SOURCE without \
      preset takes the defaults and the likelihood that `latent data SOURCE` suggests. See `latent list presets` for the presets and \
      a run's config.yaml for every key that --set can change. Started by the mpirun of OpenMPI, several processes share every batch, \
      on one machine or on several.

      Example:
        latent train
        latent train mnist/ --preset mnist-small --seed 1
        latent train wine.csv --set model.latents=2 --set training.epochs=500
        latent train --resume runs/mnist-small-1
        latent train --explore
        mpirun -n 2 latent train mnist/ --preset mnist-small
      """)

  @OptionGroup var origin: StartOptions

  @Option(help: ArgumentHelp("The run's folder (default: runs/NAME-1, runs/NAME-2, …).", valueName: "run"))
  var out: String?

  @Option(help: ArgumentHelp("Go on with this run exactly where it stopped.", valueName: "run"))
  var resume: String?

  @Option(parsing: .unconditional, help: "The seed of all draws (default: 0).")
  var seed: UInt64?

  @Option(help: "What products are computed in: fp32 or bf16 (default: fp32).")
  var precision: String?

  @Flag(help: "Show in a browser how training goes, and afterwards the model; Ctrl-C ends it.")
  var explore = false

  @OptionGroup var listening: ListeningOptions

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if !explore, let option = listening.given {
      throw ValidationError("\(option) says where to explore; give --explore too, or leave it out.")
    }
    try demandNames([("--out", out), ("--resume", resume)])
    if let seed, seed > Int.max { throw ValidationError("--seed \(seed): expected 0 to \(Int.max).") }
  }

  func run() throws {
    Interrupt.listen()
    let group = Launch.group
    let run = try start(group)
    var lines = TrainingLines(configuration: run.configuration)
    Terminal.note(opening(of: run))
    var watch = try TrainingWatch(over: run)
    let show = try explore ? Show(of: run, listening) : nil
    var broadcast = show.map { TrainingBroadcast(of: run, to: $0.explorer) }
    let end = try run.train { report in
      lines.show(report)
      broadcast?.show(report)
      watch.see(report).forEach(Terminal.note)
      return Interrupt.isAsked ? .stop : .proceed
    }
    Terminal.clear()
    if case .notFinite(let sentence) = end { show?.say(sentence) }
    try group.together { if case .notFinite(let sentence) = end { throw LatentError(sentence) } }
    if end == nil {
      show?.say("Training was stopped; everything is saved. Go on with: latent train --resume \(run.folder.path)")
      let start = group.size > 1 ? "mpirun -n \(group.size) " : ""
      Terminal.note("Stopped; everything is saved. Go on with: \(start)latent train --resume \(run.folder.path)")
    }
    // mpirun gives its processes a second to end.
    guard run.training.bestEpoch > 0, end != nil || group.size == 1 else { throw ExitCode(130) }
    let judged = try group.first {
      try run.finish { Terminal.draw("judging", Terminal.bar($0), "\(Int($0 * 100)) %") }
    }
    guard let (evaluation, part) = judged else { return }
    Terminal.clear()
    let summary = TrainingSummary(run: run, evaluation: evaluation, part: part)
    if output.json {
      try output.print(summary)
    } else {
      print(EvaluationText.text(evaluation, heading: summary.heading))
      print("Report: \(run.folder.reportPage)")
    }
    if end == nil { throw ExitCode(130) }
    try show?.goOn()
  }

  private func start(_ group: ProcessGroup) throws -> Run {
    try group.together {
      guard group.size == 1 || !explore else {
        throw UsageError(
          "--explore shows the training of one process; leave it out under mpirun, and explore the run afterwards.")
      }
    }
    if let resume {
      try group.together {
        guard origin.source == nil, origin.preset == nil, origin.config == nil, out == nil, seed == nil,
          precision == nil
        else {
          throw UsageError(
            "--resume goes on with a run as it was configured; it cannot be combined with SOURCE, --preset, --config, --out, --seed or --precision."
          )
        }
      }
      return try Run.resume(RunFolder(resume), settings: settings, sharedBy: group)
    }
    let configuration = try group.together {
      do {
        return try Configuration(preset: origin.chosenPreset, file: origin.config, settings: settings)
      } catch { throw UsageError(error) }
    }
    if let out { return try Run.create(configuration, in: RunFolder(out), sharedBy: group) }
    return try Run.create(
      configuration, named: origin.chosenPreset ?? Self.name(of: configuration.data.source), sharedBy: group)
  }

  private var settings: [String] {
    origin.settings(
      (seed.map { ["seed=\($0)"] } ?? []) + (precision.map { ["training.precision=\(quoted($0))"] } ?? []))
  }

  private static func name(of source: String) -> String {
    let last = ((source as NSString).standardizingPath as NSString).lastPathComponent
    let stem = last.split(separator: ".").first.map(String.init) ?? "run"
    let safe = stem.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? $0 : "-" }
    return safe.isEmpty ? "run" : String(safe)
  }

  private func opening(of run: Run) -> String {
    let data = run.trained.data
    let rows = [
      "\(run.partition.training.count) to train on", run.partition.validation.map { "\($0.count) to validate on" },
      run.partition.test.map { "\($0.count) kept for the test" },
    ].compactMap { $0 }.joined(separator: ", ")
    let notes = run.summary.notes.map { "note: \($0)\n" }.joined()
    return notes + """
      \(run.partition.training.name): \(run.summary.format), rows of \(data.shape.map(String.init).joined(separator: " × ")); \(rows)
      \(run.configuration.model.latents) latents, likelihood \(run.configuration.model.likelihood.kind), \
      \(run.trained.model.parameterCount) parameters, into \(run.folder.path)
      """
  }
}

/// What training came to, for machines.
struct TrainingSummary: Encodable {
  struct Best: Encodable {
    var epoch: Int
    var criterion: Double
  }

  var run: String
  var epochs: Int
  var seconds: Double
  var rowsPerSecond: Double
  var best: Best
  var part: String
  var report: String
  private let evaluation: Evaluation

  init(run: Run, evaluation: Evaluation, part: String) {
    self.run = run.folder.path
    let history = run.training.history
    epochs = history.count
    seconds = run.training.seconds
    rowsPerSecond = history.rowsPerSecond
    best = Best(epoch: run.training.bestEpoch, criterion: history[run.training.bestEpoch - 1].criterion)
    self.part = part
    report = run.folder.reportPage
    self.evaluation = evaluation
  }

  var heading: String {
    "\(epochs) \(epochs == 1 ? "epoch" : "epochs") in \(seconds.fixed(1)) s with validation; training alone \(Int(rowsPerSecond)) rows a second (median epoch). "
      + "Weights of epoch \(best.epoch), judged on \(evaluation.rows) \(part) rows:"
  }

  private enum Key: String, CodingKey { case run, epochs, seconds, rowsPerSecond, best, part, report }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(run, forKey: .run)
    try container.encode(epochs, forKey: .epochs)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(rowsPerSecond, forKey: .rowsPerSecond)
    try container.encode(best, forKey: .best)
    try container.encode(part, forKey: .part)
    try container.encode(report, forKey: .report)
    try evaluation.encode(to: encoder)
  }
}
