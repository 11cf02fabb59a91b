import Foundation
import Latent
import Testing
import Torch

/// A decoder may start from the mean of the data.
@Suite struct OutputBiasTests {
  @Test(arguments: Subjects.likelihoods)
  func `features made from a mean have that mean`(subject: Subject<any LikelihoodChoice>) throws {
    let suited = try SuitedLikelihood(subject.member, candidates: Sample.tables(columns: 3))
    let likelihood = try suited.choice.make(
      dimensions: 3, with: Initializer(noise: Noise(seed: 0), type: .float64))
    let mean = Tensor([0.25, 0.5, 0.9], shape: [3])
    guard let features = likelihood.features(withMean: mean) else { return }
    #expect(features.shape == [3 * likelihood.featuresPerElement])
    #expect((likelihood.mean(features) - mean).absolute().maximum().item < 1e-12, "a logarithm and back")
  }

  @Test func `pixels that are always black keep a finite logit`() {
    let features = BernoulliLikelihood().features(withMean: Tensor([0, 1], shape: [2]))
    // ln (0.001 / 0.999).
    #expect(zip(features?.doubles ?? [], [-6.906754778648554, 6.906754778648554]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(features?.count == 2)
  }

  private func run(_ settings: String..., in folder: String) throws -> Run {
    var configuration = try TrainingRuns.configuration()
    configuration.model.decoder = Chosen(
      try Configuration(preset: nil, file: nil, settings: ["model.decoder.outputBias=data-mean"] + settings)
        .model.decoder.member() as? MLP ?? MLP())
    return try Run.create(configuration, in: RunFolder(folder))
  }

  @Test func `the last biases are the logits of the training rows' mean`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let run = try run("model.decoder.hidden=[16]", in: scratch.path + "/run")
    let rows = run.partition.training.values.to(type: .float64) / 16
    let p = rows.mean(over: 0).clamped(to: 0.001...0.999)
    let expected = p.logarithm() - (1 - p).logarithm()
    let biases = run.trained.model.parameters.last { $0.name.hasPrefix("decoder") && $0.name.hasSuffix("bias") }
    let found = try #require(biases).parameter.value.to(type: .float64)
    // Single precision of a mean near 0.001 is told apart to 1e-7 of it.
    #expect((found - expected).absolute().maximum().item < 1e-5)
  }

  @Test func `a likelihood whose features do not follow from a mean is refused before a folder is made`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let configuration = try Configuration(
      preset: "digits-categorical", file: nil, settings: ["model.decoder.outputBias=data-mean"])
    let folder = scratch.path + "/run"
    let text = refusal { _ = try Run.create(configuration, in: RunFolder(folder)) } ?? "accepted"
    #expect(text.hasPrefix("model.decoder.outputBias: ") && text.contains("'categorical'"), "\(text)")
    #expect(!FileManager.default.fileExists(atPath: folder))
  }
}
