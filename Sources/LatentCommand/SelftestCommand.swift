internal import ArgumentParser
internal import Latent

/// `latent selftest`.
struct SelftestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Examines on this machine what the numbers rest on: each claim with its figure and what it may be.",
    usage: "latent selftest [--only <name>] [--list] [--fault <part>] [--json]",
    discussion: """
      Closed forms against integrals and draws, derivatives against differences, exact answers of linear models, files and \
      interrupted training. Needs no data and no network, and takes about half a minute. Exit 1 where a claim does not hold.

      Example:
        latent selftest
        latent selftest --only gap --only importance-bound
        latent selftest --fault 0.01      spoil all that is found, to see claims fail
      """)

  @Option(help: ArgumentHelp("Only this claim; may be repeated (default: all).", valueName: "name"))
  var only: [String] = []

  @Flag(help: "Print the claims and examine none.")
  var list = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Add this part of each value that is found to it, and change a byte of each file: claims have to fail, apart from those whose own error is greater.",
      valueName: "part"))
  var fault = 0.0

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard fault.isFinite else { throw ValidationError("--fault \(fault): expected a number such as 0.01.") }
  }

  private struct List: Encodable {
    var claims: [Listed]
  }

  private struct Summary: Encodable {
    var claims: [ClaimResult]
    var held: Int
    var failed: Int
    var skipped: Int
  }

  private struct Listed: Encodable {
    var name: String
    var claim: String
  }

  func run() throws {
    let claims = try chosen()
    guard !list else {
      if output.json { return try output.print(List(claims: claims.map { Listed(name: $0.name, claim: $0.words) })) }
      for claim in claims { print("\(claim.name.padded(to: 26))\(claim.words)") }
      return
    }
    // A claim that has files ends before the command does, and takes them away.
    Interrupt.listen()
    var results: [ClaimResult] = []
    for claim in claims {
      if Interrupt.isAsked {
        Terminal.note("Stopped after \(results.count) of \(claims.count) claims.")
        throw ExitCode(130)
      }
      Terminal.draw("examining", "\(results.count + 1) of \(claims.count)", claim.name)
      let result = Conformance.examine(claim, fault: fault)
      results.append(result)
      Terminal.clear()
      if !output.json { print(text(result)) }
    }
    let (failed, skipped) = (results.count { $0.status == .failed }, results.count { $0.status == .skipped })
    let held = results.count - failed - skipped
    if output.json {
      try output.print(Summary(claims: results, held: held, failed: failed, skipped: skipped))
    } else {
      let seconds = results.reduce(0) { $0 + $1.seconds }
      print(
        "\(held) of \(results.count) claims hold\(failed > 0 ? ", \(failed) FAILED" : "")"
          + "\(skipped > 0 ? ", \(skipped) not examined here" : ""); \(seconds.fixed(0)) s")
    }
    if failed > 0 { throw ExitCode(1) }
  }

  private func chosen() throws -> [Claim] {
    let known = Conformance.claims.map(\.name)
    for name in only where !known.contains(name) {
      throw UsageError("'\(name)' is no claim\(Suggestion.text(for: name, among: known)).")
    }
    return Conformance.claims.filter { only.isEmpty || only.contains($0.name) }
  }

  /// A line that says how it ended, and one that says what it is.
  private func text(_ result: ClaimResult) -> String {
    let word =
      switch result.status {
      case .ok: "ok"
      case .failed: "FAILED"
      case .skipped: "skipped"
      }
    let details =
      result.comparisons == 0
      ? result.remark
      : "\(result.figure.significant) \(result.unit), at most \(result.tolerance.significant)"
        + (result.status == .failed ? "; at \(result.remark)" : "")
    return "\(word.padded(to: 8))\(result.name.padded(to: 26))\(details)\n        \(result.claim)"
  }
}
