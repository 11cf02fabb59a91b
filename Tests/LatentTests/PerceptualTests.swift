import Foundation
import Latent
import Testing
import Torch

/// The objective with a term of features that a file's network sees.
@Suite struct PerceptualTests {
  /// Pictures of 4 × 4 greys, 0 … 1, in single precision.
  private static func pictures(_ count: Int, channels: Int = 1) -> Dataset {
    Dataset(
      values: Noise(seed: 3).uniform([count, 16 * channels]), shape: channels == 1 ? [4, 4] : [4, 4, channels])
  }

  /// Two layers as another program might write them: 1 → 2 channels by 3 × 3 with pooling, then 2 → 1 by 1 × 1.
  private static func layers(activation: String = "relu") -> Safetensors {
    let noise = Noise(seed: 5)
    return Safetensors(
      [
        ("layers.0.weight", noise.normal([2, 1, 3, 3])), ("layers.0.bias", noise.normal([2])),
        ("layers.1.weight", noise.normal([1, 2, 1, 1])),
      ],
      metadata: [
        "input.offset": "0.5", "input.scale": "0.25", "layers.0.activation": activation, "layers.0.pooling": "2",
        "layers.1.activation": "none", "made by": "a test",
      ])
  }

  private static func write(_ file: Safetensors, to path: String) throws {
    var bytes = Data()
    try file.write { bytes.append(contentsOf: $0) }
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  /// A model of such pictures, and the objective with its file read.
  private struct Subject {
    let model: VAE
    let x: Tensor
    let objective: Perceptual
    let criterion: any Criterion
    let folder: ScratchFolder

    init(_ file: Safetensors = PerceptualTests.layers(), samples: Int = 1, type: ElementKind = .float32) throws {
      folder = try ScratchFolder()
      try PerceptualTests.write(file, to: "\(folder.path)/f.safetensors")
      var objective = Perceptual()
      objective.features = "\(folder.path)/f.safetensors"
      objective.perceptualWeight = 0.5
      objective.reconstructionWeight = 3
      objective.samples = samples
      self.objective = objective
      let dataset = PerceptualTests.pictures(3)
      var data = DataConfiguration()
      data.scaling = .unit
      let description = try DataDescription(of: dataset, configuration: data)
      var configuration = ModelConfiguration()
      configuration.latents = 2
      configuration.encoder = Chosen(MLP(hidden: [4], activation: .tanh))
      configuration.decoder = Chosen(MLP(hidden: [4], activation: .tanh))
      configuration.likelihood = Chosen(UnitGaussianLikelihood.Settings())
      model = try VAE(configuration, shape: [4, 4], with: Initializer(noise: Noise(seed: 1), type: type))
      x = dataset.values.to(type: type)
      criterion = try objective.criterion(for: description, rows: 64, on: .cpu)
    }

    func terms() -> Terms {
      let noise = Noise(seed: 2)
      return criterion.terms(of: model, on: x, divergenceFactor: 1, mode: .training(noise), using: noise)
    }
  }

  /// φ₀ and φ₁ of one picture, by loops over pixels.
  private static func features(_ picture: [Double]) -> [Double] {
    let file = layers()
    let (w, b) = (file["layers.0.weight"]?.doubles ?? [], file["layers.0.bias"]?.doubles ?? [])
    let v = file["layers.1.weight"]?.doubles ?? []
    func pixel(_ y: Int, _ x: Int) -> Double {
      (0..<4).contains(y) && (0..<4).contains(x) ? (picture[4 * y + x] - 0.5) / 0.25 : 0
    }
    let first = (0..<2).map { channel in
      (0..<16).map { place -> Double in
        let (y, x) = (place / 4, place % 4)
        let sum = (0..<9).reduce(b[channel]) { $0 + w[9 * channel + $1] * pixel(y + $1 / 3 - 1, x + $1 % 3 - 1) }
        return max(0, sum)
      }
    }
    let pooled = first.map { channel in
      [0, 2, 8, 10].map { corner in [0, 1, 4, 5].map { channel[corner + $0] }.max() ?? 0 }
    }
    return first.flatMap { $0 } + (0..<4).map { v[0] * pooled[0][$0] + v[1] * pooled[1][$0] }
  }

  @Test(arguments: [1, 3])
  func `the term is half the squared distance of features, the mean over rows and draws`(samples: Int) throws {
    let subject = try Subject(samples: samples)
    defer { subject.folder.remove() }
    let terms = subject.terms()
    #expect(terms.terms.map(\.name) == ["reconstruction", "divergence", "perceptual"])
    #expect(terms.terms.map(\.weight) == [3, 1, 0.5])
    let noise = Noise(seed: 2)
    let z = ReparametrizedEstimator().draw(samples, from: subject.model.encode(subject.x), using: noise)
    let decoded = subject.model.decode(z).doubles
    let x = subject.x.doubles
    var sum = 0.0
    for draw in 0..<samples {
      for row in 0..<3 {
        let wanted = Self.features(Array(x[16 * row..<16 * row + 16]))
        let found = Self.features(Array(decoded[16 * (3 * draw + row)..<16 * (3 * draw + row) + 16]))
        sum += zip(wanted, found).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / 2 }
      }
    }
    let expected = sum / Double(3 * samples)
    // Single precision on sums of a hundred.
    #expect(expected > 1 && abs(terms.terms[2].value.item - expected) < 1e-5 * expected)
  }

