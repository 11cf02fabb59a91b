internal import ArgumentParser
internal import Latent
internal import Torch

/// `latent traverse`.
struct TraverseCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "traverse",
    abstract: "Shows what each latent alone changes: a line of observations for each.",
    usage: "latent traverse <run> [<source>] --out <file> [<options>]",
    discussion: """
      Lines are sorted by use: active latents first, then by divergence. Latents count from 1, rows from 0.

      Example:
        latent traverse runs/digits-categorical-1 --out latents.png
        latent traverse runs/wine-1 wine.csv --row 7 --latents 1,4 --out seven.csv
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The rows that sort the latents (default: what the run was trained on).")
  var source: String?

  @Option(help: ArgumentHelp("Where to: .png, .npy or .csv.", valueName: "file"))
  var out: String

  @Option(help: ArgumentHelp("Which latents, such as 1,4 (default: all, the most used first).", valueName: "list"))
  var latents: NumberList?

  @Option(parsing: .unconditional, help: "Without --latents: the lines at the most.")
  var count = 20

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Around this row's posterior mean, counted from 0 (default: around the prior's mean).", valueName: "n"))
  var row: Int?

  @Option(help: "Which rows: training, validation, test or all (default: those never seen, of another source all).")
  var part: Part?

  @Option(parsing: .unconditional, help: "The latent goes from minus this to this.")
  var range = 3.0

  @Option(parsing: .unconditional, help: "The observations in a line.")
  var steps = 9

  @OptionGroup var output: OutputOptions

  private struct Traversed: Encodable {
    var out: String
    var latents: [Int]
    var use: [LatentUse]?
    var row: Int?
    var steps: Int
    var shape: [Int]
  }

  var destinations: [String?] { [out] }

  func checkEndings() throws(LatentError) { _ = try Output.format(of: out) }

  func validate() throws {
    try demandSteps(steps)
    try demandSteps(count, option: "--count")
    try demandPositive(range, option: "--range")
  }

  func run() throws {
    let trained = try model.load()
    let format = try Output.format(of: out, for: trained.data)
    let noise = model.noise("traverse", on: trained.device)
    var centre = trained.model.prior.mean(using: noise)
    var use: [LatentUse]?
    if row != nil || latents == nil {
      let (rows, part) = try trained.rows(of: source, part: part)
      if let row { centre = try trained.codes(of: rows.rows(numbered: [row], part: part), using: noise).means[0] }
      if latents == nil { use = try Array(trained.latentUse(on: rows, using: noise).prefix(count)) }
    }
    let chosen = latents?.fromZero ?? use?.map(\.latent) ?? []
    let strips = try trained.traversals(of: chosen, around: centre, range: range, steps: steps)
    try Output.write(strips, of: trained, to: out)
    if output.json {
      try output.print(
        Traversed(
          out: out, latents: chosen.map { $0 + 1 },
          use: use?.map(Self.countedFromOne),
          row: row, steps: steps, shape: trained.data.shape))
      return
    }
    let kind = format == .png ? "pictures" : "rows"
    print(
      "\(chosen.count) \(chosen.count == 1 ? "line" : "lines") of \(steps) \(kind)\(row.map { " around row \($0)" } ?? "") in \(out), from above:"
    )
    for latent in chosen { print("  latent \(latent + 1)\(Self.note(use?.first { $0.latent == latent }))") }
  }

  private static func countedFromOne(_ use: LatentUse) -> LatentUse {
    var use = use
    use.latent += 1
    return use
  }

  private static func note(_ use: LatentUse?) -> String {
    guard let use else { return "" }
    let divergence = use.divergence.map { "  \($0.fixed(3)) nats per row" } ?? ""
    return divergence + "  variance of the mean \(use.activity.fixed(3))" + (use.isActive ? "" : "  (not active)")
  }
}
