internal import ArgumentParser
internal import Latent

/// What a training starts from: data, a preset, a file, single values.
struct StartOptions: ParsableArguments {
  @Argument(help: "The data (default: the preset's own, or the embedded digits).")
  var source: String?

  @Option(help: "The experiment to start from (default: \(Presets.standard.name) without a source, else none).")
  var preset: String?

  @Option(help: ArgumentHelp("A YAML file laid over the preset.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "One value such as model.latents=8, laid over everything else; may be repeated.", valueName: "key=value"))
  var set: [String] = []

  @Option(help: "Where to compute: cpu, cuda or cuda:N (default: cpu).")
  var device: String?

  func validate() throws {
    try demandNames([("SOURCE", source), ("--preset", preset), ("--config", config)])
  }

  /// The preset that was asked for; the standard one where nothing was.
  var chosenPreset: String? { preset ?? (source == nil && config == nil ? Presets.standard.name : nil) }

  /// Single values, of which later ones are laid over earlier ones: those of options, then those of `--set`.
  ///
  /// - Parameter options: What further options say.
  func settings(_ options: [String] = []) -> [String] {
    (source.map { ["data.source=\(quoted($0))"] } ?? []) + (device.map { ["device=\(quoted($0))"] } ?? []) + options
      + set
  }
}

/// Refuses names that were given and are empty.
func demandNames(_ names: [(option: String, value: String?)]) throws {
  guard let empty = names.first(where: { $0.value?.isEmpty == true }) else { return }
  throw ValidationError("\(empty.option) is empty; give it a name, or leave it out.")
}
