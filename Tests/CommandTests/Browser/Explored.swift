import Foundation
import Testing

/// An explorer of a digits run with a browser that has it open, for as long as a suite takes.
struct Explored: Sendable {
  /// The page.
  let page: BrowserPage
  /// Where the explorer is: `http://127.0.0.1:PORT`.
  let address: String

  /// The one that the suite's trait provides.
  @TaskLocal static var current: Explored?

  /// Shows a view of a run, once it stands.
  func show(_ view: String, run: Int = 0, parameters: String = "", width: Int = 1280, dark: Bool = false) async throws {
    try await page.show(width: width, height: 900, dark: dark)
    // From elsewhere, so that the same view is made anew.
    try await page.open("about:blank")
    try await page.open("\(address)/#\(view)?run=\(run)\(parameters)")
    try await page.wait(
      "The view \(view) stands",
      until: """
        document.querySelector("#view-\(view)")
          && [...document.querySelectorAll("#view-\(view) .loading")].every((element) => !element.getClientRects().length)
          && !document.querySelector("#view-\(view) [aria-busy=true]")
        """)
  }
}

/// Trains what the page is to show, starts the explorer and a browser, and ends both after the suite.
struct ExploredTrait: SuiteTrait, TestScoping {
  /// The runs, each as `latent train` is to be told.
  let runs: [[String]]

  func provideScope(for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void)
    async throws
  {
    let scratch = try Scratch()
    defer { scratch.remove() }
    for (index, run) in runs.enumerated() {
      try Command.succeed(["train", "--out", "run-\(index)"] + run, in: scratch.path)
    }
    let explorer = try Command.start(
      ["explore"] + runs.indices.map { "run-\($0)" } + ["--no-open"], in: scratch.path)
    var address: String?
    _ = explorer.wait {
      address = (explorer.output.firstMatch(of: /http:\/\/127\.0\.0\.1:[0-9]+/)?.output).map(String.init)
      return address != nil
    }
    let page = try await BrowserPage(in: scratch.path)
    var failure: (any Error)?
    do {
      let address = try #require(address, "The explorer says where it is: \(explorer.output)\(explorer.errors)")
      try await Explored.$current.withValue(Explored(page: page, address: address), operation: body)
    } catch { failure = error }
    await page.close()
    explorer.send(SIGINT)
    let outcome = try explorer.outcome(within: 5)
    #expect(outcome.code == 130 || outcome.code == 0, "\(outcome.errors)")
    if let failure { throw failure }
  }
}

extension Trait where Self == ExploredTrait {
  /// Explores runs in a browser while the suite's tests go.
  static func exploring(_ runs: [String]...) -> Self { ExploredTrait(runs: runs) }
}
