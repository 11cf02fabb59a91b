internal import ArgumentParser
internal import Foundation
internal import Latent
internal import Torch

/// `latent map`.
struct MapCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Scatters the posterior means of observations, coloured by label.",
    usage: "latent map <run> [<source>] --out <file> [<options>]",
    discussion: """
      One or two latents are shown as they are; of more, the two principal axes of the means. A .html is one page that needs no \
      network; a .csv has the coordinates and labels.

      Example:
        latent map runs/digits-categorical-1 --out map.html
        latent map runs/wine-1 wine.csv --part all --out map.csv
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The data (default: what the run was trained on).")
  var source: String?

  @Option(help: ArgumentHelp("Where to: .html or .csv.", valueName: "file"))
  var out: String

  @Option(help: "Which rows: training, validation, test or all (default: those never seen, of another source all).")
  var part: Part?

  @Option(parsing: .unconditional, help: "The first so many rows; 0 takes all.")
  var count = 5000

  @OptionGroup var output: OutputOptions

  var destinations: [String?] { [out] }

  func checkEndings() throws(LatentError) { try LatentMapPage.check(out) }

  func validate() throws {
    if count < 0 { throw ValidationError("--count \(count): expected at least 1, or 0 for all.") }
  }

  func run() throws {
    let trained = try model.load()
    let all = try trained.rows(of: source, part: part).rows
    let rows = count > 0 && count < all.count ? all.rows(Array(0..<count)) : all
    let name = ((model.run as NSString).standardizingPath as NSString).lastPathComponent
    try LatentMapPage.write(
      rows, by: trained, named: name, using: model.noise("map", on: trained.device), to: out)
    if output.json {
      try output.print(Written(out: out, rows: rows.count, shape: [2]))
    } else {
      print("\(rows.count) points in \(out)")
    }
  }
}
