internal import ArgumentParser
internal import Foundation
internal import Latent
internal import Torch

/// `latent sweep`.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Trains a run for each value of one or several settings, and says which to take.",
    usage: "latent sweep [<source>] --over <key=values> --out <folder> [<options>]",
    discussion: """
      Every combination of the values is trained with every seed, each run in a folder of its own named after its values. Runs are \
      processes of their own: as many at once as there are cores and memory for, each on one thread, unless there are fewer runs \
      than cores and a step is enough work to share. The same call goes on where it was stopped: finished runs are not trained \
      again. A run that fails does not end the others.

      All are judged on the validation rows with the same draws. The choice is the simplest model within one standard error, of the \
      difference row by row, of the best; simpler is fewer parameters, or where all have as many the order of the values.

      Example:
        latent sweep --over model.latents=2,5,10,20 --out sweeps/latents
        latent sweep wine.csv --over model.latents=1,2,4 --seeds 0,1,2 --out s
        latent sweep mnist/ --preset mnist-small \\
          --over training.optimizer.learningRate=0.001,0.0003 --out rates
      """)

  @OptionGroup var origin: StartOptions

  @Option(
    help: ArgumentHelp(
      "A setting and its values, such as model.latents=2,5,10; may be repeated for all combinations.",
      valueName: "key=values"))
  var over: [String] = []

  @Option(help: ArgumentHelp("Seeds that every combination is trained with (default: 0).", valueName: "list"))
  var seeds: NumberList?

  @Option(help: ArgumentHelp("The folder of all runs and of the page.", valueName: "folder"))
  var out: String

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Draws a row by which log p(x) is estimated.", valueName: "k"))
  var samples = 100

  @Option(
    name: .customLong("at-once"), parsing: .unconditional,
    help: ArgumentHelp("Runs at the same time (default: what suits the machine).", valueName: "n"))
  var atOnce: Int?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    try demandNames([("--out", out)])
    guard !over.isEmpty else {
      throw ValidationError("--over is missing; name a setting and its values, such as model.latents=2,5,10.")
    }
    if let wrong = seeds?.numbers.first(where: { $0 < 0 }) {
      throw ValidationError("--seeds \(wrong): expected numbers from 0 on.")
    }
    guard (2...1_000_000).contains(samples) else {
      throw ValidationError("--samples \(samples): expected 2 to 1000000.")
    }
    if let atOnce, !(1...1024).contains(atOnce) {
      throw ValidationError("--at-once \(atOnce): expected 1 to 1024.")
    }
  }

  func run() throws {
    Interrupt.listen()
    let plan = try plan()
    let total = plan.entries.count
    let all = "\(total) \(total == 1 ? "run" : "runs")"
    try plan.begin()
    var problems: [String: String] = [:]
    try plan.whileHeld {
      var runner = SweepRunner(plan)
      let (runs, threads) = (min(plan.share.runs, max(runner.left, 1)), plan.share.threads)
      Terminal.note(
        runner.left == 0
          ? "\(all) in \(plan.folder), all done before"
          : "\(all) in \(plan.folder), \(runner.left) to train, \(runs) at once with \(threads) \(threads == 1 ? "thread" : "threads") each"
      )
      try runner.run()
      problems = runner.problems
    }
    guard !Interrupt.isAsked else {
      Terminal.note("Stopped; what was trained is saved. The same call goes on with it.")
      throw ExitCode(130)
    }
    Engine.threads = Threads.count(asked: 0)
    let sweep = try Sweep.judge(
      plan, problems: problems, samples: samples, device: Device(named: origin.device ?? "cpu")
    ) { Terminal.draw($0, Terminal.bar($1), "\(Int($1 * 100)) %") }
    Terminal.clear()
    try SweepPage.write(sweep, to: plan.folder)
    if output.json {
      try output.print(sweep)
    } else {
      print(SweepText.text(sweep))
      print("Page: \(plan.folder)/index.html")
    }
    guard problems.isEmpty else {
      let first = sweep.runs.first { $0.problem != nil }
      let reason = first?.problem ?? ""
      throw LatentError(
        "\(problems.count) of \(all) failed, the first of them '\(first?.run ?? "")': \(reason)\(reason.hasSuffix(".") ? "" : ".")"
      )
    }
  }

  private func plan() throws -> SweepPlan {
    let grid: SweepGrid
    do {
      grid = try SweepGrid(
        preset: origin.chosenPreset, file: origin.config, settings: origin.settings(),
        over: over.map { (text) throws(LatentError) in try SweepVariation(text) },
        seeds: seeds?.numbers.map(UInt64.init) ?? [0])
    } catch { throw UsageError(error) }
    return try SweepPlan(grid, atOnce: atOnce, in: out)
  }
}
