import Foundation
import Latent
import Testing
import Torch

/// What a trained model is given that it was not made for.
@Suite struct ForeignValueTests {
  private func run(_ settings: String..., in path: String) throws -> Run {
    let configuration = try Configuration(
      preset: nil, file: nil,
      settings: [
        "threads=1", "data={rows: 64, validation: 16, test: 0, scaling: none}", "model.latents=2",
        "model.encoder.hidden=[4]", "model.decoder.hidden=[4]", "training.epochs=1", "training.batch=32",
      ] + settings)
    let run = try Run.create(configuration, in: RunFolder("\(path)/run"))
    _ = try run.train { _ in .proceed }
    return run
  }

  @Test func `rows with values that the likelihood does not describe are not judged`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let trained = try run("model.likelihood={kind: categorical, levels: 17}", in: scratch.path).trained
    func refused(_ value: Float) -> String? {
      let values = [Float](repeating: 0, count: 63) + [value]
      let data = Dataset(values: Tensor(values, shape: [1, 64]), shape: [8, 8], name: "other")
      return refusal { _ = try Evaluation.estimate(of: trained, on: data, samples: 2) }
    }
    #expect(refused(0) == nil && refused(16) == nil)
    for value in [17, -1, 2.5] as [Float] {
      let text = refused(value)
      #expect(text?.hasPrefix("other holds values that") == true && text?.contains("'categorical'") == true, "\(value)")
    }
  }

  @Test func `a remedy for values outside [0, 1] is not what was done already`() throws {
    let range = ValueRange(minimum: 0, maximum: 1.25, isWhole: false, isUnitScaled: true)
    let text = try #require(refusal { try BernoulliLikelihood.Settings().check(range) })
    #expect(text.contains("1.25") && !text.contains("data.scaling=unit") && text.contains("gaussian"), "\(text)")
  }

  @Test func `a model file that tells of a model too large for any memory is refused by its first tensor`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = try run("model.likelihood=unit-gaussian", in: scratch.path).folder
    var file = try Safetensors(Data(contentsOf: URL(fileURLWithPath: folder.model)), name: folder.model)
    for (key, text) in file.metadata {
      file.metadata[key] = text.replacingOccurrences(of: "\"hidden\":[4]", with: "\"hidden\":[65536,65536,65536,65536]")
    }
    var bytes = Data()
    try file.write { bytes.append(contentsOf: $0) }
    try bytes.write(to: URL(fileURLWithPath: folder.model))
    let text = refusal { _ = try TrainedModel.load(folder.path) }
    #expect(
      text?.contains("encoder.layers.0.weight") == true && text?.contains("65536") == true, "\(text ?? "accepted")")
  }
}
