import Foundation
import Testing

@Suite("Wrong usage")
struct UsageTests {
  static func set(_ setting: String, says words: [String]) -> Refusal {
    Refusal("train", "--set", setting, says: words, code: 2)
  }

  @Test(
    "A wrong call is refused with the nearest right one",
    arguments: [
      Refusal("tarin", says: ["'tarin'", "'train'"], code: 2),
      Refusal("frobnicate", says: ["'frobnicate'", "train", "evaluate"], code: 2),
      Refusal("train", "--devise", "cpu", says: ["--devise", "--device"], code: 2),
      Refusal("train", "a", "b", says: ["'b'"], code: 2),
      Refusal("train", "--preset", "mnist-smal", says: ["'mnist-smal'", "'mnist-small'"], code: 2),
      Refusal("train", "--seed", "-1", says: ["'-1'", "--seed"], code: 2),
      Refusal("train", "--seed", "one", says: ["'one'", "--seed"], code: 2),
      Refusal("train", "--out", "", says: ["--out"], code: 2),
      Refusal("train", "", says: ["SOURCE"], code: 2),
      Refusal("train", "--resume", "x", "--out", "y", says: ["--resume", "--out"], code: 2),
      Refusal("sample", says: ["<run>", "latent sample --help"], code: 2),
      Refusal("sample", "run", says: ["--out", "latent sample --help"], code: 2),
      Refusal("sample", "run", "--count", "0", "--out", "x.png", says: ["--count 0"], code: 2),
      Refusal("sample", "run", "--count", "-3", "--out", "x.png", says: ["--count -3"], code: 2),
      Refusal("sample", "run", "--temperature", "-1", "--out", "x.png", says: ["--temperature -1"], code: 2),
      Refusal("sample", "none", "--out", "x.pgn", says: ["x.pgn", ".png"], code: 2),
      Refusal("reconstruct", "none", "digits", "--out", "x.pgn", says: ["x.pgn", ".png"], code: 2),
      Refusal("impute", "none", "digits", "--out", "x.pgn", says: ["x.pgn", ".png"], code: 2),
      Refusal("decode", "none", "z.npy", "--out", "x.pgn", says: ["x.pgn", ".png"], code: 2),
      Refusal("traverse", "none", "--out", "x.pgn", says: ["x.pgn", ".png"], code: 2),
      Refusal("manifold", "none", "--out", "x.pgn", says: ["x.pgn", ".png"], code: 2),
      Refusal("interpolate", "none", "--from", "0", "--to", "1", "--out", "x.pgn", says: ["x.pgn", ".png"], code: 2),
      Refusal("edit", "none", "--attribute", "label=1", "--out", "x", says: ["'x'", ".png"], code: 2),
      Refusal("map", "none", "--out", "x.png", says: ["x.png", ".html"], code: 2),
      Refusal("cluster", "none", "--out", "x.png", says: ["x.png", ".csv"], code: 2),
      Refusal("data", "none", "--out", "x.npy", says: ["x.npy", ".png"], code: 2),
      Refusal("sample", "run", "--mean", "--draw", "--out", "x.png", says: ["--draw", "--mean"], code: 2),
      Refusal("encode", "none", "digits", "--out", "x.png", says: ["x.png", ".npy"], code: 2),
      Refusal("evaluate", "run", "--samples", "1", says: ["--samples 1"], code: 2),
      Refusal("evaluate", "run", "--part", "tset", says: ["'tset'", "test"], code: 2),
      Refusal("evaluate", "run", "--threads", "-1", says: ["--threads -1"], code: 2),
      Refusal("bench", "--steps", "1", says: ["--steps 1"], code: 2),
      Refusal("bench", "--shape", "28,x", says: ["--shape 28,x", "height,width"], code: 2),
      Refusal("bench", "--preset", "mnist-smal", says: ["'mnist-small'"], code: 2),
      Refusal("bench", "--preset", "ppca", says: ["'ppca'", "no training steps"]),
      Refusal("bench", "none", says: ["none"]),
      Refusal("bench", "digits", "--shape", "4,4", says: ["--shape", "source"], code: 2),
      Refusal("cluster", "none", "--out", "no/c.csv", says: ["no/c.csv", "folder no"]),
      Refusal("compare", "none", "--out", "no/x.html", says: ["no/x.html", "folder no"]),
      Refusal(
        "edit", "none", "--attribute", "label=1", "--out", "x.png", "--save", "no/d.safetensors", says: ["folder no"]),
      Refusal("probe", "none", "--convolutional", "--save", "no/f.safetensors", says: ["folder no"]),
      Refusal("train", "--precision", "fp16", says: ["'fp16'", "'fp32'"], code: 2),
      Refusal("list", "presetz", says: ["'presetz'", "'presets'"], code: 2),
      Refusal("train", "--device", "nonsense", says: ["'nonsense'", "cpu, cuda or cuda:N"]),
    ])
  func calls(refusal: Refusal) throws { try Scratch.with { try refusal.expect(in: $0) } }

