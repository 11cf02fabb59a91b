internal import ArgumentParser
internal import Latent

/// `latent check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compares samples with rows never seen: copies of training rows, a classifier, each column.",
    usage: "latent check <run> [<source>] [<options>]",
    discussion: """
      Samples are compared with rows that the run never saw, in three ways. Copies: is the nearest of all rows a training row more often than \
      chance lets be? Classifiers: can they tell samples from rows? Calibration: does each column or pixel fall among the model's draws as they \
      fall among each other? Numbers and pictures go onto the page of the run.

      Without SOURCE the run's own test rows are used, else its validation rows.

      Example:
        latent check runs/mnist-small-1
        latent check runs/wine-1 more-wine.csv --samples 5000 --json
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "Rows that the run never saw (default: those that it kept).")
  var source: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Samples that are looked at, and as many rows at the most.", valueName: "n"))
  var samples = 2000

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Classifiers that are trained, each with a seed of its own.", valueName: "k"))
  var classifiers = 3

  @OptionGroup var decoding: CopyOptions

  @OptionGroup var output: OutputOptions

  private struct Checked: Encodable {
    var check: ModelCheck
    var report: String?

    func encode(to encoder: any Encoder) throws {
      try check.encode(to: encoder)
      guard let report else { return }
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(report, forKey: .report)
    }

    private enum Keys: String, CodingKey { case report }
  }

  func validate() throws {
    guard (100...100_000).contains(samples) else {
      throw ValidationError("--samples \(samples): expected 100 to 100000.")
    }
    guard (1...99).contains(classifiers) else {
      throw ValidationError("--classifiers \(classifiers): expected 1 to 99.")
    }
  }

  func run() throws {
    let trained = try model.load()
    var report = try model.page()
    // Distances to all training rows, and classifiers, are large products.
    model.share(.infinity)
    var settings = ModelCheck.Settings()
    (settings.samples, settings.classifiers, settings.seed) = (samples, classifiers, model.seed)
    settings.decoding = decoding.choice?.decoding
    defer { Terminal.clear() }
    let (check, closest) = try ModelCheck.make(of: trained, on: source, settings: settings) {
      Terminal.draw($0, Terminal.bar($1), "\(Int($1 * 100)) %")
    }
    Terminal.clear()
    try report?.add(check, showing: closest, of: trained)
    let page = report.map { _ in RunFolder(model.run).reportPage }
    if output.json {
      try output.print(Checked(check: check, report: page))
    } else {
      print(CheckText.text(check, heading: model.run))
      if let page { print("Report: \(page)") }
    }
  }
}

/// What stands for a sample where it is compared with training rows.
struct CopyOptions: ParsableArguments {
  /// One of the two.
  enum Choice: String, EnumerableFlag {
    case mean, draw

    var decoding: Decoding { self == .mean ? .mean : .draw }

    static func help(for value: Choice) -> ArgumentHelp? {
      value == .mean
        ? "Look for copies among means of p(x|z) (default for pictures)."
        : "Look for copies among draws from p(x|z) (default for tables)."
    }
  }

  @Flag(exclusivity: .exclusive)
  var choice: Choice?
}
