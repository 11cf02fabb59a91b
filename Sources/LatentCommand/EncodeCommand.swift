internal import ArgumentParser
internal import Latent

/// `latent encode`.
struct EncodeCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Writes where observations lie among the latents.",
    usage: "latent encode <run> <source> --out <file> [<options>]",
    discussion: """
      A .csv gets the posterior's means and deviations, and the labels where there are any; a .npy gets the means, [rows, latents]. \
      What is printed says the size kept and the error made by keeping the means alone; latent decode makes rows of them.

      Example:
        latent encode runs/digits-categorical-1 digits --out codes.csv
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The data.")
  var source: String

  @Option(help: ArgumentHelp("Where to: .csv or .npy.", valueName: "file"))
  var out: String

  @Option(help: "Which rows: training, validation, test or all (default: all).")
  var part: Part?

  @OptionGroup var output: OutputOptions

  var destinations: [String?] { [out] }

  func checkEndings() throws(LatentError) { _ = try Output.format(of: out, among: [.csv, .npy]) }

  func run() throws {
    let trained = try model.load()
    let rows = try trained.rows(of: source, part: part ?? .all).rows
    let codes = try trained.codes(of: rows, using: model.noise("encode", on: trained.device))
    let labels = rows.labels.map {
      $0.map { rows.labelNames.indices.contains(Int($0)) ? rows.labelNames[Int($0)] : "\($0)" }
    }
    try Output.write(codes: codes, labels: labels, to: out)
    let cost = trained.cost(of: codes.means, for: rows)
    if output.json {
      try output.print(Encoded(out: out, rows: rows.count, shape: [trained.model.latents], cost: cost))
    } else {
      let share = Double(cost.codeBytes) / Double(max(cost.dataBytes, 1)) * 100
      print(
        """
        \(rows.count) rows of \(trained.model.latents) latents in \(out)
          size   \(cost.codeBytes) bytes of means for \(cost.dataBytes) bytes of data: \(share.fixed(1)) %
          error  mean squared \(cost.meanSquaredError.significant) in the data's units, \(cost.scaledMeanSquaredError.significant) as \
        the model scales them, decoded from the means
        """)
    }
  }

  private struct Encoded: Encodable {
    var out: String
    var rows: Int
    var shape: [Int]
    var cost: CodeCost
  }
}