  @Test func `the other two terms are those of the ELBO, and -ELBO leaves the third out`() throws {
    let subject = try Subject()
    defer { subject.folder.remove() }
    var elbo = ELBO()
    elbo.reconstructionWeight = 3
    let noise = Noise(seed: 2)
    let plain = elbo.terms(of: subject.model, on: subject.x, divergenceFactor: 1, mode: .training(noise), using: noise)
    let terms = subject.terms().terms
    #expect(plain.terms.map(\.value.item) == terms.prefix(2).map(\.value.item))
    let numbers = terms.map { NamedNumber($0.name, $0.value.item) }
    #expect(numbers.negativeELBO == terms[0].value.item + terms[1].value.item && terms[2].value.item > 0)
  }

  @Test func `its gradient is that of finite differences`() throws {
    let subject = try Subject(Self.layers(activation: "tanh"), type: .float64)
    defer { subject.folder.remove() }
    let parameters = subject.model.parameters
    let gradients = subject.terms().total.gradients(in: parameters.map(\.parameter))
    for ((name, parameter), gradient) in zip(parameters, gradients) {
      let direction = Noise(seed: 7).normal(parameter.value.shape, type: .float64)
      let step = 1e-5
      func loss(_ shift: Double) -> Double {
        withoutGradients { parameter.value.copy(from: parameter.value + direction * shift) }
        return subject.terms().total.item
      }
      let difference = (loss(step) - loss(-2 * step)) / (2 * step)
      _ = loss(step)
      let slope = (gradient * direction).sum().item
      // The third derivative times step² / 6, and rounding of a loss of hundreds divided by the step.
      #expect(abs(slope - difference) < 1e-4 * (1 + abs(slope)), "\(name): \(slope), \(difference)")
    }
  }

