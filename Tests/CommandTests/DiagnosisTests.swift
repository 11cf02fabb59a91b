import Foundation
import Testing

@Suite("Faults of trained models")
struct DiagnosisTests {
  /// A training with a fault, and what shows it.
  struct Faulty: Sendable, CustomTestStringConvertible {
    let fault: String
    /// What the warning has to name.
    let words: [String]
    let settings: [String]
    var part = "validation"
    var testDescription: String { "\(fault), by \(settings.joined(separator: " "))" }
  }

  private static let small = [
    "threads=1", "model.encoder.hidden=[64]", "model.decoder.hidden=[64]", "training.divergenceSchedule=constant",
    "evaluation.samples=10",
  ]

  static let all = [
    Faulty(
      fault: "collapse", words: ["effective β 30", "objective.divergenceWeight=1", "0 of 8"],
      settings: ["training.epochs=12", "objective.divergenceWeight=30", "data.rows=400"]),
    Faulty(
      fault: "collapse",
      words: [
        "0 of 8", "use a smaller objective.totalCorrelationWeight than 40, ", "or a smaller objective.divergenceWeight",
      ],
      settings: [
        "training.epochs=12", "data.rows=400",
        "objective={kind: beta-tcvae, totalCorrelationWeight: 40, mutualInformationWeight: 30, dimensionWiseWeight: 30}",
      ]),
    Faulty(
      fault: "ignored-latents", words: ["codes of other rows cost", "model.decoder"],
      settings: [
        "data.rows=50", "training.batch=25", "training.epochs=40", "objective.divergenceWeight=0.1",
        "training.patience=0",
      ]),
    Faulty(
      fault: "idle-latents", words: ["of 40 vary with x", "model.latents="],
      settings: [
        "training.epochs=40", "model.latents=40", "objective.divergenceWeight=3",
        "training.optimizer.learningRate=0.003",
      ]),
    Faulty(
      fault: "unfinished-schedule", words: ["effective β was 0.00 at the last step", "training.divergenceSchedule"],
      settings: ["training.epochs=10", "data.rows=400", "training.divergenceSchedule={kind: cosine, warmUp: 2}"]),
    Faulty(
      fault: "variance-floor", words: ["model.likelihood.varianceFloor"],
      settings: [
        "training.epochs=15", "model.likelihood={kind: gaussian, variance: per-dimension, varianceFloor: 0.01}",
        "training.optimizer.learningRate=0.01",
      ]),
    Faulty(
      fault: "posterior-clamp", words: ["log σ²", "model.posterior.minimumLogVariance"],
      settings: [
        "training.epochs=20", "objective.divergenceWeight=0.0001",
        "model.posterior={kind: diagonal-gaussian, minimumLogVariance: -4}",
      ]),
    Faulty(
      fault: "overfit", words: ["−ELBO is higher by", "training.patience"],
      settings: [
        "data.rows=40", "data.validation=0", "training.batch=20", "training.epochs=600",
        "training.optimizer.learningRate=0.003",
      ], part: "test"),
  ]

