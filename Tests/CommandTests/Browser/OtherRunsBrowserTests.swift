import Foundation
import Testing

/// Settings with which training takes a second.
private let quick = ["--set", "threads=1", "--set", "training.epochs=6", "--set", "evaluation.samples=20"]

/// A table of three columns that hang together, of which one has holes.
private let table: String = {
  let rows = (0..<240).map { row -> String in
    let angle = Double(row * 37 % 240) / 240 * 6.28
    let third = row % 9 == 0 ? "" : String(format: "%.3f", 3 * angle)
    return String(format: "%.3f,%.3f,", 10 + 4 * cos(angle), sin(angle)) + third
  }
  return "length,lift,turn\n" + rows.joined(separator: "\n") + "\n"
}()

@Suite(
  "The page of other runs", .serialized, .enabled(if: WebDriver.path != nil, "needs Chromium and its driver"),
  .exploring(
    [
      ["digits", "--set", "model.latents=1"] + quick,
      ["digits", "--set", "model.latents=40", "--set", "model.prior=fitted-gaussian"] + quick,
      ["digits", "--set", "model.posterior=point", "--set", "objective={kind: reconstruction}"] + quick,
      ["table.csv", "--set", "model.latents=2", "--set", "data.missing=drop"] + quick,
    ], files: ["table.csv": table]))
struct OtherRunsBrowserTests {
  private let explored: Explored

  init() throws { explored = try #require(Explored.current) }

  @Test(
    "Every view of one latent, of forty, of points and of a table stands and complains of nothing",
    arguments: [0, 1, 2, 3], ["map", "sliders", "manifold", "morph", "fill", "edit", "judge", "training"])
  func stands(run: Int, view: String) async throws {
    try await explored.show(view, run: run, width: 390)
    try await explored.page.expectFit("\(view) of run \(run)", width: 390)
    let alerts = try await explored.page.evaluate(
      "return [...document.querySelectorAll('[role=alert]')].map((element) => element.textContent)")
    #expect(alerts as? [String] == [], "Nothing failed.")
    let complaints = try await explored.page.complaints()
    #expect(complaints.isEmpty)
  }

  @Test("Judge puts the numbers of two runs beside each other")
  func beside() async throws {
    try await explored.show("judge", run: 0, parameters: "&beside=1")
    try await explored.page.wait(
      "Both runs have a column",
      until: "/run-0[^]*run-1/.test(document.querySelector('#view-judge table')?.innerText ?? '')")
    let numbers = try await explored.page.evaluate(
      """
      const reports = await Promise.all([0, 1].map((run) => fetch(`/api/runs/${run}/report`).then((answer) => answer.json())));
      const text = document.querySelector("#view-judge table").innerText.replaceAll("−", "-");
      return reports.every((report) => text.includes(report.evaluation.negativeELBO.toFixed(2)));
      """)
    #expect(numbers as? Bool == true, "−ELBO of both is the reports'.")
  }

  @Test("A hole of a table is filled in with numbers in the data's units")
  func table() async throws {
    try await explored.show("fill", run: 3, parameters: "&row=5")
    try await explored.page.wait(
      "Completions come", until: "document.querySelectorAll('#view-fill table td, #view-fill table th').length > 6")
    let text = try await explored.page.evaluate("return document.querySelector('#view-fill').innerText")
    #expect((text as? String)?.contains("turn") == true)
  }
}
