internal import ArgumentParser
internal import Foundation
internal import Latent

/// `latent list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists presets, or the choices of a family with their settings and defaults.",
    usage: "latent list [<what>] [--json]",
    discussion: """
      Families: \(Families.all.map { $0.name }.joined(separator: ", ")).

      Example:
        latent list presets
        latent list likelihoods --json
      """)

  @Argument(help: "`presets` or a family (default: everything).")
  var what: String?

  @OptionGroup var output: OutputOptions

  private struct Entry: Encodable {
    var name: String
    var summary: String
    var settings: String
    var isDefault: Bool
  }

  func run() throws {
    let lists = try Self.lists()
    let known = lists.map(\.name)
    if let what, !known.contains(what) {
      throw UsageError("'\(what)' is nothing to list\(Suggestion.text(for: what, among: known)).")
    }
    let shown = lists.filter { what == nil || $0.name == what }
    if output.json {
      try output.print([String: [Entry]](uniqueKeysWithValues: shown.map { ($0.name, $0.entries) }))
      return
    }
    for list in shown {
      print(list.name)
      let width = (list.entries.map(\.name.count).max() ?? 0) + 2
      for entry in list.entries {
        let name = entry.name + String(repeating: " ", count: width - entry.name.count)
        print("  \(name)\(entry.summary)\(entry.isDefault ? " (default)" : "")")
        if !entry.settings.isEmpty { print("  \(String(repeating: " ", count: width))\(entry.settings)") }
      }
    }
  }

  private static func lists() throws -> [(name: String, entries: [Entry])] {
    let presets = Presets.all.map {
      Entry(name: $0.name, summary: $0.summary, settings: "", isDefault: $0.name == Presets.standard.name)
    }
    return try [("presets", presets)]
      + Families.all.map { family in
        (
          family.name,
          try family.choices.map { choice in
            Entry(
              name: choice.kind, summary: choice.summary, settings: try settings(of: choice.init()),
              isDefault: type(of: family.standard).kind == choice.kind)
          }
        )
      }
  }

  /// The settings with their defaults, as they would be written.
  private static func settings(of choice: any Choice) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(choice), as: UTF8.self)
    return text == "{}"
      ? ""
      : text.replacingOccurrences(of: "\"", with: "").replacingOccurrences(of: ",", with: ", ")
        .replacingOccurrences(of: ":", with: ": ")
  }
}
