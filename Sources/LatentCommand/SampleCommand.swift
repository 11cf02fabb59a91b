internal import ArgumentParser
internal import Latent

/// `latent sample`.
struct SampleCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Generates observations: z ~ p(z), decoded.",
    usage: "latent sample <run> --out <file> [<options>]",
    discussion: """
      The ending of --out says how they are written: .png (a sheet of pictures), .npy or .csv (in the data's own units).

      Example:
        latent sample runs/digits-categorical-1 --count 64 --out digits.png
        latent sample runs/wine-1 --count 10000 --out wine.csv
        latent sample runs/autoencoder-1 --prior standard-normal --out noise.png
      """)

  @OptionGroup var model: ModelOptions

  @Option(parsing: .unconditional, help: "How many.")
  var count = 64

  @Option(help: ArgumentHelp("Where to: .png, .npy or .csv.", valueName: "file"))
  var out: String

  /// Where latents come from.
  enum Source: String, CaseIterable, ExpressibleByArgument {
    case own
    case standardNormal = "standard-normal"
  }

  @Option(help: "Where z comes from: the model's own prior, or standard-normal, N(0, I), whatever the model's is.")
  var prior = Source.own

  @Option(parsing: .unconditional, help: "What z is multiplied by; below 1 for more typical observations.")
  var temperature = 1.0

  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var output: OutputOptions

  var destinations: [String?] { [out] }

  func checkEndings() throws(LatentError) { _ = try Output.format(of: out) }

  func validate() throws {
    guard (1...10_000_000).contains(count) else { throw ValidationError("--count \(count): expected 1 to 10000000.") }
    guard temperature >= 0, temperature.isFinite else {
      throw ValidationError("--temperature \(temperature): expected 0 or more.")
    }
  }

  func run() throws {
    let format = try Output.format(of: out)
    let trained = try model.load()
    try trained.demandRoom(forRows: count)
    let values = trained.samples(
      count, decoding.decoding(for: trained.data),
      from: prior == .own ? nil : StandardNormalPrior(latents: trained.model.latents), temperature: temperature,
      using: model.noise("sample", on: trained.device))
    try Output.write(values, of: trained, to: out)
    if output.json {
      try output.print(Written(out: out, rows: count, shape: trained.data.shape))
    } else {
      print("\(count) \(format == .png ? "pictures" : "rows") in \(out)")
    }
  }
}
