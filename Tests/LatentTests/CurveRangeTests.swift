import Foundation
import Latent
import Testing

/// Node.js, where it is installed.
private enum Node {
  static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/node" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// The range that curves are drawn in, as the pages' own script has it.
///
/// The script is run by Node.js, and these tests are left out where that is not installed.
@Suite(.enabled(if: Node.path != nil, "Node.js is not installed"))
struct CurveRangeTests {
  /// What `rangeWithoutStart` says of some lines; nil where everything is shown.
  private func range(_ lines: [[Double]], in page: String) throws -> [Double]? {
    let start = try #require(page.range(of: "/** The smallest and the largest number")).lowerBound
    let length = try #require(page.range(of: "function axis(")).lowerBound
    let body = try #require(page.range(of: "function rangeWithoutStart(")).lowerBound
    let end = try #require(page.range(of: "function curve(")).lowerBound
    let epochs = lines.map(\.count).max() ?? 0
    let program = """
      const data = { epochs: Array(\(epochs)).fill(0) };
      \(page[start..<length])
      \(page[body..<end])
      console.log(JSON.stringify(rangeWithoutStart(\(lines))));
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Node.path))
    process.arguments = ["-e", program]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try JSONDecoder().decode([Double]?.self, from: answer)
  }

  /// The page of a run and the page of a comparison.
  private func pages() throws -> [String] {
    let text = #"{"part": "test", "rows": 1, "source": "digits", "samples": 2, "runs": [], "notes": []}"#
    let comparison = try JSONDecoder().decode(Comparison.self, from: Data(text.utf8))
    return [
      try ReportPage.html(ReportPageTests.content(), hasCharts: true),
      try ComparisonPage.html(comparison, hasCharts: true),
    ]
  }

  /// A line that comes down from one value to another within some epochs, and falls by 5 more to the end.
  private func line(from high: Double, to low: Double, within: Double, epochs: Int = 60) -> [Double] {
    (0..<epochs).map { low + (high - low) * exp(-Double($0) / within) - 5 * Double($0) / Double(epochs) }
  }

  @Test func `a line that starts far above is shown from where it has come down`() throws {
    for page in try pages() {
      let found = try #require(try range([line(from: 200, to: 100, within: 0.8)], in: page))
      #expect(found[0] < 95.1 && found[0] > 90 && found[1] > 99 && found[1] < 110)
    }
  }

  @Test func `one slow line among several does not decide the range by its start`() throws {
    let quick = line(from: 130, to: 105, within: 0.5)
    let slow = line(from: 200, to: 108, within: 3)
    for page in try pages() {
      let found = try #require(try range([quick, slow, quick], in: page))
      #expect(found[0] < 100.1 && found[0] > 95 && found[1] > 108 && found[1] < 135, "\(found)")
    }
  }

  @Test func `a short line beside a long one loses the start of itself`() throws {
    let long = line(from: 110, to: 105, within: 5, epochs: 400)
    let short = line(from: 250, to: 104, within: 0.4, epochs: 30)
    let found = try #require(try range([long, short], in: pages()[1]))
    #expect(found[1] < 130, "\(found)")
  }

  @Test func `what fits, comes down all the way or has few epochs is shown in full`() throws {
    for page in try pages() {
      #expect(try range([line(from: 105, to: 100, within: 5)], in: page) == nil)
      #expect(try range([line(from: 200, to: 100, within: 40)], in: page) == nil)
      #expect(try range([line(from: 200, to: 100, within: 0.5, epochs: 12)], in: page) == nil)
    }
  }
}
