internal import ArgumentParser
internal import Latent

/// `latent reconstruct`.
struct ReconstructCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "reconstruct",
    abstract: "Passes observations through the model and back.",
    usage: "latent reconstruct <run> <source> --out <file> [<options>]",
    discussion: """
      The ending of --out says how they are written: .png (originals above reconstructions), .npy or .csv (in the data's own units).

      Example:
        latent reconstruct runs/mnist-small-1 mnist/ --count 36 --out pairs.png
        latent reconstruct runs/wine-1 wine.csv --out returned.csv
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The data.")
  var source: String

  @Option(help: ArgumentHelp("Where to: .png, .npy or .csv.", valueName: "file"))
  var out: String

  @Option(parsing: .unconditional, help: "The first so many rows; 0 takes all (default: 36 for .png, else all).")
  var count: Int?

  @Option(help: "Which rows: training, validation, test or all (default: all).")
  var part: Part?

  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var output: OutputOptions

  var destinations: [String?] { [out] }

  func checkEndings() throws(LatentError) { _ = try Output.format(of: out) }

  func validate() throws {
    if let count, count < 0 { throw ValidationError("--count \(count): expected at least 1, or 0 for all.") }
  }

  func run() throws {
    let format = try Output.format(of: out)
    let trained = try model.load()
    let all = try trained.rows(of: source, part: part ?? .all).rows
    let limit = count ?? (format == .png ? 36 : 0)
    let rows = limit > 0 && limit < all.count ? all.rows(Array(0..<limit)) : all
    let noise = model.noise("reconstruct", on: trained.device)
    let values = try trained.reconstructions(of: rows, decoding.choice == .draw ? .draw : .mean, using: noise)
    try Output.write(values, below: rows.values, of: trained, to: out)
    if output.json {
      try output.print(Written(out: out, rows: rows.count, shape: trained.data.shape))
    } else {
      print(
        "\(rows.count) \(format == .png ? "originals above their reconstructions" : "reconstructed rows") in \(out)")
    }
  }
}
