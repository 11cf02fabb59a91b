import Foundation
import Testing

@Suite("Runs row by row")
struct RowComparisonTests {
  private static func train(_ name: String, _ settings: String..., in scratch: Scratch) throws {
    try Command.succeed(
      ["train", "--out", name] + Command.tiny + settings.flatMap { ["--set", $0] }, in: scratch.path)
  }

  /// The one difference that a comparison of two runs has.
  private static func difference(_ runs: String..., options: [String] = ["--on", "digits"], in scratch: Scratch) throws
    -> (entry: [String: Any], all: [String: Any])
  {
    let object = try Command.succeed(
      ["compare"] + runs + options + ["--samples", "8", "--threads", "1", "--json"], in: scratch.path
    ).object()
    let all = try #require(object["differences"] as? [String: Any])
    let entries = try #require(all["entries"] as? [[String: Any]])
    return (try #require(entries.first), all)
  }

  private static func paired(_ entry: [String: Any], _ name: String = "negativeLogLikelihood") throws -> (
    mean: Double, error: Double, unpaired: Double, interval: [Double]
  ) {
    let found = try #require(entry[name] as? [String: Any])
    return try (
      #require(found["mean"] as? Double), #require(found["standardError"] as? Double),
      #require(found["unpairedError"] as? Double), #require(found["interval"] as? [Double])
    )
  }

  @Test("The mean of the differences is the difference of the means, and its error is that of pairs")
  func means() throws {
    try Scratch.with { scratch in
      try Self.train("short", in: scratch)
      try Self.train("long", "training.epochs=30", in: scratch)
      let (entry, all) = try Self.difference("short", "long", in: scratch)
      #expect(all["reference"] as? String == "short" && all["measure"] as? String == "probability")
      for name in ["negativeLogLikelihood", "negativeELBO"] {
        let found = try Self.paired(entry, name)
        let alone = try ["long", "short"].map { run in
          try #require(
            try Command.succeed(["evaluate", run, "--samples", "8", "--threads", "1", "--json"], in: scratch.path)
              .object()[name] as? Double)
        }
        #expect(abs(found.mean - (alone[0] - alone[1])) < 1e-9, "\(name)")
        #expect(found.error > 0 && found.error < found.unpaired, "Rows vary together.")
        #expect(found.interval[0] < found.mean && found.mean < found.interval[1] && found.interval[1] < 0)
      }
      let text = try Command.succeed(
        [
          "compare", "short", "long", "--on", "digits", "--samples", "8", "--against", "best", "--out", "page.html",
        ], in: scratch.path
      ).output
      #expect(text.contains("Row by row on these 180 rows, each run less long:"))
      #expect(text.contains("short  worse") && text.contains("95 % interval"))
      let page = try scratch.text("page.html")
      #expect(page.contains("id=\"differences\"") && page.contains("difference-dots"))
    }
  }

  @Test("A difference that is none is said to be within noise")
  func noise() throws {
    try Scratch.with { scratch in
      try Self.train("one", in: scratch)
      try Self.train("same", in: scratch)
      let text = try Command.succeed(
        ["compare", "one", "same", "--on", "digits", "--samples", "4", "--out", "p.html"], in: scratch.path
      ).output
      #expect(text.contains("The difference between same and one is within noise"))
      #expect(try scratch.text("p.html").contains("is within noise"))
      #expect(try Self.paired(Self.difference("one", "same", in: scratch).entry).mean == 0)
    }
  }

