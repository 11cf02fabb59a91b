import Foundation
import Testing

/// What keeps people from using a page, as axe finds it by the rules of WCAG 2.2, levels A and AA.
///
/// - SeeAlso: W3C, “Web Content Accessibility Guidelines 2.2”, 2023.
enum Accessibility {
  /// The script that set-up fetches for tests.
  static let script: String? = {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return try? String(contentsOf: folder.appendingPathComponent(".test-tools/axe.min.js"), encoding: .utf8)
  }()

  /// Whether a page passes, in its present state.
  static func expectNoViolations(
    on page: BrowserPage, _ state: String, at location: SourceLocation = #_sourceLocation
  ) async throws {
    let script = try #require(script, "axe is there.", sourceLocation: location)
    try await page.evaluate("if (!window.axe) { \(script) }")
    let found = try await page.evaluate(
      """
      const options = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
      return axe.run(document, options).then((result) => result.violations.map((violation) =>
        `${violation.id}: ${violation.help}: ` + violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")));
      """)
    let violations = try #require(found as? [String], sourceLocation: location)
    #expect(violations.isEmpty, "\(state) has no violations.", sourceLocation: location)
  }
}

extension BrowserPage {
  /// Whether the page needs no more than its width, and passes where axe is there.
  func expectFit(_ name: String, width: Int) async throws {
    try await wait(
      "\(width) pixels are wide enough",
      until: "document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    if Accessibility.script != nil {
      try await Accessibility.expectNoViolations(on: self, "\(name) at \(width) pixels")
    }
  }
}
