import Foundation
import Testing

@Suite("Sweeps")
struct SweepTests {
  private static let tiny = Command.tiny.enumerated().filter { index, word in
    let pair = index.isMultiple(of: 2) ? Command.tiny[index + 1] : word
    return !pair.hasPrefix("model.latents")
  }.map(\.element)

  private static func sweep(_ options: String...) -> [String] {
    ["sweep", "--samples", "4", "--out", "s"] + options + tiny
  }

  @Test(
    "Every combination is trained and judged on the same rows, and the choice is within one standard error of the best")
  func table() throws {
    try Scratch.with { scratch in
      let call = Self.sweep("--over", "model.latents=1,3", "--seeds", "0,1")
      let outcome = try Command.succeed(call, in: scratch.path)
      for word in ["model.latents", "less the best", "Best: latents=", "Choice: latents=", "test rows", "s/index.html"]
      {
        #expect(outcome.output.contains(word), "\(word) is printed.")
      }
      #expect(outcome.errors.contains("4 runs in s, 4 to train"))
      #expect(outcome.output.split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") }, "No line ends in blanks.")
      let folders = ["latents=1,seed=0", "latents=1,seed=1", "latents=3,seed=0", "latents=3,seed=1"]
      for folder in folders { #expect(scratch.has("s/\(folder)/report/index.html"), "\(folder) is a run.") }
      let before = try folders.map { try scratch.bytes("s/\($0)/manifest.json") }
      let again = try Command.succeed(call + ["--json"], in: scratch.path)
      #expect(again.errors.contains("all done before"))
      #expect(try folders.map { try scratch.bytes("s/\($0)/manifest.json") } == before, "Nothing is trained again.")
      let object = try again.object()
      let points = try #require(object["points"] as? [[String: Any]])
      #expect(points.map { $0["values"] as? [String] } == [["1"], ["3"]])
      let runs = try #require(object["runs"] as? [[String: Any]])
      for (index, point) in points.enumerated() {
        let own = runs.filter { $0["values"] as? [String] == point["values"] as? [String] }
        let values = own.compactMap { ($0["evaluation"] as? [String: Any])?["negativeLogLikelihood"] as? Double }
        #expect(values.count == 2)
        let mean = try #require(point["negativeLogLikelihood"] as? Double)
        #expect(abs(mean - values.reduce(0, +) / 2) < 1e-9, "point \(index)")
      }
      let chosen = try #require(points.first { $0["name"] as? String == object["chosen"] as? String })
      if let difference = chosen["difference"] as? [String: Any] {
        let (mean, error) = (difference["mean"] as? Double ?? .nan, difference["standardError"] as? Double ?? .nan)
        #expect(mean <= error)
      } else {
        #expect(object["best"] as? String == object["chosen"] as? String)
      }
      let page = try scratch.text("s/index.html")
      #expect(page.contains("latents=3") && !page.contains("http://") && !page.contains("https://"))
      // More values are added to the same folder, and the old runs stay.
      let more = try Command.succeed(Self.sweep("--over", "model.latents=1,3,5", "--seeds", "0,1"), in: scratch.path)
      #expect(more.errors.contains("6 runs in s, 2 to train"))
    }
  }

  @Test("A run of a sweep is the run that train makes of the same configuration")
  func same() throws {
    try Scratch.with { scratch in
      try Command.succeed(Self.sweep("--over", "model.latents=3"), in: scratch.path)
      try Command.succeed(["train", "--out", "alone"] + Command.tiny, in: scratch.path)
      #expect(try scratch.bytes("s/latents=3/model.safetensors") == scratch.bytes("alone/model.safetensors"))
    }
  }

  @Test("A run that fails is reported and does not end the others")
  func failure() throws {
    try Scratch.with { scratch in
      let call = Self.sweep("--over", "training.optimizer.learningRate=0.001,1e30")
      for _ in 0..<2 {
        let outcome = try Command.run(call, in: scratch.path)
        #expect(outcome.code == 1)
        let last = try #require(outcome.errors.split(separator: "\n").last)
        Command.expectSentence("\(last)\n")
        #expect(last.contains("1 of 2 runs failed") && last.contains("learningRate=1e30"))
        #expect(outcome.output.contains("Best: learningRate=0.001"))
      }
    }
  }

  @Test("Ctrl-C stops all runs with everything saved, and the same call goes on to the same bytes")
  func interruption() throws {
    try Scratch.with { scratch in
      let call =
        ["sweep", "--over", "model.latents=2,4,6", "--samples", "4", "--out", "s", "--at-once", "2"]
        + InterruptionTests.settings.enumerated().filter { index, word in
          let pair = index.isMultiple(of: 2) ? InterruptionTests.settings[index + 1] : word
          return !pair.hasPrefix("model.latents") && !pair.hasPrefix("training.epochs")
        }.map(\.element) + ["--set", "training.epochs=300"]
      let running = try Command.start(call, in: scratch.path)
      try #require(
        running.wait {
          ["2", "4"].allSatisfy {
            let log = FileManager.default.contents(atPath: "\(scratch.path)/s/logs/latents=\($0).txt")
            return log.map { String(decoding: $0, as: UTF8.self).contains("epoch ") } ?? false
          }
        }, "Two runs start: \(running.errors)")
      running.send(SIGINT)
      let outcome = try running.outcome(within: 30)
      #expect(outcome.code == 130 && outcome.errors.contains("The same call goes on"), "\(outcome.errors)")
      for latents in ["2", "4"] {
        #expect(try scratch.text("s/latents=\(latents)/manifest.json").contains("\"interrupted\""))
      }
      #expect(!scratch.has("s/latents=6"), "The third was not begun.")
      try Command.succeed(call, in: scratch.path)
      try Command.succeed(
        ["train", "--out", "whole"] + InterruptionTests.settings + ["--set", "training.epochs=300"], in: scratch.path)
      #expect(try scratch.bytes("s/latents=4/model.safetensors") == scratch.bytes("whole/model.safetensors"))
    }
  }

