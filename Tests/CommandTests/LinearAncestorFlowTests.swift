import Foundation
import Testing

/// The ancestors of the VAE behind its verbs.
@Suite struct LinearAncestorFlowTests {
  @Test(
    "A linear ancestor is trained, judged, sampled from and used by the verbs of a VAE",
    arguments: [
      "ppca", "factor-analysis", "oja",
    ])
  func verbs(preset: String) throws {
    try Scratch.with { scratch in
      let train = ["train", "digits", "--preset", preset, "--set", "threads=1", "--set", "training.epochs=4"]
      let opened = try Command.succeed(train + ["--out", "run"], in: scratch.path)
      #expect(opened.output.contains("exactly") && opened.errors.contains("exactNegativeLogLikelihood"))
      let judged = try Command.succeed(["evaluate", "run", "--samples", "4", "--json"], in: scratch.path).object()
      let exact = try #require(judged["exactLogLikelihood"] as? Double)
      let estimate = try #require(judged["negativeLogLikelihood"] as? Double)
      // Single precision, in 64 densities of pixels.
      #expect(abs(exact + estimate) < 1e-3)
      try Command.succeed(["sample", "run", "--count", "5", "--out", "s.npy"], in: scratch.path)
      try Command.succeed(["reconstruct", "run", "digits", "--count", "4", "--out", "r.png"], in: scratch.path)
      try Command.succeed(["encode", "run", "digits", "--out", "z.csv"], in: scratch.path)
      #expect(try scratch.text("z.csv").hasPrefix("mean 1,mean 2,deviation 1,deviation 2,label\n"))
      #expect(scratch.has("run/report/index.html") && scratch.has("s.npy") && scratch.has("r.png"))
    }
  }

  @Test("A fit of a linear model with another composition is refused before the data is looked for")
  func refusal() throws {
    try Scratch.with { scratch in
      let outcome = try Command.run(
        ["train", "missing.csv", "--preset", "ppca", "--set", "model.encoder=mlp"], in: scratch.path)
      #expect(outcome.code == 1 && outcome.errors.contains("model.encoder: training.fit ppca needs linear, not mlp"))
      Command.expectOneSentence(outcome)
    }
  }
}
