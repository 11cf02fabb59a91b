import Foundation
import Testing

@Suite("The command's flow")
struct FlowTests {
  static let measures = [
    "rows", "negativeELBO", "reconstruction", "divergence", "negativeLogLikelihood", "standardError", "samples", "gap",
    "activeUnits", "latents", "bitsPerDimension", "divergencePerLatent",
  ]

  @Test("A run folder holds configuration, model, checkpoint, metrics, manifest and report")
  func runFolder() throws {
    try Scratch.with { scratch in
      let outcome = try Command.succeed(["train"] + Command.tiny, in: scratch.path)
      let run = "runs/digits-categorical-1"
      for name in [
        "config.yaml", "model.safetensors", "checkpoint/state.safetensors", "metrics.csv", "manifest.json",
        "report/index.html",
      ] { #expect(scratch.has("\(run)/\(name)"), "\(name) is there.") }
      #expect(outcome.output.contains("−ELBO") && outcome.output.contains("\(run)/report/index.html"))
      #expect(
        try scratch.text("\(run)/metrics.csv").split(separator: "\n").count == 3, "A header and a line for each epoch.")
      #expect(!scratch.names.contains { $0.hasSuffix(".part") }, "No unfinished file is left.")
    }
  }

  @Test("Without a terminal there are plain lines: no colours, no line that is drawn over")
  func plainLines() throws {
    try Scratch.with { scratch in
      let outcome = try Command.succeed(["train", "--out", "run"] + Command.tiny, in: scratch.path)
      #expect(outcome.errors.contains("epoch 2/2"))
      for text in [outcome.output, outcome.errors] {
        #expect(!text.contains("\u{1B}") && !text.contains("\r") && !text.contains("█"))
      }
    }
  }

  @Test("train --json prints one object with the run, its speed and the measures")
  func trainJSON() throws {
    try Scratch.with { scratch in
      let object = try Command.succeed(["train", "--json", "--out", "run"] + Command.tiny, in: scratch.path).object()
      for key in ["run", "epochs", "seconds", "rowsPerSecond", "best"] + Self.measures {
        #expect(object[key] != nil, "\(key) is there.")
      }
      #expect(object["run"] as? String == "run")
      #expect(object["epochs"] as? Int == 2)
      #expect(object["latents"] as? Int == 3)
    }
  }