  @Test(
    "What makes no sense is refused before anything is trained",
    arguments: [
      Refusal(call: sweep("--over", "model.latentz=2,3"), says: ["model.latentz", "nearest is 'latents'"], code: 2),
      Refusal(call: sweep("--over", "model.latents=2,-3"), says: ["model.latents", "-3"], code: 2),
      Refusal(call: sweep("--over", "model.latents="), says: ["model.latents", "empty"], code: 2),
      Refusal(call: sweep("--over", "model.latents=2,,3"), says: ["empty"], code: 2),
      Refusal(call: sweep("--over", "model.latents=2,2"), says: ["twice"], code: 2),
      Refusal(call: sweep("--over", "model.latents"), says: ["KEY=VALUE"], code: 2),
      Refusal(call: sweep("--over", "model.latents=2", "--over", "model.latents=3"), says: ["twice"], code: 2),
      Refusal(call: sweep("--over", "model.latents=2", "--set", "model.latents=3"), says: ["overruled"], code: 2),
      Refusal(call: sweep("--over", "seed=1,2"), says: ["--seeds"], code: 2),
      Refusal(call: sweep("--over", "evaluation.samples=10,20"), says: ["--set"], code: 2),
      Refusal(call: sweep("--over", "data.splitSeed=1,2"), says: ["different validation rows"], code: 1),
      Refusal(call: sweep("--over", "model.likelihood=categorical,gaussian"), says: ["probabilities", "densities"]),
      Refusal(call: sweep("--over", "model.latents=2,3", "--set", "data.validation=0"), says: ["data.validation=0.1"]),
      Refusal(call: sweep("--over", "model.latents=2,2.0"), says: ["the same run"]),
      Refusal(call: sweep("--over", "model.latents=2,3", "--preset", "none"), says: ["'none'"], code: 2),
      Refusal(call: sweep("missing.csv", "--over", "model.latents=2"), says: ["missing.csv"], code: 1),
      Refusal(call: sweep("", "--over", "model.latents=2"), says: ["SOURCE is empty"], code: 2),
      Refusal(call: sweep("--over", "model.latents=2", "--seeds", "a"), says: ["'a'"], code: 2),
      Refusal(call: sweep("--over", "model.latents=2", "--at-once", "0"), says: ["--at-once"], code: 2),
      Refusal(call: sweep(), says: ["--over"], code: 2),
    ])
  func refusals(refusal: Refusal) throws { try Scratch.with { try refusal.expect(in: $0) } }

  @Test("A folder that holds something else, or other runs, is left as it is")
  func foreign() throws {
    try Scratch.with { scratch in
      try scratch.write("notes", to: "s/notes.txt")
      try Refusal(call: Self.sweep("--over", "model.latents=2"), says: ["'s'", "no folder of a sweep"], code: 1).expect(
        in: scratch)
      try FileManager.default.removeItem(atPath: "\(scratch.path)/s")
      try Command.succeed(Self.sweep("--over", "model.latents=2"), in: scratch.path)
      try Refusal(
        call: Self.sweep("--over", "model.latents=2") + ["--set", "training.epochs=3"],
        says: ["latents=2", "training.epochs"], code: 1
      ).expect(in: scratch)
    }
  }
}
