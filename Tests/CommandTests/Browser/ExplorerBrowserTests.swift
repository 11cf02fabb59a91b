import Foundation
import Testing

/// The digits, and a table of three columns.
private let digits = [
  "--set", "threads=1", "--set", "training.epochs=12", "--set", "data.rows=800", "--set", "model.latents=4",
]

@Suite(
  "The explorer's page in a browser", .serialized, .enabled(if: WebDriver.path != nil, "needs Chromium and its driver"),
  .exploring([digits]))
struct ExplorerBrowserTests {
  let explored: Explored
  var page: BrowserPage { explored.page }

  init() throws { explored = try #require(Explored.current) }

  @Test(
    "Every view stands at two widths in two themes, complains of nothing, and is open to all",
    arguments: ["map", "sliders", "manifold", "morph", "fill", "edit", "judge", "training"])
  func stands(view: String) async throws {
    for (width, isDark) in [(1280, false), (390, true)] {
      try await explored.show(view, width: width, dark: isDark)
      try await page.expectFit(view, width: width)
    }
    let complaints = try await page.complaints()
    #expect(complaints.isEmpty)
  }
}
