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

/// Starts an explorer and a browser, and ends both after the suite.
struct ExploredTrait: SuiteTrait, TestScoping {
  /// Files that are there, by name.
  var files: [String: String] = [:]
  /// What is run before the explorer, each as `latent` is to be told.
  let preparations: [[String]]
  /// What starts the explorer, as `latent` is to be told.
  let explorer: [String]

  func provideScope(for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void)
    async throws
  {
    let scratch = try Scratch()
    defer { scratch.remove() }
    for (name, text) in files { try scratch.write(text, to: name) }
    for preparation in preparations { try Command.succeed(preparation, in: scratch.path) }
    // The browser first: what is watched may not take long.
    let page = try await BrowserPage(in: scratch.path)
    var failure: (any Error)?
    do {
      try await explore(on: page, in: scratch, performing: body)
    } catch { failure = error }
    await page.close()
    if let failure { throw failure }
  }

  private func explore(on page: BrowserPage, in scratch: Scratch, performing body: @Sendable () async throws -> Void)
    async throws
  {
    let process = try Command.start(explorer + ["--no-open"], in: scratch.path)
    var address: String?
    _ = process.wait {
      let said = process.output + process.errors
      address = (said.firstMatch(of: /http:\/\/127\.0\.0\.1:[0-9]+/)?.output).map { String($0) }
      return address != nil
    }
    let found = try #require(address, "The explorer says where it is: \(process.output)\(process.errors)")
    try await Explored.$current.withValue(Explored(page: page, address: found), operation: body)
    process.send(SIGINT)
    let outcome = try process.outcome(within: 5)
    #expect(outcome.code == 0 || outcome.code == 130, "\(outcome.errors)")
  }
}

extension Trait where Self == ExploredTrait {
  /// Trains runs, each as `latent train` is to be told, and explores them in a browser while the suite's tests go.
  static func exploring(_ runs: [[String]], files: [String: String] = [:]) -> Self {
    let names = runs.indices.map { "run-\($0)" }
    return ExploredTrait(
      files: files, preparations: zip(names, runs).map { ["train", "--out", $0] + $1 }, explorer: ["explore"] + names)
  }

  /// Watches a training in a browser while the suite's tests go.
  static func watching(_ run: [String]) -> Self {
    ExploredTrait(preparations: [], explorer: ["train", "--explore", "--out", "run"] + run)
  }
}
