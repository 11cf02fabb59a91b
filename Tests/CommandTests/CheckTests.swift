import Foundation
import Testing

@Suite("Checking samples")
struct CheckTests {
  private static let check = ["check", "run", "--threads", "1", "--samples", "200", "--classifiers", "1"]

  private static func count(_ word: String, in text: String) -> Int { text.components(separatedBy: word).count - 1 }

  /// Rows of three columns that a linear model with one latent describes exactly, by a fixed arithmetic.
  private static func table(_ rows: Int, holes: Bool = false) -> String {
    var state: UInt64 = 4711
    func normal() -> Double {
      (0..<12).reduce(-6.0) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Double(state >> 11) / 9_007_199_254_740_992
      }
    }
    let lines = (0..<rows).map { row in
      let z = normal()
      let cells = [10 + 3 * z + normal(), 0.5 - z + normal(), 200 + 40 * z + 30 * normal()]
      return holes && row % 10 == 0
        ? "\(cells[0]),,\(cells[2])" : cells.map { "\($0)" }.joined(separator: ",")
    }
    return "a,b,c\n" + lines.joined(separator: "\n") + "\n"
  }

  @Test("A check of pictures has its numbers, goes onto the page once, and gives the same for the same seed")
  func pictures() throws {
    try Scratch.withRun { scratch in
      let first = try Command.succeed(Self.check + ["--json"], in: scratch.path)
      let object = try first.object()
      let memorization = try #require(object["memorization"] as? [String: Any])
      #expect(memorization["trainingRows"] as? Int == 128 && memorization["heldOutRows"] as? Int == 180)
      #expect(memorization["samples"] as? Int == 200 && object["decoding"] as? String == "mean")
      let test = try #require(object["twoSampleTest"] as? [String: Any])
      #expect((test["trials"] as? [Any])?.count == 1)
      #expect(try #require(test["pValue"] as? Double) < 0.05, "Two epochs do not make digits.")
      for key in ["calibration", "reconstruction"] {
        let calibration = try #require(object[key] as? [String: Any])
        #expect((calibration["columns"] as? [Any])?.count == 64)
      }
      #expect(object["report"] as? String == "run/report/index.html")
      #expect(try Command.succeed(Self.check + ["--json"], in: scratch.path).output == first.output)
      let text = try Command.succeed(Self.check + ["--seed", "1"], in: scratch.path).output
      for word in ["copies of training rows", "told from rows", "calibration", "Report: run/report/index.html"] {
        #expect(text.contains(word))
      }
      let page = try scratch.text("run/report/index.html")
      for heading in ["Copies of training rows", "Samples told from rows", "Calibration"] {
        #expect(Self.count("\(heading)</h2>", in: page) == 1)
      }
      for picture in ["check-closest.png", "check-pixels.png"] {
        #expect(Self.count("src=\"\(picture)\"", in: page) == 1)
        #expect(try scratch.bytes("run/report/\(picture)").starts(with: [0x89, 0x50, 0x4E, 0x47]))
      }
      #expect(page.contains("<h2 id=\"curves-title\">"), "What was on the page before is still there.")
    }
  }

  @Test("The right model of a table with holes passes every check, and one that was hardly trained does not")
  func table() throws {
    try Scratch.with { scratch in
      try scratch.write(Self.table(1200, holes: true), to: "t.csv")
      let train = [
        "train", "t.csv", "--set", "threads=1", "--set", "data.missing=drop", "--set", "data.test=300", "--set",
        "data.splitSeed=1", "--set", "evaluation.samples=4",
      ]
      try Command.succeed(
        train + [
          "--preset", "factor-analysis", "--out", "run", "--set", "model.latents=1", "--set", "data.validation=0",
        ], in: scratch.path)
      let right = try Command.succeed(
        Self.check + ["--samples", "1000", "--classifiers", "3", "--json"], in: scratch.path
      ).object()
      let test = try #require(right["twoSampleTest"] as? [String: Any])
      #expect(try #require(test["pValue"] as? Double) > 0.01, "Told by chance alone in 1 %.")
      let calibration = try #require(right["calibration"] as? [String: Any])
      let columns = try #require(calibration["columns"] as? [[String: Any]])
      #expect(columns.map { $0["name"] as? String } == ["a", "b", "c"])
      #expect(columns.allSatisfy { $0["isRejected"] as? Bool == false })
      let memorization = try #require(right["memorization"] as? [String: Any])
      let copied = try #require((memorization["copied"] as? [String: Any])?["part"] as? [String: Double])
      #expect(abs(try #require(copied["value"])) < 4 * (try #require(copied["error"])))
      let text = try Command.succeed(Self.check, in: scratch.path).output
      #expect(text.contains("no sign of them") && text.contains("0 of 3 columns"))
      let page = try scratch.text("run/report/index.html")
      #expect(page.contains("training row</th>") && !page.contains("check-closest.png"))

      // Deviations of 1 around means that three epochs from 0 leave far off.
      try Command.succeed(
        train + [
          "--out", "wrong", "--set", "model.likelihood=unit-gaussian", "--set", "model.latents=1", "--set",
          "data.scaling=none", "--set", "training.epochs=3",
        ], in: scratch.path)
      let wrong = try Command.succeed(
        ["check", "wrong", "--threads", "1", "--samples", "1000", "--classifiers", "1"], in: scratch.path
      ).output
      #expect(wrong.contains("told from rows by classifiers: YES"))
      #expect(!wrong.contains("calibration: 0 of 3 columns"))
    }
  }

  @Test("An autoencoder that knows its few training rows by heart is found copying")
  func copies() throws {
    try Scratch.with { scratch in
      try Command.succeed(
        ["train", "--out", "run"] + Command.tiny + [
          "--set", "data.rows=60", "--set", "data.validation=0", "--set", "training.epochs=400", "--set",
          "model.encoder.hidden=[64]", "--set", "model.decoder.hidden=[64]", "--set", "objective=reconstruction",
          "--set",
          "model.posterior=point", "--set", "model.prior=fitted-gaussian", "--set", "model.likelihood=unit-gaussian",
        ], in: scratch.path)
      let text = try Command.succeed(Self.check + ["--samples", "500"], in: scratch.path).output
      #expect(text.contains("copies of training rows: YES"), "\(text)")
      #expect(text.contains("samples from fitted-gaussian"))
    }
  }

  @Test("What cannot be checked is refused")
  func refusals() throws {
    try Scratch.withRun { scratch in
      try Refusal("check", "run", "--samples", "5", says: ["--samples 5", "100 to"], code: 2).expect(in: scratch)
      try Refusal("check", "run", "--classifiers", "0", says: ["--classifiers 0", "1 to"], code: 2).expect(in: scratch)
      try Refusal("check", "none", says: ["'none'", "does not exist"], code: 1).expect(in: scratch)
      try Refusal("check", "run", "none.csv", says: ["none.csv"], code: 1).expect(in: scratch)
      try scratch.write(Self.table(30), to: "t.csv")
      try Refusal("check", "run", "t.csv", says: ["t.csv", "pictures of 8 × 8"], code: 1).expect(in: scratch)
      try FileManager.default.removeItem(atPath: "\(scratch.path)/run/report/content.json")
      // Without a page, and of a model's file alone, the check is what is printed.
      for run in ["run", "run/model.safetensors"] {
        let alone = try Command.succeed(
          ["check", run, "--samples", "100", "--classifiers", "1", "--threads", "1"], in: scratch.path)
        #expect(alone.output.contains("told from rows") && !alone.output.contains("Report"))
        #expect(alone.errors.contains("latent train --resume run writes one") == (run == "run"), "\(alone.errors)")
      }
      try Command.succeed(["train", "--resume", "run"], in: scratch.path)
      let again = try Command.succeed(["check", "run", "--samples", "100", "--classifiers", "1"], in: scratch.path)
      #expect(again.output.contains("Report: run/report/index.html"))
    }
    try Scratch.with { scratch in
      try scratch.write(Self.table(60), to: "t.csv")
      let train = [
        "train", "t.csv", "--set", "threads=1", "--set", "training.epochs=1", "--set", "model.latents=1", "--set",
        "training.batch=16",
      ]
      try Command.succeed(
        train + ["--out", "run", "--set", "data.test=0", "--set", "data.validation=0"], in: scratch.path)
      try Refusal("check", "run", says: ["data.test"], code: 1).expect(in: scratch)
      try scratch.write(Self.table(5), to: "few.csv")
      try Refusal("check", "run", "few.csv", says: ["few.csv", "at least 10"], code: 1).expect(in: scratch)
      try scratch.write(Self.table(80), to: "other.csv")
      try Command.succeed(["check", "run", "other.csv", "--samples", "100", "--classifiers", "1"], in: scratch.path)
    }
  }
}
