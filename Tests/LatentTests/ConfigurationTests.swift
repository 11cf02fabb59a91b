import Foundation
import Latent
import Testing

@Suite struct ConfigurationTests {
  private func refused(_ settings: String...) -> String {
    refusal { _ = try Configuration(preset: nil, file: nil, settings: settings) } ?? "accepted"
  }

  /// Every value of the defaults by its path, apart from the choices' kinds.
  private func leaves() throws -> [[String]] {
    try Setting(encoding: Configuration()).leaves.filter { $0.last != "kind" }
  }

  @Test func `the defaults survive a round trip and are what nothing means`() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    try Configuration().yaml().write(toFile: folder.path + "/a.yaml", atomically: true, encoding: .utf8)
    #expect(try Configuration(preset: nil, file: folder.path + "/a.yaml") == Configuration())
    #expect(
      try JSONDecoder().decode(Configuration.self, from: JSONEncoder().encode(Configuration())) == Configuration())
    try "".write(toFile: folder.path + "/b.yaml", atomically: true, encoding: .utf8)
    #expect(try Configuration(preset: nil, file: folder.path + "/b.yaml") == Configuration())
  }

  @Test(arguments: Presets.all.map(\.name))
  func `presets are valid and survive a round trip`(name: String) throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let preset = try Configuration(preset: name, file: nil)
    try preset.yaml().write(toFile: folder.path + "/a.yaml", atomically: true, encoding: .utf8)
    #expect(try Configuration(preset: nil, file: folder.path + "/a.yaml") == preset)
    #expect(preset != Configuration())
  }

  @Test func `a misspelt key anywhere is refused with its path and the nearest valid one`() throws {
    for path in try leaves() {
      let (place, key) = (path.dropLast().map { $0 + "." }.joined(), path.last ?? "")
      let text = refused("\(place)\(key)q=1")
      #expect(text.hasPrefix("\(place)\(key)q: ") && text.contains("'\(key)'"), "\(text)")
    }
  }

  @Test func `a key that a configuration has elsewhere is refused with where it is`() {
    #expect(refused("training.objective=iwae") == "training.objective: unknown key; there is 'objective'.")
    #expect(refused("latents=3") == "latents: unknown key; there is 'model.latents'.")
    #expect(refused("training.learningRate=1").hasSuffix("there is 'training.optimizer.learningRate'."))
    #expect(refused("objective.epochs=3").hasSuffix("there is 'training.epochs'."), "Also within a choice.")
    #expect(refused("samples=3").hasSuffix("there is 'evaluation.samples' and 'objective.samples'."))
    #expect(refused("training.epoch=3").hasSuffix("the nearest is 'epochs'."))
    #expect(refused("kind=elbo").contains("expected one of: data, "), "Many places are none.")
  }

  @Test func `a value of another type anywhere is refused with its path`() throws {
    for path in try leaves().map({ $0.joined(separator: ".") }) {
      for value in ["{a: {b: 1}}", "[[1]]"] {
        let text = refused("\(path)=\(value)")
        #expect(text.hasPrefix(path) && text.hasSuffix("."), "\(text)")
      }
    }
  }

  @Test(arguments: [
    ("model.latents=0", "model.latents: 0"), ("model.latents=-3", "model.latents: -3"),
    ("model.latents=1.5", "model.latents: "),
    ("training.epochs=0", "training.epochs: 0"), ("training.batch=-1", "training.batch: -1"),
    ("training.patience=-1", "training.patience: -1"), ("training.gradientClipping=-1", "training.gradientClipping"),
    ("training.gradientClipping=.inf", "training.gradientClipping"),
    ("training.gradientClipping=.nan", "training.gradientClipping"),
    ("training.checkpointSeconds=-1", "training.checkpointSeconds"), ("evaluation.samples=0", "evaluation.samples: 0"),
    ("threads=-1", "threads: -1"), ("seed=-1", "seed: "), ("data.shape=[8.5, 8]", "data.shape[0]: "),
    ("objective.samples=0", "objective.samples: 0"),
    ("objective.reconstructionWeight=0", "objective.reconstructionWeight"),
    ("objective.divergenceWeight=-1", "objective.divergenceWeight"),
    ("training.optimizer.learningRate=0", "training.optimizer.learningRate"),
    ("training.optimizer.learningRate=fast", "training.optimizer.learningRate"),
    ("training.optimizer.beta1=1", "training.optimizer.beta1"),
    ("model.encoder.hidden=[0]", "model.encoder.hidden"), ("model.encoder.hidden=[a]", "model.encoder.hidden"),
    ("model.encoder.activation=rely", "model.encoder.activation: 'rely'"),
    ("model.likelihood={kind: categorical, levels: 1}", "model.likelihood.levels: 1"),
    ("model.likelihood={kind: gaussian, varianceFloor: 2}", "model.likelihood.varianceFloor"),
    ("model.posterior.minimumLogVariance=99", "model.posterior.minimumLogVariance"),
    ("training.optimizer={kind: sgd, momentum: 0, nesterov: true}", "training.optimizer.nesterov"),
  ])
  func `values that make no sense are refused with their path`(setting: String, beginning: String) {
    let text = refused(setting)
    #expect(text.hasPrefix(beginning) && text.hasSuffix("."), "\(text)")
  }

  @Test func `a value that is not finite is refused with its path`() {
    for path in ["training.checkpointSeconds", "objective.divergenceWeight", "training.optimizer.learningRate"] {
      for value in [".nan", ".inf"] {
        let text = refused("\(path)=\(value)")
        #expect(text.hasPrefix(path), "\(text)")
      }
    }
  }

  @Test(arguments: ["training.learningRateSchedule", "training.divergenceSchedule"])
  func `a warm-up as long as training, or longer, is refused`(path: String) {
    for kind in ["{kind: warm-up, epochs: 5}", "{kind: warm-up, epochs: 5.5}", "{kind: cosine, warmUp: 5}"] {
      let text = refused("training.epochs=5", "\(path)=\(kind)")
      #expect(text.hasPrefix("\(path): ") && text.contains("warm-up"), "\(text)")
      #expect(refused("training.epochs=6", "\(path)=\(kind)") == "accepted")
    }
  }

  @Test func `later layers win over earlier ones`() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let file = folder.path + "/a.yaml"
    try "model: {latents: 5}\ntraining: {epochs: 7}\n".write(toFile: file, atomically: true, encoding: .utf8)
    let read = try Configuration(
      preset: "digits-categorical", file: file, settings: ["training.epochs=300", "training.epochs=400"])
    #expect(read.model.latents == 5 && read.training.epochs == 400)
    #expect(read.model.likelihood.kind == "categorical", "what the file does not say stays as the preset says it")
  }

  @Test func `another kind starts from its own defaults, the same kind keeps what was set`() throws {
    let settings = ["training.optimizer={kind: adam, learningRate: 0.5}"]
    let same = try Configuration(preset: nil, file: nil, settings: settings + ["training.optimizer.beta1=0.5"])
    let adam = try #require(same.training.optimizer.choice as? Adam)
    #expect(adam.learningRate == 0.5 && adam.beta1 == 0.5)
    let other = try Configuration(preset: nil, file: nil, settings: settings + ["training.optimizer=adamw"])
    #expect(other.training.optimizer == Chosen(AdamW()))
  }

  @Test func `files that are no configuration are refused in one sentence`() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let file = folder.path + "/a.yaml"
    for text in ["a: [", "- 1\n- 2", "text", "\u{0}\u{1}", "model: 3", "{\"model\": }", "&a [*a]", "model: *missing"] {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let words = try #require(refusal { _ = try Configuration(preset: nil, file: file) }, "\(text)")
      #expect(words.hasSuffix(".") && !words.contains("\n"), "\(words)")
    }
    #expect(
      refusal { _ = try Configuration(preset: nil, file: folder.path + "/none.yaml") }?.contains("cannot be read")
        == true)
    #expect(refused("nonsense").contains("KEY=VALUE") && refused("=3").contains("KEY=VALUE"))
    #expect(
      refusal { _ = try Configuration(preset: "digits-categorica", file: nil) }?.contains("'digits-categorical'")
        == true)
  }
}
