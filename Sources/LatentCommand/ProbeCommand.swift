internal import ArgumentParser
internal import Latent

/// `latent probe`.
struct ProbeCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Says how much the latents tell about a label: classifiers on codes and on raw data.",
    usage: "latent probe <run> [<source>] [<options>]",
    discussion: """
      Classifiers are trained on the run's training rows, stopped early by its validation rows, and judged on its test rows; \
      another source is divided in the same way. In place of the data's own labels, --attribute probes for one attribute as \
      latent edit names it.

      --save keeps the convolutions of the convolutional classifier as a feature network for the objective `perceptual`.

      Example:
        latent probe runs/digits-categorical-1
        latent probe runs/faces-1 --attribute smiling --labels a.csv
        latent probe runs/mnist-small-1 --convolutional --save f.safetensors
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

  @Option(
    help: ArgumentHelp("Probe for one attribute (default: for the data's own labels).", valueName: "name"))
  var attribute: String?

  @Option(
    help: ArgumentHelp(
      "A CSV file with a row for each row of the run's data (default: the data's own labels).", valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "Keep the features of the convolutional classifier as a .safetensors file (default: they are not kept).",
      valueName: "file"))
  var save: String?

  @OptionGroup var output: OutputOptions

  var destinations: [String?] { [save] }

  func checkEndings() throws(LatentError) {
    if let save, !save.hasSuffix(".safetensors") {
      throw LatentError("--save '\(save)': use an ending of .safetensors.")
    }
  }

  func validate() throws {
    guard save == nil || convolutional else {
      throw ValidationError("--save keeps what the convolutional classifier learned; give --convolutional as well.")
    }
    guard labels == nil || attribute != nil else {
      throw ValidationError("--labels has columns to choose from; name one by --attribute.")
    }
    guard attribute == nil || source == nil else {
      throw ValidationError("--attribute is known of the run's own data; leave out the source.")
    }
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
    let partition =
      try attribute.map { try trained.partition(by: $0, labels: labels) } ?? trained.partition(of: source)
    var kept: Classifier?
    // Weights of convolutions take part in many products each: they are always worth sharing.
    model.share(
      convolutional
        ? .infinity
        : Threads.training(
          parameters: (max(trained.data.dimensions, trained.model.latents) + 1) * hidden, rows: settings.batch))
    let probe = try Probe(
      of: trained, on: partition, networks: networks, settings: settings, seed: model.seed,
      keeping: { if $0 is ConvolutionalNetwork { kept = $1 } }
    ) { Terminal.draw("probing", Terminal.bar($0), "\(Int($0 * 100)) %") }
    Terminal.clear()
    if let save { try kept?.saveFeatures(to: save) }
    if output.json { try output.print(probe) } else { print(text(probe)) }
    if let save, !output.json { print("Features in \(save)") }
  }

  private func text(_ probe: Probe) -> String {
    func line(_ name: String, _ score: ClassifierScore) -> String {
      name.padded(to: 25) + " "
        + "\((100 * score.accuracy).fixed(1)) ± \((100 * score.accuracyError).fixed(1)) %".padded(to: 17) + " "
        + "\(score.crossEntropy.fixed(4)) ± \(score.crossEntropyError.fixed(4))"
    }
    let heading =
      "\(model.run), \(probe.classes.count) labels, judged on \(probe.rows[2]) test rows (\(probe.rows[0]) to train on):"
    return
      ([heading, "  " + "classifier".padded(to: 25) + " " + "accuracy".padded(to: 17) + " " + "cross-entropy in nats"]
      + probe.results.map { "  " + line("\($0.inputs), \($0.network)", $0.score) }
      + ["  " + line("frequencies alone", probe.chance)]).joined(separator: "\n")
  }
}