  @Test func `a file that is no such network is refused in one sentence that says why`() throws {
    let whole = Self.layers()
    func with(_ change: (inout Safetensors) -> Void) -> Safetensors {
      var file = whole
      change(&file)
      return file
    }
    let wrong: [(Safetensors, [String])] = [
      (with { $0.tensors = [] }, ["layers.0.weight"]),
      (with { $0.tensors[2].name = "layers.2.weight" }, ["'layers.2.weight'", "layers.0 to layers.0"]),
      (with { $0.tensors[0].tensor = .zeros([2, 9]) }, ["[2, 9]", "[outputs, inputs, k, k]"]),
      (with { $0.tensors[2].tensor = .zeros([1, 3, 1, 1]) }, ["3 channels", "gives 2"]),
      (with { $0.tensors[1].tensor = .zeros([3]) }, ["[3]", "[2]"]),
      (with { $0.tensors[1].tensor = .full([2], .nan) }, ["finite"]),
      (with { $0.metadata["layers.0.activation"] = "rleu" }, ["“rleu”", "relu"]),
      (with { $0.metadata["layers.0.stride"] = "0" }, ["“0”", "1 to 64"]),
      (with { $0.metadata["layers.0.stried"] = "2" }, ["'layers.0.stried'", "stride"]),
      (with { $0.metadata["input.scale"] = "0" }, ["input.scale", "other than 0"]),
      (with { $0.metadata["input.offset"] = "1 2 3" }, ["“1 2 3”"]),
      (
        with {
          $0.metadata["layers.0.compared"] = "no"
          $0.metadata["layers.1.compared"] = "no"
        }, ["compared"]
      ),
      (with { $0.metadata["layers.0.pooling"] = "8" }, ["leaves nothing", "4 × 4"]),
      (with { $0.tensors[0].tensor = .zeros([2, 3, 3, 3]) }, ["3 channels", "the data has 1"]),
    ]
    for (file, words) in wrong {
      let said = refusal { try Subject(file).folder.remove() } ?? "nothing"
      for word in words { #expect(said.contains(word), "\(said) says \(word)") }
      #expect(said.hasPrefix("objective.features: ") && said.hasSuffix("."))
    }
  }

  @Test func `a file that is missing or cut off, and data that does not suit, are refused`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let path = "\(scratch.path)/f.safetensors"
    try Self.write(Self.layers(), to: path)
    func said(_ path: String, _ dataset: Dataset, _ scaling: ScalingKind = .unit) -> String {
      refusal {
        var objective = Perceptual()
        objective.features = path
        var data = DataConfiguration()
        data.scaling = scaling
        _ = try objective.criterion(for: DataDescription(of: dataset, configuration: data), rows: 64, on: .cpu)
      } ?? "nothing"
    }
    #expect(said("", Self.pictures(4)).contains("needs a feature network"))
    #expect(said("none.safetensors", Self.pictures(4)).contains("does not exist"))
    #expect(said(scratch.path, Self.pictures(4)).contains("cannot be read"))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for count in [0, 7, 100, bytes.count - 1] {
      try bytes.prefix(count).write(to: URL(fileURLWithPath: "\(scratch.path)/cut"))
      #expect(said("\(scratch.path)/cut", Self.pictures(4)).contains("not a whole safetensors file"))
    }
    #expect(said(path, Self.pictures(4), .standard).contains("data.scaling=unit"))
    #expect(said(path, Dataset(values: .zeros([4, 16]), shape: [16])).contains("no pictures"))
    #expect(said(path, Self.pictures(4, channels: 3)).contains("the data has 3"))
  }

  @Test func `a run that is stopped and resumed gives the same bytes, and knows its file by the digest`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let path = "\(scratch.path)/f.safetensors"
    try Self.write(Self.layers(), to: path)
    let configuration = try TrainingRuns.configuration(
      "objective={kind: perceptual, features: '\(path)', perceptualWeight: 0.1}")
    let whole = try TrainingRuns.uninterrupted(configuration, in: RunFolder("\(scratch.path)/whole"))
    let folder = RunFolder("\(scratch.path)/stopped")
    let end = try Run.create(configuration, in: folder).train { if case .epoch = $0 { .stop } else { .proceed } }
    #expect(end == nil)
    _ = try Run.resume(folder).train { _ in .proceed }
    #expect(try TrainingRuns.Result(folder) == whole)
    #expect(whole.metrics[0].contains("training.perceptual") && whole.metrics[0].contains("validation.perceptual"))

    var other = Self.layers()
    other.metadata["layers.0.pooling"] = "1"
    try Self.write(other, to: path)
    #expect(refusal { _ = try Run.resume(folder) }?.contains("not the file that the run was started with") == true)
    try FileManager.default.removeItem(atPath: path)
    #expect(refusal { _ = try Run.resume(folder) }?.contains("does not exist") == true)
    let trained = try TrainedModel.load(folder.path)
    #expect(trained.samples(3, .mean, using: Noise(seed: 0)).shape == [3, 64], "A model is used without the file.")
    let objective = try trained.configuration.objective.member() as? Perceptual
    #expect(objective?.digest.count == 16 && objective?.features == path)
  }
}