  @Test("evaluate prints measures that fit together, as text and as one object")
  func evaluate() throws {
    try Scratch.withRun { scratch in
      let text = try Command.succeed(["evaluate", "run"], in: scratch.path).output
      for word in [
        "−ELBO", "−log p(x)", "gap", "mutual information", "ln N = 5.193", "aggregate", "total correlation",
        "latents alone", "active units", "bits per dimension", "180 test rows",
      ] {
        #expect(text.contains(word), "\(word) is in the text.")
      }
      let object = try Command.succeed(["evaluate", "run", "--samples", "8", "--json"], in: scratch.path).object()
      for key in Self.measures { #expect(object[key] != nil, "\(key) is there.") }
      func number(_ key: String) throws -> Double { try #require(object[key] as? Double) }
      #expect(object["rows"] as? Int == 180)
      #expect(object["samples"] as? Int == 8)
      #expect((object["divergencePerLatent"] as? [Double])?.count == 3)
      // Sums of numbers of a few hundred, in double precision and as decimal text.
      #expect(abs(try number("reconstruction") + number("divergence") - number("negativeELBO")) < 1e-9)
      #expect(abs(try number("negativeELBO") - number("negativeLogLikelihood") - number("gap")) < 1e-9)
      #expect(try number("gap") > 0)
      let split = try #require(object["divergenceSplit"] as? [String: Any])
      func part(_ key: String) throws -> Double { try #require(split[key] as? Double) }
      let parts = try part("mutualInformation") + part("totalCorrelation") + part("marginalDivergence")
      #expect(abs(try parts - number("divergence")) < 1e-9)
      #expect(try part("mutualInformationLimit") == log(180))
    }
  }

  @Test("A model whose measures are not finite though its training's terms were is a failure, and its run says so")
  func measuresNotFinite() throws {
    try Scratch.with { scratch in
      // Beyond the rows that training looks at once more lies one that its last step has put out of reach.
      let rows = (0..<1500).map { $0 == 1400 ? "1e17,1e17" : "\(sin(Double($0))),\(cos(Double(3 * $0)))" }
      try scratch.write("a,b\n" + rows.joined(separator: "\n") + "\n", to: "wild.csv")
      let settings = [
        "data={validation: 0, test: 0, scaling: none}", "model.likelihood=unit-gaussian", "model.latents=1",
        "model.encoder=linear", "model.decoder=linear", "training.epochs=1", "training.batch=1500", "threads=1",
        "training.optimizer={kind: sgd, learningRate: 1.0e-28, momentum: 0}", "evaluation.samples=5",
      ]
      let outcome = try Command.run(
        ["train", "wild.csv", "--out", "run"] + settings.flatMap { ["--set", $0] }, in: scratch.path)
      #expect(outcome.code == 1 && outcome.output.isEmpty)
      let sentence = "the reconstruction of the training rows is inf with the best weights, of epoch 1"
      #expect(outcome.errors.contains(sentence) && outcome.errors.contains("data.scaling"), "\(outcome.errors)")
      let manifest = try scratch.text("run/manifest.json")
      #expect(manifest.contains("\"failed\"") && manifest.contains(sentence))
    }
  }

  @Test("The same seed gives the same evaluation and the same samples, another seed others")
  func seeds() throws {
    try Scratch.withRun { scratch in
      func evaluation(_ seed: String) throws -> String {
        try Command.succeed(["evaluate", "run", "--seed", seed, "--samples", "4", "--json"], in: scratch.path).output
      }
      #expect(try evaluation("1") == evaluation("1"))
      #expect(try evaluation("1") != evaluation("2"))
      for (name, seed) in [("a.npy", "1"), ("b.npy", "1"), ("c.npy", "2")] {
        try Command.succeed(["sample", "run", "--count", "5", "--seed", seed, "--out", name], in: scratch.path)
      }
      #expect(try scratch.bytes("a.npy") == scratch.bytes("b.npy"))
      #expect(try scratch.bytes("a.npy") != scratch.bytes("c.npy"))
    }
  }

  @Test("sample and reconstruct write pictures, arrays and tables", arguments: ["png", "npy", "csv"])
  func writing(format: String) throws {
    try Scratch.withRun { scratch in
      let sample = try Command.succeed(["sample", "run", "--count", "5", "--out", "s.\(format)"], in: scratch.path)
      #expect(sample.output.contains("5 ") && sample.output.contains("s.\(format)"))
      let again = try Command.succeed(
        ["reconstruct", "run", "digits", "--count", "4", "--out", "r.\(format)", "--json"], in: scratch.path)
      #expect(try again.object()["rows"] as? Int == 4)
      let (samples, returned) = try (scratch.bytes("s.\(format)"), scratch.bytes("r.\(format)"))
      switch format {
      case "png": for file in [samples, returned] { #expect(file.starts(with: [0x89, 0x50, 0x4E, 0x47])) }
      case "npy":
        #expect(String(decoding: samples.prefix(128), as: UTF8.self).contains("(5, 8, 8"))
        #expect(String(decoding: returned.prefix(128), as: UTF8.self).contains("(4, 8, 8"))
      default:
        #expect(String(decoding: samples, as: UTF8.self).split(separator: "\n").count == 6)
        #expect(String(decoding: returned, as: UTF8.self).split(separator: "\n").count == 5)
      }
    }
  }

  @Test("encode writes means, deviations and labels as a table, and the means as an array")
  func encode() throws {
    try Scratch.withRun { scratch in
      let object = try Command.succeed(["encode", "run", "digits", "--out", "z.csv", "--json"], in: scratch.path)
        .object()
      #expect(object["rows"] as? Int == 1797)
      let lines = try scratch.text("z.csv").split(separator: "\n")
      #expect(lines.count == 1798)
      #expect(lines.first == "mean 1,mean 2,mean 3,deviation 1,deviation 2,deviation 3,label")
      try Command.succeed(["encode", "run", "digits", "--part", "test", "--out", "z.npy"], in: scratch.path)
      #expect(String(decoding: try scratch.bytes("z.npy").prefix(128), as: UTF8.self).contains("(180, 3"))
    }
  }

  @Test("list names every family, marks what is the default, and prints one object for machines")
  func list() throws {
    try Scratch.with { scratch in
      let text = try Command.succeed(["list"], in: scratch.path).output
      for word in ["presets", "mnist-small", "posteriors", "likelihoods", "bernoulli", "networks", "(default)"] {
        #expect(text.contains(word), "\(word) is listed.")
      }
      let object = try Command.succeed(["list", "likelihoods", "--json"], in: scratch.path).object()
      let entries = try #require(object["likelihoods"] as? [[String: Any]])
      #expect(entries.contains { $0["name"] as? String == "bernoulli" })
      #expect(entries.filter { $0["isDefault"] as? Bool == true }.count == 1)
    }
  }

  @Test("data says what a source is and what suits it, and draws a sheet of it")
  func data() throws {
    try Scratch.with { scratch in
      let text = try Command.succeed(["data", "digits", "--out", "sheet.png"], in: scratch.path).output
      for word in ["1797", "8 × 8", "0 to 16", "categorical", "sheet.png"] {
        #expect(text.contains(word), "\(word) is said.")
      }
      #expect(try scratch.bytes("sheet.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
      let object = try Command.succeed(["data", "digits", "--json"], in: scratch.path).object()
      #expect(object["rows"] as? Int == 1797)
      #expect(object["suggestedLikelihood"] as? String == "categorical")
    }
  }

  @Test("A run's config.yaml repeats it byte for byte, and a value laid over it does not")
  func configurationAgain() throws {
    try Scratch.withRun { scratch in
      try Command.succeed(["train", "--config", "run/config.yaml", "--out", "again"], in: scratch.path)
      #expect(try scratch.bytes("run/model.safetensors") == scratch.bytes("again/model.safetensors"))
      #expect(try scratch.bytes("run/config.yaml") == scratch.bytes("again/config.yaml"))
      try Command.succeed(["train", "--config", "run/config.yaml", "--seed", "5", "--out", "other"], in: scratch.path)
      #expect(try scratch.bytes("run/model.safetensors") != scratch.bytes("other/model.safetensors"))
    }
  }

  @Test("A file of one's own is trained, and read again by the model in its own units")
  func ownData() throws {
    try Scratch.with { scratch in
      let rows = (0..<60).map { "\($0 % 7),\(100 + $0 % 11)" }
      try scratch.write((["width,height"] + rows).joined(separator: "\n") + "\n", to: "sizes.csv")
      let settings = ["threads=1", "training.epochs=2", "training.batch=16", "model.latents=2", "evaluation.samples=4"]
      try Command.succeed(["train", "sizes.csv"] + settings.flatMap { ["--set", $0] }, in: scratch.path)
      try Command.succeed(
        ["reconstruct", "runs/sizes-1", "sizes.csv", "--mean", "--out", "back.csv"], in: scratch.path)
      let lines = try scratch.text("back.csv").split(separator: "\n")
      #expect(lines.first == "width,height" && lines.count == 61)
      let heights = try lines.dropFirst().map { try #require(Double($0.split(separator: ",")[1])) }
      #expect(heights.allSatisfy { (90...120).contains($0) }, "Heights come back as heights, not scaled.")
      let judged = try Command.succeed(["evaluate", "runs/sizes-1", "./sizes.csv"], in: scratch.path).output
      #expect(
        judged.contains("6 test rows"), "The run's own file, however it is spelled, is judged on rows kept for that.")
    }
  }
}
