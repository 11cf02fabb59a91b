internal import ArgumentParser
internal import Latent
internal import Torch

/// `latent decode`.
struct DecodeCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Makes observations of codes, as latent encode wrote them.",
    usage: "latent decode <run> <codes> --out <file> [<options>]",
    discussion: """
      Codes are a .npy of [rows, latents], or a .csv with the columns 'mean 1', 'mean 2' … or with one column for each latent.

      Example:
        latent decode runs/digits-categorical-1 codes.npy --out returned.csv
        latent decode runs/mnist-small-1 codes.csv --out sheet.png
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The codes: .npy or .csv.")
  var codes: String

  @Option(help: ArgumentHelp("Where to: .png, .npy or .csv.", valueName: "file"))
  var out: String

  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var output: OutputOptions

  var destinations: [String?] { [out] }

  func checkEndings() throws(LatentError) { _ = try Output.format(of: out) }

  func run() throws {
    let trained = try model.load()
    let format = try Output.format(of: out, for: trained.data)
    let codes = try trained.codes(from: codes)
    try trained.demandRoom(forRows: codes.extent(0))
    let values = trained.decodings(
      of: codes, decoding.choice == .draw ? .draw : .mean, using: model.noise("decode", on: trained.device))
    try Output.write(values, of: trained, to: out)
    if output.json {
      try output.print(Written(out: out, rows: codes.extent(0), shape: trained.data.shape))
    } else {
      print("\(codes.extent(0)) \(format == .png ? "pictures" : "rows") in \(out)")
    }
  }
}