  /// The faults that a command's JSON tells, each with its warning.
  private static func findings(_ object: [String: Any]) throws -> [String: String] {
    let diagnosis = try #require(object["diagnosis"] as? [String: Any])
    let found = try #require(diagnosis["findings"] as? [[String: Any]])
    let warnings = try #require(object["warnings"] as? [String])
    return try Dictionary(
      uniqueKeysWithValues: found.map { finding in
        let cause = try #require(finding["cause"] as? String)
        let warning = try #require(warnings.first { $0.hasPrefix(cause) }, "\(cause) is a warning.")
        for part in ["evidence", "remedy"] {
          #expect(warning.contains(try #require(finding[part] as? String)), "The warning has its \(part).")
        }
        return (try #require(finding["fault"] as? String), warning)
      })
  }

  @Test("A run that has a fault is told its cause, the figures and the setting to change", arguments: all)
  func faults(faulty: Faulty) throws {
    try Scratch.with { scratch in
      let settings = (Self.small + faulty.settings).flatMap { ["--set", $0] }
      let trained = try Command.succeed(["train", "--out", "run", "--json"] + settings, in: scratch.path)
      let evaluate = ["evaluate", "run", "--samples", "10", "--threads", "1", "--part", faulty.part]
      let judged = try Self.findings(Command.succeed(evaluate + ["--json"], in: scratch.path).object())
      let warning = try #require(judged[faulty.fault], "\(judged.keys) has it.")
      for word in faulty.words { #expect(warning.contains(word), "\(warning) says \(word).") }
      let text = try Command.succeed(evaluate, in: scratch.path).output
      #expect(text.contains("warning: \(warning)") && text.contains("codes shuffled"))
      guard faulty.part == "validation" else { return }
      #expect(try Self.findings(trained.object())[faulty.fault] != nil, "It is told at the end of training.")
      #expect(try scratch.text("run/report/index.html").contains(faulty.words[0]), "The page has it.")
    }
  }

  @Test("A collapse is told while it lasts in training, and at which epoch")
  func during() throws {
    try Scratch.with { scratch in
      let settings = (Self.small + Self.all[0].settings).flatMap { ["--set", $0] }
      let outcome = try Command.succeed(["train", "--out", "run"] + settings, in: scratch.path)
      var told = 0
      for line in outcome.errors.split(separator: "\n") {
        if line.hasPrefix("warning: epoch "), line.contains("has collapsed") { told += 1 }
      }
      #expect(told == 1, "It is told once: \(outcome.errors)")
    }
  }

  @Test("The digits with all defaults have none of the faults")
  func healthy() throws {
    try Scratch.with { scratch in
      let call = ["train", "--out", "run", "--json", "--set", "threads=1"]
      let trained = try Command.succeed(call, in: scratch.path)
      #expect(try Self.findings(trained.object()).isEmpty)
      for part in ["validation", "test", "training"] {
        let judged = try Command.succeed(
          ["evaluate", "run", "--samples", "20", "--threads", "1", "--part", part, "--json"], in: scratch.path
        ).object()
        #expect(try Self.findings(judged).isEmpty, "\(part)")
      }
      let text = try Command.succeed(["evaluate", "run", "--samples", "20", "--threads", "1"], in: scratch.path).output
      #expect(text.contains("codes shuffled") && text.contains("beyond training") && text.contains("effective β"))
    }
  }

  @Test("A decoder is not said to ignore latents that hardly tell anything of their rows yet")
  func early() throws {
    try Scratch.with { scratch in
      for seed in ["0", "1", "2"] {
        let settings = ["threads=1", "training.divergenceSchedule=constant", "training.epochs=1"]
        let call = ["train", "--out", seed, "--seed", seed, "--json"] + settings.flatMap { ["--set", $0] }
        let trained = try Command.succeed(call, in: scratch.path).object()
        let diagnosis = try #require(trained["diagnosis"] as? [String: Any])
        #expect(try #require(diagnosis["activeUnits"] as? Int) > 0, "There is something to ignore.")
        #expect(try Self.findings(trained)["ignored-latents"] == nil, "seed \(seed)")
      }
    }
  }

  @Test("Looking at a model while it is trained changes nothing of the training")
  func harmless() throws {
    try Scratch.with { scratch in
      // Looks begin after a fifth of all epochs: one run is stopped before the first of them, the other is not.
      let settings = (Self.small + ["data.rows=200", "model.latents=3"]).flatMap { ["--set", $0] }
      func train(_ name: String, epochs: Int) throws {
        try Command.succeed(
          ["train", "--out", name] + settings + ["--set", "training.epochs=\(epochs)", "--set", "training.patience=0"],
          in: scratch.path)
      }
      try train("parts", epochs: 2)
      for epochs in 3...8 {
        try Command.succeed(
          ["train", "--resume", "parts", "--set", "training.epochs=\(epochs)"], in: scratch.path)
      }
      try train("whole", epochs: 8)
      #expect(try scratch.bytes("whole/model.safetensors") == scratch.bytes("parts/model.safetensors"))
    }
  }
}