  @Test(
    "A wrong setting is refused with its path and what would be right",
    arguments: [
      set("model.latnets=3", says: ["model.latnets", "'latents'"]),
      set("modl.latents=3", says: ["modl", "'model'"]),
      set("model.posterior.foo=1", says: ["model.posterior.foo"]),
      set("model.latents.foo=1", says: ["model.latents", "whole number"]),
      set("model..latents=1", says: ["unknown key"]),
      set("model=3", says: ["model", "latents"]),
      set("model.latents", says: ["KEY=VALUE"]),
      set("=3", says: ["KEY=VALUE"]),
      set("model.latents=", says: ["model.latents", "whole number"]),
      set("model.latents=abc", says: ["model.latents", "whole number", "'abc'"]),
      set("model.latents=1.5", says: ["model.latents", "whole number", "1.5"]),
      set("model.latents=-3", says: ["model.latents", "-3", "1 to"]),
      set("model.latents=0", says: ["model.latents", "0", "1 to"]),
      set("model.latents=1e30", says: ["model.latents", "1e+30"]),
      set("model.latents=true", says: ["model.latents", "true"]),
      set("model.latents=null", says: ["model.latents"]),
      set("seed=-1", says: ["seed", "-1"]),
      set("training.epochs=0", says: ["training.epochs", "at least 1"]),
      set("training.epochs=2.5", says: ["training.epochs", "2.5"]),
      set("training.batch=-1", says: ["training.batch", "at least 1"]),
      set("training.gradientClipping=-1", says: ["training.gradientClipping"]),
      set("training.optimizer.learningRate=nan", says: ["training.optimizer.learningRate", "nan"]),
      set("training.optimizer.learningRate=.nan", says: ["training.optimizer.learningRate", "finite"]),
      set("training.optimizer.learningRate=.inf", says: ["training.optimizer.learningRate", "finite"]),
      set("training.optimizer.learningRate=0", says: ["training.optimizer.learningRate", "above 0"]),
      set("training.optimizer.learningRate=fast", says: ["training.optimizer.learningRate", "number", "'fast'"]),
      set("training.optimizer=adm", says: ["'adm'", "'adam'"]),
      set("training.divergenceSchedule={kind: warm-up, epochs: 10}", says: []).with(
        "training.epochs=10", says: ["warm-up lasts", "training.epochs"]),
      set("model.likelihood=bernouli", says: ["'bernouli'", "'bernoulli'"]),
      set("model.encoder=[1]", says: ["model.encoder", "networks"]),
      set("model.encoder.hidden=16", says: ["model.encoder.hidden", "list"]),
      set("model.encoder.hidden=[16, 1.5]", says: ["model.encoder.hidden[1]", "1.5"]),
      set("model.encoder.hidden=[0]", says: ["model.encoder.hidden", "0"]),
      set("model.encoder.activation=rel", says: ["model.encoder.activation", "'relu'"]),
      set("model.likelihood.levels=2.5", says: ["model.likelihood.levels", "2.5"]),
      set("evaluation.samples=1", says: ["evaluation.samples", "2 to"]),
      set("data.shape=[8]", says: ["data.shape", "[height, width]"]),
      set("data.validation=0.6", says: []).with("data.test=0.6", says: ["data.validation", "data.test"]),
      set("data.source=[1]", says: ["data.source", "text"]),
      set("data.scaling=units", says: ["data.scaling", "'unit'"]),
      set("training={", says: ["YAML"]),
    ])
  func settings(refusal: Refusal) throws { try Scratch.with { try refusal.expect(in: $0) } }

  @Test(
    "A configuration file that is none is refused with the place",
    arguments: [
      ("model: [1\n", ["YAML", "line"]),
      ("model:\n  latents: 3\n latents: 4\n", ["YAML", "line 3"]),
      ("modl: {latents: 3}\n", ["modl", "'model'"]),
      ("- a\n- b\n", ["named values"]),
      ("model: {latents: 3}\nmodel: {latents: 4}\n", ["'model'", "twice"]),
      ("\u{0}\u{1}", ["YAML"]),
      ("model: {latents: three}\n", ["model.latents", "'three'"]),
    ])
  func files(text: String, words: [String]) throws {
    try Scratch.with { scratch in
      try scratch.write(text, to: "file.yaml")
      try Refusal("train", "--config", "file.yaml", says: words, code: 2).expect(in: scratch)
    }
  }

  @Test("A configuration file that cannot be read is refused")
  func noFile() throws {
    try Scratch.with { scratch in
      try Refusal("train", "--config", "none.yaml", says: ["'none.yaml'"], code: 2).expect(in: scratch)
      try Refusal("train", "--config", ".", says: ["'.'"], code: 2).expect(in: scratch)
    }
  }

  @Test("A device that is not here is refused before any work", .enabled(if: !hasCUDA, "This machine has CUDA."))
  func missingDevice() throws {
    try Scratch.withRun { scratch in
      try Refusal("train", "--device", "cuda", says: ["'cuda'", "--device cpu"], code: 1).expect(in: scratch)
      try Refusal("evaluate", "run", "--device", "cuda:1", says: ["'cuda:1'", "--device cpu"], code: 1).expect(
        in: scratch)
    }
  }

  private static let hasCUDA = FileManager.default.fileExists(atPath: "/dev/nvidia0")

  @Test("What cannot fit into memory is refused with the sizes")
  func memory() throws {
    try Scratch.withRun { scratch in
      try Refusal(
        "train", "--set", "model.latents=65536", "--set", "model.encoder.hidden=[65536, 65536]",
        says: ["memory", "model.latents"], code: 1
      ).expect(in: scratch)
    }
  }
}
