import Foundation
import Testing

@Suite("Judging attributes")
struct JudgementTests {
  private static let judge = ["edit", "run", "--judge", "--threads", "1", "--steps", "3", "--out", "x.png"]

  private static func count(_ word: String, in text: String) -> Int { text.components(separatedBy: word).count - 1 }

  @Test("A judgement has its numbers, goes onto the page, and a second of the same attribute takes its place")
  func page() throws {
    try Scratch.withRun { scratch in
      let object = try Command.succeed(
        Self.judge + ["--attribute", "label=0", "label=6", "--json"], in: scratch.path
      ).object()
      let judgements = try #require(object["judgements"] as? [[String: Any]])
      #expect(judgements.map { $0["attribute"] as? String } == ["label=0", "label=6"])
      for judgement in judgements {
        #expect(judgement["rows"] as? [Int] == [128, 180, 180], "Training, validation and test rows.")
        let accuracy = try #require((judgement["score"] as? [String: Any])?["accuracy"] as? Double)
        #expect(accuracy > 0.9, "Frequencies alone give 0.9.")
        let points = try #require(judgement["points"] as? [[String: Any]])
        #expect(points.map { $0["amount"] as? Double } == [-2, 0, 2])
        for point in points {
          let mean = try #require(point["probability"] as? [String: Double])
          let (value, error) = (try #require(mean["value"]), try #require(mean["error"]))
          #expect((0...1).contains(value) && (0..<0.1).contains(error))
        }
        #expect((judgement["gains"] as? [Any])?.count == 2)
      }
      let text = try Command.succeed(
        Self.judge + ["--attribute", "label=6", "--amount", "1"], in: scratch.path
      ).output
      #expect(text.contains("λ = −1") && text.contains("originals") && text.contains("Report: run/report/index.html"))
      let page = try scratch.text("run/report/index.html")
      for name in ["label=0", "label=6"] { #expect(Self.count("Attribute: \(name)</h2>", in: page) == 1) }
      for picture in ["attribute-1.png", "attribute-2.png"] {
        #expect(Self.count("src=\"\(picture)\"", in: page) == 1)
        #expect(try scratch.bytes("run/report/\(picture)").starts(with: [0x89, 0x50, 0x4E, 0x47]))
      }
      #expect(!scratch.has("run/report/attribute-3.png"))
      #expect(page.contains("<h2 id=\"curves-title\">"), "What was on the page before is still there.")
    }
  }

  @Test("The judge sees nothing of the model: its answers on rows as they are do not depend on it")
  func independence() throws {
    try Scratch.withRun { scratch in
      try Command.succeed(["train", "--out", "other", "--seed", "1"] + Command.tiny, in: scratch.path)
      func judged(_ run: String) throws -> [String: Any] {
        let call = [
          "edit", run, "--judge", "--threads", "1", "--steps", "3", "--attribute", "label=0", "--out", "x.npy",
        ]
        let object = try Command.succeed(call + ["--json"], in: scratch.path).object()
        return try #require((object["judgements"] as? [[String: Any]])?.first)
      }
      let (first, second) = try (judged("run"), judged("other"))
      for key in ["originals", "score"] {
        #expect(first[key] as? NSDictionary == second[key] as? NSDictionary)
      }
      #expect(first["points"] as? NSArray != second["points"] as? NSArray)
    }
  }

  @Test("With more of an attribute's direction a trained model shows more of the attribute")
  func monotone() throws {
    try Scratch.with { scratch in
      try Command.succeed(
        ["train", "--out", "run"] + Command.tiny + [
          "--set", "data.rows=800", "--set", "training.epochs=30", "--set", "model.encoder.hidden=[64]", "--set",
          "model.decoder.hidden=[64]", "--set", "model.latents=8",
        ], in: scratch.path)
      let object = try Command.succeed(
        [
          "edit", "run", "--judge", "--threads", "1", "--steps", "5", "--attribute", "label=0", "--out", "x.png",
          "--json",
        ],
        in: scratch.path
      ).object()
      let judgement = try #require((object["judgements"] as? [[String: Any]])?.first)
      let gains = try #require(judgement["gains"] as? [[String: Double]]).compactMap { $0["value"] }
      #expect(gains.count == 4 && gains.allSatisfy { $0 > 0 }, "\(gains)")
      #expect(gains.reduce(0, +) > 0.5, "From hardly any zeros to mostly zeros.")
    }
  }

  @Test("A table's rows are judged too, without pictures")
  func table() throws {
    try Scratch.with { scratch in
      let rows = (0..<200).map { "\($0 % 2 == 0 ? $0 % 7 : 20 + $0 % 5),\($0 % 11)" }.joined(separator: "\n")
      try scratch.write("a,b\n\(rows)\n", to: "t.csv")
      try scratch.write("high\n" + (0..<200).map { "\($0 % 2)" }.joined(separator: "\n") + "\n", to: "l.csv")
      try Command.succeed(
        ["train", "t.csv", "--out", "run"] + Command.tiny + ["--set", "data.rows=0", "--set", "training.epochs=20"],
        in: scratch.path)
      let text = try Command.succeed(
        ["edit", "run", "--judge", "--attribute", "high", "--labels", "l.csv", "--out", "x.csv"], in: scratch.path
      ).output
      #expect(text.contains("right on 100.0 ± 0.0 % of 20 test rows"))
      #expect(try scratch.text("run/report/index.html").contains("Attribute: high</h2>"))
      #expect(!scratch.has("run/report/attribute-1.png"))
    }
  }

  @Test("What cannot be judged is refused")
  func refusals() throws {
    try Scratch.withRun { scratch in
      let call = ["edit", "run", "--judge", "--attribute", "label=0", "--out", "x.png"]
      try Refusal(call: call + ["--steps", "1"], says: ["--steps 1", "2 to"], code: 2).expect(in: scratch)
      let content = try scratch.bytes("run/report/content.json")
      try scratch.write(content.prefix(content.count / 2), to: "run/report/content.json")
      try Refusal(call: call, says: ["content.json"], code: 1).expect(in: scratch)
      try FileManager.default.removeItem(atPath: "\(scratch.path)/run/report/content.json")
      let alone = try Command.succeed(call, in: scratch.path)
      #expect(alone.output.contains("originals") && !alone.output.contains("Report"), "Without a page it is printed.")
      #expect(alone.errors.contains("latent train --resume run writes one"), "\(alone.errors)")
      try Command.succeed(["train", "--resume", "run"], in: scratch.path)
      #expect(try scratch.bytes("run/report/content.json").count == content.count)
    }
    try Scratch.with { scratch in
      try Command.succeed(["train", "--out", "run", "--set", "data.test=0"] + Command.tiny, in: scratch.path)
      let outcome = try Command.run(
        ["edit", "run", "--judge", "--attribute", "label=0", "--out", "x.png"], in: scratch.path)
      #expect(outcome.code == 1 && outcome.errors.contains("data.test"))
    }
  }

  @Test("The features of a probe's classifier serve the perceptual objective")
  func features() throws {
    try Scratch.withRun { scratch in
      let probe = ["probe", "run", "--epochs", "2", "--threads", "1"]
      let text = try Command.succeed(
        probe + ["--convolutional", "--attribute", "label=0", "--save", "f.safetensors"], in: scratch.path
      ).output
      #expect(text.contains("2 labels") && text.contains("f.safetensors"))
      #expect(try scratch.text("f.safetensors").contains("\"layers.1.weight\""))
      let settings = [
        "data.scaling=unit", "model.likelihood=bernoulli", "objective=perceptual", "objective.features=f.safetensors",
        "objective.perceptualWeight=0.1",
      ].flatMap { ["--set", $0] }
      let train = ["train", "digits", "--out", "seen"] + Command.tiny + settings
      let outcome = try Command.succeed(train, in: scratch.path)
      #expect(outcome.errors.contains(/−ELBO .*, perceptual \d/))
      #expect(try scratch.text("seen/config.yaml").contains("digest: "))
      #expect(try scratch.text("seen/report/index.html").contains("perceptual"))
      try FileManager.default.removeItem(atPath: "\(scratch.path)/f.safetensors")
      try Command.succeed(["sample", "seen", "--out", "s.png"], in: scratch.path)
      try Command.succeed(["evaluate", "seen", "--samples", "4"], in: scratch.path)
      try Refusal(
        call: ["train", "digits", "--out", "third"] + Command.tiny + settings, says: ["'f.safetensors'", "not exist"],
        code: 1
      ).expect(in: scratch)
      try Refusal("train", "--set", "objective=perceptual", says: ["objective.features"], code: 1).expect(in: scratch)
      try Refusal(call: probe + ["--save", "f.safetensors"], says: ["--convolutional"], code: 2).expect(in: scratch)
      try Refusal(call: probe + ["--convolutional", "--save", "f.pt"], says: [".safetensors"], code: 2).expect(
        in: scratch)
      try Refusal(call: probe + ["--labels", "l.csv"], says: ["--attribute"], code: 2).expect(in: scratch)
    }
  }
}
