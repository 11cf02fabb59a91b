import Foundation
import Testing

/// The script behind `make reproduce`.
@Suite("Published results")
struct ReproductionTests {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Benchmarks/reproduce.py").standardized.path
  private static let page = "# Page\n\n## Published and obtained\n\n## After\n\nWords.\n"

  private func run(_ words: String..., data: String = "", in scratch: Scratch) throws -> Command.Outcome {
    try RunningProcess(
      "/usr/bin/env",
      ["DATA=\(data)", "LATENT=\(Command.path)", "python3", Self.script, "--threads", "1", "--page", "page.md"]
        + ["--work", "work"] + words, in: scratch.path
    ).outcome(within: 120)
  }

  @Test("A row is obtained, kept in the page and not made again unless forced")
  func rows() throws {
    try Scratch.with { scratch in
      try scratch.write(Self.page, to: "page.md")
      let outcome = try run("--rows", "ppca-digits-2", in: scratch)
      #expect(
        outcome.code == 0 && outcome.output.contains("| 0.005707 | 0.005707 | closed form | yes | "), "\(outcome)")
      let page = try scratch.text("page.md")
      #expect(
        page.hasPrefix("# Page\n\n## Published and obtained\n\n| what |") && page.hasSuffix("\n## After\n\nWords.\n"))
      #expect(page.contains(outcome.output.split(separator: "\n")[0]) && page.contains("| not yet |"))
      func stamp(_ name: String) throws -> Date? {
        try FileManager.default.attributesOfItem(atPath: "\(scratch.path)/\(name)")[.modificationDate] as? Date
      }
      let model = try #require(scratch.names.first { $0.hasSuffix("/model.safetensors") })
      let made = try stamp(model)
      #expect(try self.run("--rows", "ppca-digits-2", in: scratch).output == outcome.output)
      #expect(try stamp(model) == made && scratch.text("page.md") == page)
      #expect(try self.run("--rows", "ppca-digits-2", "--force", in: scratch).code == 0)
      #expect(try stamp(model) != made)
    }
  }

  @Test("What is missing or unknown is said in a sentence before any work")
  func refusals() throws {
    try Scratch.with { scratch in
      func refused(_ code: Int32, _ words: String..., data: String = "", says: String) throws {
        let before = scratch.names
        let outcome = try RunningProcess(
          "/usr/bin/env",
          ["DATA=\(data)", "LATENT=\(Command.path)", "python3", Self.script, "--page", "page.md", "--work", "work"]
            + words,
          in: scratch.path
        ).outcome(within: 60)
        #expect(outcome.code == code && outcome.errors.contains(says), "\(outcome)")
        #expect(outcome.errors.split(separator: "\n").count == 1 && scratch.names == before)
      }
      try refused(1, "--rows", "ppca-digits", says: "has no heading")
      try scratch.write(Self.page, to: "page.md")
      try refused(2, says: "DATA is not set")
      try refused(2, "--rows", "ppka", data: ".", says: "ROWS names 'ppka'")
      try refused(1, data: ".", says: "tabular/iris.csv', which is not there")
      try scratch.write("not JSON", to: "work/record.json")
      try refused(1, "--rows", "ppca-digits-2", says: "record.json' is not what was kept there")
    }
  }
}
