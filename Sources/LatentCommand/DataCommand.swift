internal import ArgumentParser
internal import Foundation
internal import Latent

/// `latent data`.
struct DataCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Says what a source is recognized as, its ranges, missing values and the likelihood that suits it.",
    usage: "latent data <source> [<options>]",
    discussion: """
      --out writes a contact sheet (.png) of the first pictures; for a table, the summary of its columns (.csv).

      Example:
        latent data mnist/ --out sheet.png
        latent data faces.mat --set 'data.shape=[28,20]'
        latent data wine.csv --json
      """)

  @Argument(help: "The data.")
  var source: String

  @Option(
    help: ArgumentHelp(
      "One value such as 'data.shape=[28,20]'; may be repeated (default: read as it is found).", valueName: "key=value")
  )
  var set: [String] = []

  @Option(
    help: ArgumentHelp(
      "A contact sheet: .png for pictures, .csv for the columns of a table (default: none).", valueName: "file"))
  var out: String?

  @OptionGroup var output: OutputOptions

  var destinations: [String?] { [out] }

  func checkEndings() throws(LatentError) {
    if let out { _ = try Output.format(of: out, among: [.png, .csv]) }
  }

  func run() throws {
    var configuration: Configuration
    do {
      configuration = try Configuration(preset: nil, file: nil, settings: set)
    } catch { throw UsageError(error) }
    configuration.data.source = source
    let loaded = try DataSource.load(configuration.data, keepingMissing: true)
    let summary = DataSummary(of: loaded.training)
    if let out { try ContactSheet.write(loaded.training, summary: summary, to: out) }
    if output.json {
      try output.print(summary)
    } else {
      print(DataText.text(summary, test: loaded.test?.count))
      if let out { print("Contact sheet: \(out)") }
    }
  }
}

/// A data summary as a person reads it.
enum DataText {
  /// Columns of a table that are shown: more of them where they have names of their own.
  private static func shown(of summary: DataSummary) -> Int {
    summary.columns.first?.name == "column 1" ? 10 : 40
  }

  static func text(_ summary: DataSummary, test: Int?) -> String {
    let isPicture = summary.shape.count > 1
    var lines = [
      "\(summary.name): \(summary.format)",
      "  rows        \(summary.rows)\(test.map { ", and \($0) of the source's own for the test" } ?? "")",
      "  each        \(isPicture ? "a picture of " : "")\(summary.shape.map(String.init).joined(separator: " × "))"
        + (isPicture ? "" : summary.shape == [1] ? " column" : " columns"),
      "  values      \(number(summary.minimum)) to \(number(summary.maximum)), \(summary.isWhole ? "whole numbers" : "with fractions")"
        + (summary.distinctLevels > 0 ? ", \(summary.distinctLevels) distinct" : ""),
      "  missing     \(summary.missing == 0 ? "none" : "\(summary.missing)")",
    ]
    if !summary.labels.isEmpty {
      let labels = summary.labels.prefix(12).map { "\($0.name) (\($0.count))" }.joined(separator: ", ")
      lines.append(
        "  labels      \(labels)\(summary.labels.count > 12 ? " and \(summary.labels.count - 12) more" : "")")
    }
    lines.append("  likelihood  \(summary.suggestedLikelihood): \(summary.reason)")
    lines += summary.notes.map { "  note        \($0)" }
    if !isPicture { lines += columns(summary) }
    return lines.joined(separator: "\n")
  }

  private static func columns(_ summary: DataSummary) -> [String] {
    let shown = summary.columns.prefix(shown(of: summary))
    let width = max(shown.map(\.name.count).max() ?? 0, 6)
    let header =
      "  " + padded("column", width)
      + ["minimum", "maximum", "mean", "deviation", "missing"].map { aligned($0, 13) }.joined()
    let rows = shown.map { column in
      "  " + padded(column.name, width)
        + [column.minimum, column.maximum, column.mean, column.deviation].map { aligned(number($0), 13) }.joined()
        + aligned("\(column.missing)", 13)
    }
    let rest = summary.columns.count - rows.count
    return [header] + rows + (rest > 0 ? ["  and \(rest) more \(rest == 1 ? "column" : "columns")"] : [])
  }

  /// Six digits at the most, and none that only say how a sum was rounded.
  private static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e9 { return value.fixed(0) }
    return abs(value) < 1e-7 ? "0" : value.brief
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func aligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
