import Foundation
import Latent
import Testing
import Torch

/// Priors against their formulas.
@Suite struct PriorTests {
  private static var initializer: Initializer { Initializer(noise: Noise(seed: 0), type: .float64) }

  /// A mixture of three Gaussians in two dimensions, far enough apart to matter.
  private func mixture() -> MixturePrior? {
    var settings = MixturePrior.Settings()
    settings.components = 3
    guard let prior = settings.make(latents: 2, with: Self.initializer) as? MixturePrior else { return nil }
    withoutGradients {
      prior.logits.value.copy(from: Tensor([0.2, 0.5, 0.3].map(log)) + 7)
      prior.means.value.copy(from: Tensor(Self.means.flatMap { $0 }, shape: [3, 2]))
      prior.logVariances.value.copy(from: Tensor(Self.variances.flatMap { $0.map(log) }, shape: [3, 2]))
    }
    return prior
  }

  private static let weights = [0.2, 0.5, 0.3]
  private static let means = [[-2.0, 1], [0, 0], [3, -1]]
  private static let variances = [[0.25, 1], [1, 0.09], [0.5, 2]]

  @Test func `a mixture's density is the weighted sum of its Gaussians', whatever constant its logits share`() throws {
    let prior = try #require(mixture())
    for z in [[0.0, 0], [-2, 1.5], [10, 10]] {
      let density = (0..<3).reduce(0.0) { sum, k in
        sum
          + (0..<2).reduce(Self.weights[k]) { product, d in
            let (mean, variance) = (Self.means[k][d], Self.variances[k][d])
            return product * exp(-(z[d] - mean) * (z[d] - mean) / (2 * variance)) / (2 * .pi * variance).squareRoot()
          }
      }
      // Some ten operations in double precision on logarithms below 100.
      #expect(abs(prior.logDensity(of: Tensor(z)).item - log(density)) < 1e-12 * (1 + abs(log(density))))
    }
  }

  @Test func `draws of a mixture have its mean and covariance`() throws {
    let draws = try #require(mixture()).sample(40_000, using: Noise(seed: 1))
    let mean = (0..<2).map { d in (0..<3).reduce(0.0) { $0 + Self.weights[$1] * Self.means[$1][d] } }
    let columns = (0..<2).map { draws.selected(along: 1, $0) - mean[$0] }
    for d in 0..<2 {
      #expect(Estimate(columns[d].doubles).agrees(with: 0))
      for e in 0...d {
        let exact = (0..<3).reduce(0.0) { sum, k in
          let spread = (Self.means[k][d] - mean[d]) * (Self.means[k][e] - mean[e])
          return sum + Self.weights[k] * (spread + (d == e ? Self.variances[k][d] : 0))
        }
        #expect(Estimate((columns[d] * columns[e]).doubles).agrees(with: exact))
      }
    }
  }

  @Test func `of a mixture far from a latent the logarithm of the density stays finite in single precision`() {
    let prior = MixturePrior.Settings().make(latents: 16, with: Initializer(noise: Noise(seed: 0)))
    #expect(prior.logDensity(of: Tensor.full([1, 16], 1000)).isAllFinite)
  }

  @Test(arguments: Subjects.densities)
  func `a VampPrior with one pseudo-input is that pseudo-input's posterior`(subject: Subject<any PosteriorChoice>)
    throws
  {
    var settings = VampPrior.Settings()
    settings.pseudoInputs = 1
    var configuration = ModelConfiguration()
    configuration.latents = 3
    configuration.posterior = Chosen(subject.member)
    configuration.prior = Chosen(settings)
    configuration.likelihood = Chosen(BernoulliLikelihood.Settings())
    let model = try VAE(configuration, shape: [5], with: Self.initializer)
    let prior = try #require(model.prior as? VampPrior)
    // The encoder sees a Bernoulli's pseudo-inputs within [0, 1].
    let posterior = model.encode((prior.pseudoInputs.value * 4).sigmoid())
    let z = Noise(seed: 2).normal([7, 1, 3], type: .float64)
    let difference = prior.logDensity(of: z) - posterior.logDensity(of: z)
    #expect(difference.absolute().maximum().item < 1e-10, "the same sums")
    let draws = prior.sample(40_000, using: Noise(seed: 3))
    for latent in 0..<3 {
      let column = draws.selected(along: 1, latent) - posterior.mean.doubles[latent]
      #expect(Estimate(column.doubles).agrees(with: 0))
      #expect(Estimate(column.squared().doubles).agrees(with: posterior.variance.doubles[latent]))
    }
  }

