import Foundation
import Testing

@Suite("Help")
struct HelpTests {
  static let verbs = [
    "train", "sweep", "evaluate", "check", "explore", "sample", "reconstruct", "encode", "decode", "traverse",
    "manifold", "map",
    "interpolate", "edit", "impute", "cluster", "probe", "disentangle", "compare", "data", "bench", "selftest", "list",
  ]

  @Test("The help of every verb has a summary, an example and the defaults", arguments: verbs)
  func help(verb: String) throws {
    try Scratch.with { scratch in
      let outcome = try Command.succeed([verb, "--help"], in: scratch.path)
      #expect(outcome.errors.isEmpty)
      let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
      let summary = try #require(lines.first)
      #expect(summary.hasPrefix("OVERVIEW: ") && summary.count > 20, "\(summary) is a summary.")
      #expect(outcome.output.contains("Example:\n  latent \(verb)"), "There is an example.")
      #expect(outcome.output.contains("default"), "The defaults are said.")
      #expect(lines.allSatisfy { $0.count <= 80 }, "No line is wider than a terminal.")
      #expect(try Command.succeed(["help", verb], in: scratch.path).output == outcome.output)
    }
  }

  @Test("The command alone and --help list every verb", arguments: [[], ["--help"], ["help"]])
  func overview(arguments: [String]) throws {
    try Scratch.with { scratch in
      let text = try Command.succeed(arguments, in: scratch.path).output
      for verb in Self.verbs { #expect(text.contains("\n  \(verb) "), "\(verb) is listed.") }
    }
  }

  @Test("--version prints a version and nothing else")
  func version() throws {
    try Scratch.with { scratch in
      let outcome = try Command.succeed(["--version"], in: scratch.path)
      #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
      #expect(outcome.errors.isEmpty)
    }
  }
}