  @Test("Densities under different scalings are compared in the data's own units")
  func jacobian() throws {
    try Scratch.with { scratch in
      // Factor analysis follows any scaling of the columns: in the data's units it is the same model.
      var text = "a,b,c,d\n"
      for row in 0..<80 {
        func wave(_ k: Double) -> Double { sin(Double(row) * k + k * k) }
        let factor = wave(1.7)
        text +=
          "\(10 * factor + wave(0.9)),\(300 + 5 * factor + 4 * wave(2.3)),\(0.2 * factor + 0.1 * wave(3.1)),\(wave(0.31))\n"
      }
      try scratch.write(text, to: "t.csv")
      for scaling in ["standard", "none"] {
        try Command.succeed(
          [
            "train", "t.csv", "--preset", "factor-analysis", "--out", scaling, "--set", "data.scaling=\(scaling)",
            "--set",
            "threads=1", "--set", "model.latents=1", "--set", "model.likelihood.varianceFloor=1e-9",
          ], in: scratch.path)
      }
      let (entry, all) = try Self.difference("standard", "none", options: ["--on", "t.csv"], in: scratch)
      #expect(all["isRescaled"] as? Bool == true && all["measure"] as? String == "density")
      // EM stops when an iteration brings less than 1e-8 nats, and single precision holds the weights.
      let found = try Self.paired(entry)
      #expect(abs(found.mean) < 0.02, "\(found)")
      let shown = try Command.succeed(
        ["compare", "standard", "none", "--on", "t.csv", "--samples", "4"], in: scratch.path)
      #expect(shown.output.contains("ln |scale| counted") && shown.output.contains("do not compare"))
      let scaled = try ["standard", "none"].map {
        try #require(
          try Command.succeed(["evaluate", $0, "--samples", "4", "--json"], in: scratch.path).object()[
            "exactLogLikelihood"] as? Double)
      }
      #expect(abs(scaled[0] - scaled[1]) > 0.5, "As scaled they are different numbers.")
    }
  }

  @Test("Runs whose numbers are of different things are refused in one sentence")
  func refusals() throws {
    try Scratch.with { scratch in
      try Self.train("levels", in: scratch)
      try Self.train("density", "model.likelihood=gaussian", in: scratch)
      try Self.train("score", "model.likelihood=bernoulli", "data.scaling=unit", in: scratch)
      try Self.train("black", "model.likelihood=bernoulli", "data.binarization=fixed", "data.scaling=unit", in: scratch)
      try Self.train("point", "model.posterior=point", "objective=reconstruction", in: scratch)
      func refused(_ runs: String..., says words: String...) throws {
        try Refusal(call: ["compare"] + runs + ["--on", "digits"], says: words, code: 1).expect(in: scratch)
      }
      try refused("levels", "density", says: "probabilities", "densities", "'density'")
      try refused("density", "score", says: "densities", "scores that are no density")
      try refused("levels", "black", says: "black and white differently")
      try refused("levels", "point", says: "'point'", "no density")
      try refused("levels", says: "at least two")
      try refused("levels", "none", says: "'none'")
      try Refusal(
        call: ["compare", "levels", "density", "--on", "missing.csv"], says: ["missing.csv"], code: 1
      ).expect(in: scratch)
      try scratch.write(Sample.npy(rows: 3, columns: 64), to: "few.npy")
      try Refusal(call: ["compare", "levels", "density", "--on", "few.npy"], says: ["few.npy"], code: 1)
        .expect(in: scratch)
      try scratch.write(Sample.npy(rows: 9, columns: 13), to: "wide.npy")
      try Refusal(call: ["compare", "levels", "density", "--on", "wide.npy"], says: ["'levels'", "wide.npy"], code: 1)
        .expect(in: scratch)
      try Refusal(call: ["compare", "levels", "./levels/", "--on", "digits"], says: ["levels'", "twice"], code: 1)
        .expect(in: scratch)
      try Refusal(call: ["compare", "levels", "--on", ""], says: ["--on"], code: 2).expect(in: scratch)
      try Refusal(
        call: ["compare", "levels", "density", "--on", "digits", "--against", "worst"], says: ["worst"], code: 2
      ).expect(in: scratch)
      try Refusal(call: ["compare", "levels", "density", "--against", "best"], says: ["--against", "--on"], code: 2)
        .expect(in: scratch)
      try Command.succeed(["compare", "levels", "density", "point", "--samples", "2"], in: scratch.path)
    }
  }

  @Test("A run by Oja's rule has its largest angle beside it, and an autoencoder no estimator")
  func angle() throws {
    try Scratch.with { scratch in
      let settings = ["--set", "threads=1", "--set", "data={validation: 0.1, test: 0.1}"]
      for preset in ["oja", "ppca"] {
        try Command.succeed(
          ["train", "digits", "--preset", preset, "--out", preset, "--set", "training.epochs=3"] + settings,
          in: scratch.path)
      }
      let text = try Command.succeed(
        ["compare", "oja", "ppca", "--samples", "2", "--out", "p.html"], in: scratch.path
      ).output
      #expect(text.contains("largest angle") && text.contains("°"))
      let page = try scratch.text("p.html")
      #expect(page.contains("largest angle") && page.contains("counted as epochs"))
      try Self.train("point", "model.posterior=point", "objective=reconstruction", in: scratch)
      let alone = try Command.succeed(["compare", "point", "--samples", "2", "--json"], in: scratch.path)
      #expect(!alone.output.contains("largestAngle"))
      #expect(
        !(try Command.succeed(["compare", "point", "--samples", "2"], in: scratch.path).output.contains(
          "reparametrized")))
    }
  }
}
