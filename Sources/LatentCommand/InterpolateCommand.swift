internal import ArgumentParser
internal import Latent
internal import Torch

/// `latent interpolate`.
struct InterpolateCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "interpolate",
    abstract: "Shows what lies between two observations, by way of the latents.",
    usage: "latent interpolate <run> [<source>] --from <i> --to <j> --out <file>",
    discussion: """
      Both originals stand at the ends, their reconstructions next to them. Rows count from 0 within the part that is chosen.

      Example:
        latent interpolate runs/digits-categorical-1 digits --from 0 --to 3 --out way.png
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The data (default: what the run was trained on).")
  var source: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("The row to start from.", valueName: "i"))
  var from: Int

  @Option(parsing: .unconditional, help: ArgumentHelp("The row to end at.", valueName: "j"))
  var to: Int

  @Option(help: ArgumentHelp("Where to: .png, .npy or .csv.", valueName: "file"))
  var out: String

  @Option(parsing: .unconditional, help: "The decoded observations, both reconstructions among them.")
  var steps = 9

  @Flag(help: "Go along an arc around 0 instead of a straight line.")
  var spherical = false

  @Option(help: "Which rows: training, validation, test or all (default: those never seen, of another source all).")
  var part: Part?

  @OptionGroup var output: OutputOptions

  var destinations: [String?] { [out] }

  func checkEndings() throws(LatentError) { _ = try Output.format(of: out) }

  func validate() throws { try demandSteps(steps, atLeast: 2) }

  func run() throws {
    let trained = try model.load()
    let format = try Output.format(of: out, for: trained.data)
    let (rows, part) = try trained.rows(of: source, part: part)
    let strips = try trained.interpolation(
      between: rows.rows(numbered: [from, to], part: part), steps: steps, along: spherical ? .spherical : .straight,
      using: model.noise("interpolate", on: trained.device))
    try Output.write(strips, of: trained, to: out)
    if output.json {
      try output.print(Written(out: out, rows: strips.steps, shape: trained.data.shape))
    } else {
      print(
        "\(steps) \(format == .png ? "pictures" : "rows") from row \(from) to row \(to), between the originals, in \(out)"
      )
    }
  }
}
