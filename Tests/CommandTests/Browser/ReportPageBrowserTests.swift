import Foundation
import Testing

@Suite("A run's page in a browser", .enabled(if: WebDriver.path != nil, "needs Chromium and its driver"))
struct ReportPageBrowserTests {
  @Test("The report draws its charts, complains of nothing, and is open to all, light and dark, wide and narrow")
  func report() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try Command.succeed(["train", "--out", "run"] + Command.tiny, in: scratch.path)
    let page = try await BrowserPage(in: scratch.path)
    do {
      try await page.open("file://\(scratch.path)/run/report/index.html")
      for (width, isDark) in [(1280, false), (390, true)] {
        try await page.show(width: width, height: 900, dark: isDark)
        try await page.wait(
          "Charts are drawn", until: "document.querySelectorAll('.js-plotly-plot .main-svg').length > 0")
        try await page.expectFit("The report", width: width)
      }
      let complaints = try await page.complaints()
      #expect(complaints.isEmpty)
    } catch {
      await page.close()
      throw error
    }
    await page.close()
  }
}
