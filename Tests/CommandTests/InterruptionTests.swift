import Foundation
import Testing

@Suite("Training that is cut short")
struct InterruptionTests {
  /// A run of a second or two.
  static let settings = [
    "threads=1", "data.rows=512", "training.epochs=200", "training.batch=32", "training.patience=0",
    "training.divergenceSchedule=constant", "model.latents=4", "model.encoder.hidden=[64]", "model.decoder.hidden=[64]",
    "evaluation.samples=4",
  ].flatMap { ["--set", $0] }

  /// Trains without a pause, and gives the model's bytes.
  static func uninterrupted(_ scratch: Scratch, _ settings: [String]) throws -> Data {
    try Command.succeed(["train", "--out", "whole"] + settings, in: scratch.path)
    return try scratch.bytes("whole/model.safetensors")
  }

  @Test(
    "Ctrl-C and a polite kill save everything, and the run goes on to the same bytes", arguments: [SIGINT, SIGTERM])
  func signals(signal: Int32) throws {
    try Scratch.with { scratch in
      let expected = try Self.uninterrupted(scratch, Self.settings)
      let run = try Command.start(["train", "--out", "run", "--json"] + Self.settings, in: scratch.path)
      try #require(run.wait { run.errors.contains("epoch ") }, "Training starts: \(run.errors)")
      run.send(signal)
      let outcome = try run.outcome(within: 10)
      #expect(outcome.code == 130)
      #expect(outcome.errors.contains("Stopped") && outcome.errors.contains("latent train --resume run"))
      #expect(try outcome.object()["epochs"] as? Int ?? 200 < 200)
      for name in [
        "model.safetensors", "checkpoint/state.safetensors", "metrics.csv", "manifest.json", "report/index.html",
      ] {
        #expect(scratch.has("run/\(name)"), "\(name) is there.")
      }
      #expect(try scratch.text("run/manifest.json").contains("\"interrupted\""))
      try Command.succeed(["evaluate", "run"], in: scratch.path)
      try Command.succeed(["train", "--resume", "run"], in: scratch.path)
      #expect(try scratch.bytes("run/model.safetensors") == expected)
      #expect(try scratch.text("run/manifest.json").contains("\"finished\""))
    }
  }

  @Test(
    "A run that was killed at any moments goes on to the same bytes",
    arguments: [["--set", "training.checkpointSeconds=0"], ["--set", "training.checkpointSeconds=0.05"], []])
  func killed(pause: [String]) throws {
    try Scratch.with { scratch in
      let settings = Self.settings + pause
      let expected = try Self.uninterrupted(scratch, settings)
      var delays: [Int] = []
      for attempt in 0..<5 {
        let isNew = attempt == 0
        let run = try Command.start(
          isNew ? ["train", "--out", "run"] + settings : ["train", "--resume", "run"], in: scratch.path)
        if isNew { try #require(run.wait { scratch.has("run/config.yaml") }, "The run starts: \(run.errors)") }
        let delay = Int.random(in: 0...700)
        delays.append(delay)
        usleep(UInt32(delay) * 1000)
        run.send(SIGKILL)
        let outcome = try run.outcome(within: 10)
        #expect(outcome.code == 137 || outcome.code == 0, "\(outcome.errors) after \(delays) ms")
      }
      try Command.succeed(["train", "--resume", "run"], in: scratch.path)
      #expect(try scratch.bytes("run/model.safetensors") == expected, "killed after \(delays) ms")
      #expect(!scratch.names.contains { $0.hasSuffix(".part") }, "No unfinished file is left.")
      let metrics = try scratch.text("run/metrics.csv").split(separator: "\n")
      #expect(metrics.count == 201, "Every epoch is in the metrics once.")
    }
  }

  @Test("A run that was killed before its manifest was written starts again")
  func withoutManifest() throws {
    try Scratch.withRun { scratch in
      let expected = try scratch.bytes("run/model.safetensors")
      for name in ["manifest.json", "checkpoint/state.safetensors", "model.safetensors", "metrics.csv"] {
        try FileManager.default.removeItem(atPath: "\(scratch.path)/run/\(name)")
      }
      try Command.succeed(["train", "--resume", "run"], in: scratch.path)
      #expect(try scratch.bytes("run/model.safetensors") == expected)
    }
  }

  @Test("Resuming a finished run changes nothing, and more epochs go on from its end")
  func finished() throws {
    try Scratch.withRun { scratch in
      let before = try scratch.bytes("run/model.safetensors")
      try Command.succeed(["train", "--resume", "run"], in: scratch.path)
      #expect(try scratch.bytes("run/model.safetensors") == before)
      try Command.succeed(["train", "--resume", "run", "--set", "training.epochs=4"], in: scratch.path)
      try Command.succeed(
        ["train", "--out", "whole"] + Command.tiny + ["--set", "training.epochs=4"], in: scratch.path)
      #expect(try scratch.bytes("run/model.safetensors") == scratch.bytes("whole/model.safetensors"))
    }
  }

  @Test("Training stops with place and cause when a number is none, in one sentence")
  func notFinite() throws {
    try Scratch.with { scratch in
      let outcome = try Command.run(
        ["train", "--out", "run"] + Command.tiny + ["--set", "training.optimizer.learningRate=1.0e+30"],
        in: scratch.path)
      #expect(outcome.code == 1 && outcome.output.isEmpty)
      let last = try #require(outcome.errors.split(separator: "\n").last)
      Command.expectSentence("\(last)\n")
      #expect(last.contains("epoch") && last.contains("learningRate"))
    }
  }
}
