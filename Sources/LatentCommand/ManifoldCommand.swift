internal import ArgumentParser
internal import Latent

/// `latent manifold`.
struct ManifoldCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "manifold",
    abstract: "Decodes a grid over a plane of two latents, at Gaussian quantiles.",
    usage: "latent manifold <run> --out <file> [<options>]",
    discussion: """
      The first latent grows from left to right, the second upwards; all others are 0. Latents count from 1.

      Example:
        latent manifold runs/faces-1 --out plane.png
        latent manifold runs/mnist-small-1 --latents 3,7 --size 12 --out plane.png
      """)

  @OptionGroup var model: ModelOptions

  @Option(help: ArgumentHelp("Where to: .png, .npy or .csv.", valueName: "file"))
  var out: String

  @Option(parsing: .unconditional, help: "The observations in a line, and the lines.")
  var size = 20

  @Option(help: ArgumentHelp("Which two latents (default: 1,2).", valueName: "list"))
  var latents: NumberList?

  @OptionGroup var output: OutputOptions

  var destinations: [String?] { [out] }

  func checkEndings() throws(LatentError) { _ = try Output.format(of: out) }

  func validate() throws {
    guard (1...200).contains(size) else { throw ValidationError("--size \(size): expected 1 to 200.") }
  }

  func run() throws {
    let trained = try model.load()
    let format = try Output.format(of: out, for: trained.data)
    let chosen = latents?.fromZero ?? (trained.model.latents == 1 ? [0] : [0, 1])
    try trained.demandRoom(forRows: size * size)
    let strips = try trained.manifold(of: chosen, size: size)
    try Output.write(strips, of: trained, to: out)
    if output.json {
      try output.print(Written(out: out, rows: strips.lines * strips.steps, shape: trained.data.shape))
    } else {
      let names = chosen.map { "\($0 + 1)" }.joined(separator: " and ")
      let kind = format == .png ? "pictures" : "rows"
      print(
        "\(strips.lines) × \(strips.steps) \(kind) over \(chosen.count == 1 ? "latent" : "latents") \(names) in \(out)")
    }
  }
}
