internal import ArgumentParser
internal import Latent

/// `latent evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Judges a trained model: −ELBO and its parts, log p(x) with its error, gap, active units.",
    usage: "latent evaluate <run> [<source>] [<options>]",
    discussion: """
      Without SOURCE the rows that the run never saw are used: the source's own test files, else the rows kept for the test.

      Example:
        latent evaluate runs/mnist-small-1 --samples 1000
        latent evaluate runs/mnist-small-1 other.npy --json
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The data (default: what the run was trained on).")
  var source: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draws a row by which log p(x) is estimated (default: the run's evaluation.samples, 100).", valueName: "k"))
  var samples: Int?

  @Option(help: "Which rows: training, validation, test or all (default: the test rows where there are any).")
  var part: Part?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let samples, !(2...1_000_000).contains(samples) {
      throw ValidationError("--samples \(samples): expected 2 to 1000000.")
    }
  }

  func run() throws {
    let trained = try model.load()
    let (rows, part) = try trained.rows(of: source, part: part)
    let samples = samples ?? trained.configuration.evaluation.samples
    model.share(Evaluation.operations(of: trained, rows: rows.count, samples: samples))
    var evaluation = try Evaluation.estimate(
      of: trained, on: rows, samples: samples, seed: model.seed
    ) { Terminal.draw("judging", Terminal.bar($0), "\(Int($0 * 100)) %") }
    // Rows that were held out for this run have training rows of their kind to be set beside.
    let known = part == .validation || part == .test ? try trained.rows(of: source, part: .training).rows : nil
    try evaluation.diagnose(
      trained, on: rows, course: TrainingCourse(of: model.run), training: known, seed: model.seed)
    Terminal.clear()
    if output.json {
      try output.print(evaluation)
    } else {
      let which = part == .all ? "rows" : "\(part.rawValue) rows"
      print(
        EvaluationText.text(
          evaluation, heading: "\(model.run), judged on \(evaluation.rows) \(which) of \(rows.name):", isSplit: true)
      )
    }
  }
}
