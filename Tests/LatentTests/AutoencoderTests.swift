import Foundation
import Latent
import Testing
import Torch

/// A model with a point for a posterior.
@Suite struct AutoencoderTests {
  private static func configuration(_ settings: String...) throws -> Configuration {
    try Configuration(
      preset: nil, file: nil,
      settings: [
        "threads=1", "data={rows: 300, validation: 100, test: 0}", "model.latents=4", "model.encoder.hidden=[32]",
        "model.decoder.hidden=[32]", "model.likelihood=unit-gaussian", "model.posterior=point",
        "objective=reconstruction", "model.prior=fitted-gaussian", "training={epochs: 60, batch: 20}",
      ] + settings)
  }

  @Test func `a point's draws are the point, its density and divergence are not finite`() {
    let mean = Tensor([1, -2] as [Double], shape: [1, 2])
    let point = Point(mean)
    let draws = point.sample(3, using: Noise(seed: 0))
    #expect(draws.shape == [3, 1, 2] && draws.doubles == [1, -2, 1, -2, 1, -2] && point.variance.doubles == [0, 0])
    #expect(point.logDensity(of: draws).doubles == [.infinity, .infinity, .infinity])
    #expect(point.logDensity(of: draws + 1e-9).doubles == [-.infinity, -.infinity, -.infinity])
    #expect(point.divergenceFromStandardNormal()?.doubles == [.infinity, .infinity])
  }

  @Test func `its loss is half the squared error with its constant`() throws {
    let configuration = try Self.configuration()
    let model = try VAE(configuration.model, shape: [3], with: Initializer(noise: Noise(seed: 1), type: .float64))
    let x = Noise(seed: 2).normal([5, 3], type: .float64)
    let terms = try configuration.objective.member().terms(
      of: model, on: x, divergenceFactor: 1, mode: .evaluation, using: Noise(seed: 3))
    let error = (x - model.decode(model.encode(x).mean)).squared().sum().item / 5
    #expect(terms.terms.map(\.name) == ["reconstruction"])
    #expect(abs(terms.total.item - (error + 3 * log(2 * .pi)) / 2) < 1e-12)
  }

  @Test func `it reconstructs, and its prior is the mean and covariance of the training rows' codes`() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let run = try Run.create(Self.configuration(), in: RunFolder(folder.path + "/run"))
    try run.train { _ in .proceed }
    let (evaluation, _) = try run.finish()
    let first = try #require(run.training.history.first?.validation.first?.value)
    #expect(run.training.history.allSatisfy { $0.training.map(\.name) == ["reconstruction"] && !$0.isBound })
    // The constant of 64 elements, −½ · 64 · ln 2π, is not the error's.
    let constant = 32 * log(2 * Double.pi)
    #expect(evaluation.reconstruction - constant < 0.7 * (first - constant), "\(first) to \(evaluation.reconstruction)")
    #expect(evaluation.negativeELBO.isNaN && evaluation.negativeLogLikelihood.isNaN)

    for trained in [run.trained, try TrainedModel.load(folder.path + "/run")] {
      let prior = try #require(trained.model.prior as? FittedGaussianPrior)
      let codes = try trained.codes(of: run.partition.training, using: Noise(seed: 0)).means.to(type: .float64)
      let mean = codes.mean(over: 0)
      let centred = codes - mean
      let covariance = centred.transposed().times(centred) / Double(codes.extent(0))
      let factor = prior.factor.value.to(type: .float64)
      let scale = covariance.diagonal().maximum().item
      // Single precision, and a millionth on the diagonal.
      #expect((prior.mean.value.to(type: .float64) - mean).absolute().maximum().item < 1e-5 * scale.squareRoot())
      #expect((factor.times(factor.transposed()) - covariance).absolute().maximum().item < 1e-5 * scale)
    }
  }

  @Test func `a fitted prior is the Gaussian of its codes, also where a latent does not vary`() throws {
    let initializer = Initializer(noise: Noise(seed: 0), type: .float64)
    let prior = try #require(FittedGaussianPrior.Settings().make(latents: 3, with: initializer) as? FittedGaussianPrior)
    let mixing = Tensor([2, 0, 0, -1, 0.5, 0, 0, 0, 0] as [Double], shape: [3, 3])
    let codes = Noise(seed: 1).normal([500, 3], type: .float64).times(mixing.transposed()) + 4
    try prior.fit(to: codes)
    let draws = prior.sample(40_000, using: Noise(seed: 2))
    let centred = codes - codes.mean(over: 0)
    let own = centred.transposed().times(centred) / 500
    // A millionth of the mean variance is added to every latent's.
    let covariance = (own + Tensor.identity(3, type: .float64) * (own.diagonal().mean().item * 1e-6)).doubles
    let columns = (0..<3).map { (draws - codes.mean(over: 0)).selected(along: 1, $0) }
    for d in 0..<3 {
      #expect(Estimate(columns[d].doubles).agrees(with: 0))
      for e in 0...d {
        #expect(Estimate((columns[d] * columns[e]).doubles).agrees(with: covariance[3 * d + e], errors: 5))
      }
    }
    let single = try #require(
      FittedGaussianPrior.Settings().make(latents: 3, with: initializer) as? FittedGaussianPrior)
    try single.fit(to: codes[0..<1])
    #expect(single.logDensity(of: codes[0]).isAllFinite)
    let refused = refusal { try single.fit(to: codes / 0) }
    #expect(refused?.contains("not all finite") == true)
  }

  @Test func `a run with a fitted prior that is resumed and finished again is the same file`() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let path = RunFolder(folder.path + "/run")
    let run = try Run.create(Self.configuration("training.epochs=3"), in: path)
    try run.train { _ in .proceed }
    _ = try run.finish()
    let first = try Data(contentsOf: URL(fileURLWithPath: path.model))
    let again = try Run.resume(path)
    try again.train { _ in .proceed }
    _ = try again.finish()
    #expect(try Data(contentsOf: URL(fileURLWithPath: path.model)) == first)
  }
}