  @Test(arguments: Subjects.densities)
  func `a VampPrior's density is the mean of its pseudo-inputs' posteriors'`(subject: Subject<any PosteriorChoice>)
    throws
  {
    var settings = VampPrior.Settings()
    settings.pseudoInputs = 4
    var configuration = ModelConfiguration()
    configuration.latents = 3
    configuration.posterior = Chosen(subject.member)
    configuration.prior = Chosen(settings)
    configuration.likelihood = Chosen(UnitGaussianLikelihood.Settings())
    let model = try VAE(configuration, shape: [5], with: Self.initializer)
    let prior = try #require(model.prior as? VampPrior)
    let z = Noise(seed: 2).normal([3], type: .float64)
    let densities = model.encode(prior.pseudoInputs.value).logDensity(of: z.expanded([1, 4, 3])).doubles.map(exp)
    #expect(abs(prior.logDensity(of: z).item - log(densities.reduce(0, +) / 4)) < 1e-12 * (1 + abs(log(densities[0]))))
  }

  @Test func `models that differ only in their prior start from the same encoder and decoder`() throws {
    func state(_ prior: any PriorChoice) throws -> [String: [UInt8]] {
      var configuration = ModelConfiguration()
      func chosen(_ choice: some PriorChoice) -> Chosen<Priors> { Chosen(choice) }
      configuration.prior = chosen(prior)
      configuration.likelihood = Chosen(BernoulliLikelihood.Settings())
      let model = try VAE(configuration, shape: [4], with: Initializer(noise: Noise(seed: 5)))
      return snapshot(model.state).filter { !$0.key.hasPrefix("prior.") }
    }
    let standard = try state(StandardNormalPrior.Settings())
    for prior in Subjects.defaults(Priors.self, as: (any PriorChoice).self) { #expect(try state(prior) == standard) }
  }

  @Test func `a VampPrior neither sees nor moves the moments of a batch`() throws {
    var network = ConvolutionalNetwork()
    (network.channels, network.batchNormalization, network.dropout) = ([4], true, 0.5)
    var configuration = ModelConfiguration()
    configuration.latents = 2
    configuration.prior = Chosen(VampPrior.Settings())
    configuration.encoder = Chosen(network)
    configuration.likelihood = Chosen(BernoulliLikelihood.Settings())
    let model = try VAE(configuration, shape: [4, 4], with: Initializer(noise: Noise(seed: 1)))
    let before = snapshot(model.state)
    let z = Tensor.zeros([3, 2])
    let density = model.prior.logDensity(of: z).bytes
    #expect(density == model.prior.logDensity(of: z).bytes && snapshot(model.state) == before)
    _ = model.encode(Noise(seed: 2).uniform([8, 16]), mode: .training(Noise(seed: 3)))
    #expect(density != model.prior.logDensity(of: z).bytes, "the running moments are part of the encoder")
  }

  @Test func `on digits with two latents a VampPrior has a better −log p(x) on validation rows than N(0, I)`() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    func judged(_ prior: String) throws -> Evaluation {
      let configuration = try Configuration(
        preset: "digits-categorical", file: nil,
        settings: ["threads=1", "model.latents=2", "model.prior=\(prior)", "training.epochs=70", "seed=2"])
      let run = try Run.create(configuration, in: RunFolder(folder.path + "/" + prior))
      try run.train { _ in .proceed }
      return try run.finish().evaluation
    }
    let (standard, vamp) = (try judged("standard-normal"), try judged("vamp"))
    for (name, found) in [("standard-normal", standard), ("vamp", vamp)] {
      print(
        "\(name): −log p(x) \(found.negativeLogLikelihood) ± \(found.standardError) nats, \(found.rows) rows, K = \(found.samples)"
      )
    }
    let error = (standard.standardError * standard.standardError + vamp.standardError * vamp.standardError).squareRoot()
    #expect(vamp.negativeLogLikelihood < standard.negativeLogLikelihood - 4 * error)
  }
}
