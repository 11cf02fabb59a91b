import Foundation
import Testing

@Suite("Run folders and models that cannot be used")
struct RunFolderTests {
  @Test("An existing run, a folder that holds something and a file are not written over")
  func existing() throws {
    try Scratch.withRun { scratch in
      let tiny = Command.tiny
      let before = try scratch.bytes("run/model.safetensors")
      try Refusal(call: ["train", "--out", "run"] + tiny, says: ["'run'", "exists", "--resume run"], code: 1).expect(
        in: scratch)
      #expect(try scratch.bytes("run/model.safetensors") == before)
      try scratch.write("mine", to: "full/notes.txt")
      try Refusal(call: ["train", "--out", "full"] + tiny, says: ["'full'", "--out"], code: 1).expect(in: scratch)
      try Refusal(call: ["train", "--out", "full/notes.txt"] + tiny, says: ["notes.txt", "--out"], code: 1).expect(
        in: scratch)
      try Refusal(call: ["train", "--out", "full/notes.txt/run"] + tiny, says: ["notes.txt/run"], code: 1).expect(
        in: scratch)
      try Refusal(call: ["train", "--out", "/proc/run"] + tiny, says: ["/proc/run"], code: 1).expect(in: scratch)
    }
  }

  @Test("An output that cannot be written is refused by its name")
  func outputs() throws {
    try Scratch.withRun { scratch in
      try Refusal("sample", "run", "--out", "none/s.npy", says: ["none/s.npy"], code: 1).expect(in: scratch)
      try Refusal("sample", "run", "--out", "run/config.yaml/s.csv", says: ["s.csv"], code: 1).expect(in: scratch)
      try Refusal("encode", "run", "digits", "--out", "/proc/z.npy", says: ["/proc/z.npy"], code: 1).expect(in: scratch)
    }
  }

  @Test("What is no run is refused, to use and to resume")
  func noRun() throws {
    try Scratch.with { scratch in
      try scratch.write("a: 1", to: "folder/notes.yaml")
      try Refusal("evaluate", "none", says: ["'none'", "does not exist"], code: 1).expect(in: scratch)
      try Refusal("evaluate", "folder", says: ["'folder'", "model.safetensors"], code: 1).expect(in: scratch)
      try Refusal("train", "--resume", "none", says: ["'none'"], code: 1).expect(in: scratch)
      try Refusal("train", "--resume", "folder", says: ["'folder'", "config.yaml"], code: 1).expect(in: scratch)
    }
  }

  @Test("A damaged model is refused by its name", arguments: ["empty", "cut", "longer", "header", "text", "other"])
  func damagedModel(damage: String) throws {
    try Scratch.withRun { scratch in
      var model = try scratch.bytes("run/model.safetensors")
      switch damage {
      case "empty": model = Data()
      case "cut": model.removeLast(10)
      case "longer": model.append(contentsOf: [0, 0, 0, 0])
      case "header": model.replaceSubrange(0..<8, with: Data(repeating: 0xFF, count: 8))
      case "text": model = Data("This is no model.".utf8)
      default: model = Data([2, 0, 0, 0, 0, 0, 0, 0]) + Data("{}".utf8)
      }
      try scratch.write(model, to: "run/model.safetensors")
      try Refusal("evaluate", "run", says: ["model.safetensors"], code: 1).expect(in: scratch)
      try Refusal("sample", "run/model.safetensors", "--out", "s.npy", says: ["model.safetensors"], code: 1).expect(
        in: scratch)
    }
  }

  @Test("A damaged checkpoint is refused by its name", arguments: ["empty", "cut", "text", "model"])
  func damagedCheckpoint(damage: String) throws {
    try Scratch.withRun { scratch in
      let name = "run/checkpoint/state.safetensors"
      var bytes = try scratch.bytes(name)
      switch damage {
      case "empty": bytes = Data()
      case "cut": bytes.removeLast(100)
      case "text": bytes = Data("This is no checkpoint.".utf8)
      default: bytes = try scratch.bytes("run/model.safetensors")
      }
      try scratch.write(bytes, to: name)
      try Refusal("train", "--resume", "run", says: ["state.safetensors"], code: 1).expect(in: scratch)
    }
  }

  @Test(
    "A checkpoint of another configuration is refused with what differs",
    arguments: [
      ("latents: 3", "latents: 4", "model.latents"), ("batch: 32", "batch: 16", "training.batch"),
      ("seed: 0", "seed: 1", "seed"),
    ])
  func otherConfiguration(old: String, new: String, path: String) throws {
    try Scratch.withRun { scratch in
      let text = try scratch.text("run/config.yaml")
      try #require(text.contains(old))
      try scratch.write(text.replacingOccurrences(of: old, with: new), to: "run/config.yaml")
      try Refusal("train", "--resume", "run", says: ["'\(path)'", "another configuration"], code: 1).expect(in: scratch)
    }
  }

  @Test("A setting that a resumed run cannot change is refused")
  func resumeWithSettings() throws {
    try Scratch.withRun { scratch in
      try Refusal("train", "--resume", "run", "--set", "model.latents=9", says: ["'model.latents'"], code: 1).expect(
        in: scratch)
      try Refusal("train", "--resume", "run", "--seed", "1", says: ["--resume", "--seed"], code: 2).expect(in: scratch)
    }
  }

  @Test("Other data than the run's own is not resumed on")
  func otherData() throws {
    try Scratch.with { scratch in
      try scratch.write(Sample.npy(rows: 60, columns: 3), to: "d.npy")
      let settings = ["threads=1", "training.epochs=2", "training.batch=16", "evaluation.samples=4"]
      try Command.succeed(["train", "d.npy", "--out", "run"] + settings.flatMap { ["--set", $0] }, in: scratch.path)
      try scratch.write(Sample.npy(rows: 61, columns: 3), to: "d.npy")
      try Refusal("train", "--resume", "run", says: ["d.npy", "run"], code: 1).expect(in: scratch)
    }
  }

  @Test("Runs that start at once take folders of their own, and give the same model")
  func atOnce() throws {
    try Scratch.with { scratch in
      let runs = try (0..<4).map { _ in try Command.start(["train"] + Command.tiny, in: scratch.path) }
      for run in runs { #expect(try run.outcome(within: 60).code == 0) }
      let models = try (1...4).map { try scratch.bytes("runs/digits-categorical-\($0)/model.safetensors") }
      #expect(Set(models).count == 1)
      #expect(!scratch.has("runs/digits-categorical-5"))
    }
  }

  @Test("Of runs that are started into one folder at once, one gets it")
  func oneFolder() throws {
    try Scratch.with { scratch in
      let runs = try (0..<4).map { _ in try Command.start(["train", "--out", "run"] + Command.tiny, in: scratch.path) }
      let outcomes = try runs.map { try $0.outcome(within: 60) }
      #expect(outcomes.filter { $0.code == 0 }.count == 1)
      for outcome in outcomes where outcome.code != 0 {
        #expect(outcome.code == 1 && outcome.errors.contains("exists"))
        Command.expectOneSentence(outcome)
      }
      try Command.succeed(["evaluate", "run"], in: scratch.path)
    }
  }
}
