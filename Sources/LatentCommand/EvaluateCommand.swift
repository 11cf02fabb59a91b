internal import ArgumentParser
internal import Latent

/// `latent evaluate`.
struct EvaluateCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Judges a trained model: −ELBO and its parts, log p(x) with its error, gap, active units.",
    usage: "latent evaluate <run> [<source>] [<options>]",
    discussion: """
      Without SOURCE the rows that the run never saw are used: the source's own test files, else the rows kept for the test. Ctrl-C ends \
      judging and prints the numbers of the rows done so far.

      --refine finds the best posterior of each row by itself, so that the gap is split into what the form of the posterior cannot do and \
      what the encoder does not find. --annealed estimates log p(x) without the encoder, in many small steps from the prior to the \
      posterior; --simulated does so on rows drawn from the model, where log p(x) is bounded from both sides. All three take long: \
      use --count.

      Example:
        latent evaluate runs/mnist-small-1 --samples 1000
        latent evaluate runs/mnist-small-1 other.npy --json
        latent evaluate runs/mnist-small-1 --count 100 --refine 500 --annealed
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

  @Option(parsing: .unconditional, help: "The first so many rows; 0 takes all.")
  var count = 0

  @Option(help: ArgumentHelp("Also write each row's own measures, as .csv.", valueName: "file"))
  var rows: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Split the gap, by so many steps of each row's posterior (500, say).", valueName: "steps"))
  var refine: Int?

  @Flag(help: "Estimate log p(x) by annealed importance sampling too.")
  var annealed = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bound log p(x) of so many rows drawn from the model, by annealing from both sides.", valueName: "n"))
  var simulated: Int?

  @Option(parsing: .unconditional, help: "Steps of annealing from the prior to the posterior (default: 1000).")
  var temperatures: Int?

  @Option(parsing: .unconditional, help: "Chains of each row that are annealed (default: 16).")
  var chains: Int?

  @OptionGroup var output: OutputOptions

  var destinations: [String?] { [rows] }

  func checkEndings() throws(LatentError) {
    guard let rows, !rows.hasSuffix(".csv") else { return }
    throw LatentError("--rows '\(rows)': rows are written as .csv; give a name that ends so.")
  }

  func validate() throws {
    func demand(_ value: Int?, in range: ClosedRange<Int>, _ option: String) throws {
      guard let value, !range.contains(value) else { return }
      throw ValidationError("\(option) \(value): expected \(range.lowerBound) to \(range.upperBound).")
    }
    try demand(samples, in: 2...1_000_000, "--samples")
    try demand(refine, in: 1...1_000_000, "--refine")
    try demand(simulated, in: 1...1_000_000, "--simulated")
    try demand(temperatures, in: 2...1_000_000, "--temperatures")
    try demand(chains, in: 2...10_000, "--chains")
    if !annealed, simulated == nil {
      for (option, value) in [("--temperatures", temperatures), ("--chains", chains)] where value != nil {
        throw ValidationError("\(option) is of annealing; add --annealed or --simulated, or leave it out.")
      }
    }
    if count < 0 { throw ValidationError("--count \(count): expected at least 1, or 0 for all.") }
  }

  func run() throws {
    Interrupt.listen()
    let trained = try model.load()
    if refine != nil, try !trained.configuration.model.posterior.member().hasDensity {
      throw LatentError("the posterior has no density, so there is no gap that --refine could split; leave it out.")
    }
    let (all, part) = try trained.rows(of: source, part: part)
    let rows = count > 0 && count < all.count ? all.rows(Array(0..<count)) : all
    let samples = samples ?? trained.configuration.evaluation.samples
    model.share(Evaluation.operations(of: trained, rows: rows.count, samples: samples))
    var (evaluation, each) = try judge(trained, rows, samples)
    if let path = self.rows { try RowEvaluation.write(each, to: path) }
    if !Interrupt.isAsked { try judgeFurther(&evaluation, trained, rows) }
    // Rows that were held out for this run have training rows of their kind to be set beside.
    if !Interrupt.isAsked {
      let known = part == .validation || part == .test ? try trained.rows(of: source, part: .training).rows : nil
      try evaluation.diagnose(
        trained, on: rows, course: TrainingCourse(of: model.run), training: known, seed: model.seed)
    }
    Terminal.clear()
    if output.json {
      try output.print(evaluation)
    } else {
      let which = part == .all ? "rows" : "\(part.rawValue) rows"
      print(
        EvaluationText.text(
          evaluation, heading: "\(model.run), judged on \(evaluation.rows) \(which) of \(rows.name):", isFull: true)
      )
    }
    if Interrupt.isAsked { throw ExitCode(130) }
  }

  private func judge(_ trained: TrainedModel, _ rows: Dataset, _ samples: Int) throws -> (Evaluation, [RowEvaluation]) {
    do {
      return try Evaluation.byRows(
        of: trained, on: rows, samples: samples, seed: model.seed, progress: Self.progress("judging"),
        isStopped: { Interrupt.isAsked })
    } catch {
      guard Interrupt.isAsked else { throw error }
      Terminal.note("Stopped before any row was judged.")
      throw ExitCode(130)
    }
  }

  /// What was asked for beside the measures that are always told.
  private func judgeFurther(_ evaluation: inout Evaluation, _ trained: TrainedModel, _ rows: Dataset) throws {
    func isStopped() -> Bool { Interrupt.isAsked }
    func note(_ what: String, isMissing: Bool) {
      if isMissing { evaluation.warnings.append("Judging was stopped before \(what).") }
    }
    if let refine {
      try evaluation.splitGap(
        of: trained, on: rows, steps: refine, seed: model.seed, progress: Self.progress("refining"),
        isStopped: isStopped)
      note("the gap was split", isMissing: evaluation.gapParts == nil)
    }
    var settings = AnnealedLikelihood.Settings()
    settings.temperatures = temperatures ?? settings.temperatures
    settings.chains = chains ?? settings.chains
    if annealed, !Interrupt.isAsked {
      evaluation.annealed = try AnnealedLikelihood.estimate(
        of: trained, on: rows, settings: settings, seed: model.seed, progress: Self.progress("annealing"),
        isStopped: isStopped)
      note("any row was annealed", isMissing: evaluation.annealed == nil)
    }
    if let simulated, !Interrupt.isAsked {
      evaluation.simulated = try AnnealedLikelihood.simulated(
        of: trained, rows: simulated, settings: settings, seed: model.seed, progress: Self.progress("annealing draws"),
        isStopped: isStopped)
      note("any drawn row was annealed", isMissing: evaluation.simulated == nil)
    }
  }

  private static func progress(_ what: String) -> (Double) -> Void {
    { Terminal.draw(what, Terminal.bar($0), "\(Int($0 * 100)) %") }
  }
}
