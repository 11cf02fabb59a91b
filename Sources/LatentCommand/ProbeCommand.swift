internal import ArgumentParser
internal import Latent

/// `latent probe`.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Says how much the latents tell about a label: classifiers on codes and on raw data.",
    usage: "latent probe <run> [<source>] [<options>]",
    discussion: """
      Classifiers are trained on the run's training rows, stopped early by its validation rows, and judged on its test rows; \
      another source is divided in the same way.

      Example:
        latent probe runs/digits-categorical-1
        latent probe runs/wine-1 --hidden 64 --json
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The data (default: what the run was trained on).")
  var source: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Hidden units of the perceptron.", valueName: "units"))
  var hidden = 128

  @Flag(help: "Train a convolutional classifier on raw pictures as well.")
  var convolutional = false

  @Option(parsing: .unconditional, help: "Passes over the training rows at the most.")
  var epochs = 200

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...65_536).contains(hidden) else { throw ValidationError("--hidden \(hidden): expected 1 to 65536.") }
    guard (1...100_000).contains(epochs) else { throw ValidationError("--epochs \(epochs): expected 1 to 100000.") }
  }

  func run() throws {
    let trained = try model.load()
    guard !convolutional || trained.data.isPicture else {
      throw LatentError("--convolutional: rows of a table are no pictures; leave it out.")
    }
    var settings = Classifier.Settings()
    settings.epochs = epochs
    let networks: [any NetworkChoice] =
      [LinearNetwork(), MLP(hidden: [hidden])] + (convolutional ? [ConvolutionalNetwork()] : [])
    // Weights of convolutions take part in many products each: they are always worth sharing.
    model.share(
      convolutional
        ? .infinity
        : Threads.training(
          parameters: (max(trained.data.dimensions, trained.model.latents) + 1) * hidden, rows: settings.batch))
    let probe = try Probe(
      of: trained, on: trained.partition(of: source), networks: networks, settings: settings, seed: model.seed
    ) { Terminal.draw("probing", Terminal.bar($0), "\(Int($0 * 100)) %") }
    Terminal.clear()
    if output.json { try output.print(probe) } else { print(text(probe)) }
  }

  private func text(_ probe: Probe) -> String {
    func line(_ name: String, _ score: ClassifierScore) -> String {
      name.padded(to: 26)
        + "\((100 * score.accuracy).fixed(1)) ± \((100 * score.accuracyError).fixed(1)) %".padded(to: 18)
        + "\(score.crossEntropy.fixed(4)) ± \(score.crossEntropyError.fixed(4))"
    }
    let heading =
      "\(model.run), \(probe.classes.count) labels, judged on \(probe.rows[2]) test rows (\(probe.rows[0]) to train on):"
    return
      ([heading, "  " + "classifier".padded(to: 26) + "accuracy".padded(to: 18) + "cross-entropy in nats"]
      + probe.results.map { "  " + line("\($0.inputs), \($0.network)", $0.score) }
      + ["  " + line("frequencies alone", probe.chance)]).joined(separator: "\n")
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
