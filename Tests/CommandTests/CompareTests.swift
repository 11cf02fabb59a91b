import Foundation
import Testing

@Suite("Runs side by side")
struct CompareTests {
  private static func train(_ name: String, _ settings: String..., in scratch: Scratch) throws {
    try Command.succeed(
      ["train", "--out", name] + Command.tiny + settings.flatMap { ["--set", $0] }, in: scratch.path)
  }

  @Test("Runs are judged on the same rows as evaluate judges each, in a table, as JSON and on a page")
  func table() throws {
    try Scratch.with { scratch in
      try Self.train("plain", in: scratch)
      try Self.train("score", "objective.estimator=score-function", in: scratch)
      let compare = ["compare", "plain", "score", "--samples", "8", "--threads", "1"]
      let text = try Command.succeed(compare + ["--gradients", "4", "--out", "page.html"], in: scratch.path).output
      for word in ["plain", "score-function", "−ELBO", "−log p(x)", "test rows", "detached", "biased", "encoder"] {
        #expect(text.contains(word), "\(word) is printed.")
      }
      let object = try Command.succeed(compare + ["--json"], in: scratch.path).object()
      let runs = try #require(object["runs"] as? [[String: Any]])
      #expect(runs.map { $0["run"] as? String } == ["plain", "score"])
      #expect(runs.map { $0["epochs"] as? Int } == [2, 2])
      for run in runs {
        let name = try #require(run["run"] as? String)
        let alone = try Command.succeed(
          ["evaluate", name, "--samples", "8", "--threads", "1", "--json"], in: scratch.path
        ).object()
        let here = try #require(run["evaluation"] as? [String: Any])
        #expect(here["negativeELBO"] as? Double == alone["negativeELBO"] as? Double)
        #expect(here["negativeLogLikelihood"] as? Double == alone["negativeLogLikelihood"] as? Double)
        let curves = try #require(run["curves"] as? [String: [Double]])
        #expect(curves["training"]?.count == 2 && curves["validation"]?.count == 2)
      }
      let page = try scratch.text("page.html")
      #expect(page.contains("Variance of the gradients") && page.contains("validation-curves"))
      #expect(!page.contains("http://") && !page.contains("https://"), "The page opens without a network.")
      #expect(scratch.has("plotly.min.js"))
    }
  }

  @Test("Exact likelihoods stand side by side, and of a run that has none there is a dash")
  func exact() throws {
    try Scratch.with { scratch in
      let share = ["--set", "data={validation: 0.1, test: 0.1}", "--set", "threads=1"]
      for preset in ["ppca", "factor-analysis"] {
        try Command.succeed(["train", "digits", "--preset", preset, "--out", preset] + share, in: scratch.path)
      }
      try Self.train("vae", in: scratch)
      let text = try Command.succeed(
        ["compare", "ppca", "factor-analysis", "--samples", "4", "--out", "page.html"], in: scratch.path
      ).output
      let page = try scratch.text("page.html")
      for preset in ["ppca", "factor-analysis"] {
        let judged = try Command.succeed(["evaluate", preset, "--samples", "4", "--json"], in: scratch.path).object()
        let exact = -(try #require(judged["exactLogLikelihood"] as? Double))
        #expect(text.contains(String(format: "%.6f", exact).replacing("-", with: "−")), "\(exact) is printed: \(text)")
        #expect(page.contains(String(format: "%.6f", abs(exact))), "\(exact) is on the page.")
      }
      #expect(text.contains("exactly") && page.contains("exactly"))
      let mixed = try Command.succeed(["compare", "ppca", "vae", "--part", "all", "--samples", "4"], in: scratch.path)
      #expect(mixed.output.contains("exactly") && mixed.output.contains("–"))
      let plain = try Command.succeed(["compare", "vae", "--samples", "4"], in: scratch.path)
      #expect(!plain.output.contains("exactly"))
    }
  }

  @Test("Runs without the same rows, and what is no run, are refused")
  func refusals() throws {
    try Scratch.with { scratch in
      try Self.train("one", in: scratch)
      try Self.train("two", "data.splitSeed=1", in: scratch)
      try Refusal("compare", "one", "two", says: ["'one'", "'two'", "data.splitSeed"], code: 1).expect(in: scratch)
      try Refusal("compare", "one", "two", "one", says: ["'one'", "twice"], code: 1).expect(in: scratch)
      try Refusal("compare", "one", "none", says: ["'none'"], code: 1).expect(in: scratch)
      try Refusal("compare", says: ["<run>"], code: 2).expect(in: scratch)
      try Refusal("compare", "one", "--gradients", "3", says: ["--gradients 3"], code: 2).expect(in: scratch)
      try Refusal("compare", "one", "--out", "page.png", says: [".html"], code: 2).expect(in: scratch)
      try Command.succeed(["compare", "one", "two", "--part", "all", "--samples", "2"], in: scratch.path)
    }
  }

  @Test("A run by the score function that is interrupted goes on exactly")
  func resume() throws {
    try Scratch.with { scratch in
      let score = "objective.estimator=score-function"
      try Self.train("whole", score, "training.epochs=3", in: scratch)
      try Self.train("parts", score, "training.epochs=1", in: scratch)
      try Command.succeed(["train", "--resume", "parts", "--set", "training.epochs=3"], in: scratch.path)
      let weights = try ["whole", "parts"].map { try scratch.bytes("\($0)/model.safetensors") }
      #expect(weights[0] == weights[1])
    }
  }
}
