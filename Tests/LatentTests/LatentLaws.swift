import Foundation
import Latent
import Testing
import Torch

/// What holds for every posterior and every prior.
@Suite struct LatentLaws {
  private static var initializer: Initializer { Initializer(noise: Noise(seed: 0), type: .float64) }

  /// A posterior's distributions for some rows of encoder outputs, in double precision.
  private func distribution(
    _ choice: any PosteriorChoice, latents: Int, rows: Int, seed: UInt64 = 1
  ) -> any LatentDistribution {
    let posterior = choice.make(latents: latents, with: Initializer(noise: Noise(seed: 0), type: .float64))
    return posterior(Noise(seed: seed).normal([rows, posterior.featureCount], type: .float64))
  }

  @Test(arguments: Subjects.posteriors)
  func `draws of a posterior have its mean and variance`(subject: Subject<any PosteriorChoice>) {
    let q = distribution(subject.member, latents: 3, rows: 2)
    let draws = q.sample(40_000, using: Noise(seed: 2))
    #expect(draws.shape == [40_000, 2, 3] && q.mean.shape == [2, 3] && q.variance.shape == [2, 3])
    let centred = draws - q.mean
    for (row, latent) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] {
      let column = centred.selected(along: 2, latent).selected(along: 1, row)
      // Of 12 comparisons of correct moments, none is 4 errors off in 99.9 % of all seeds.
      #expect(Estimate(column.doubles).agrees(with: 0))
      #expect(Estimate(column.squared().doubles).agrees(with: q.variance[row].doubles[latent]))
    }
  }

  @Test(arguments: Subjects.densities)
  func `a posterior's density of one latent integrates to 1 and has its moments`(subject: Subject<any PosteriorChoice>)
  {
    for seed in 1...4 as ClosedRange<UInt64> {
      let q = distribution(subject.member, latents: 1, rows: 1, seed: seed)
      let (mean, deviation) = (q.mean.item, q.variance.item.squareRoot())
      func expectation(_ function: @escaping (Tensor) -> Tensor) -> Double {
        integral(from: mean - 14 * deviation, to: mean + 14 * deviation) { z in
          q.logDensity(of: z.reshaped([-1, 1, 1])).reshaped([-1]).exponential() * function(z)
        }
      }
      // Simpson's rule over a smooth density that is below 1e-40 at the ends.
      #expect(abs(expectation { $0 * 0 + 1 } - 1) < 1e-9)
      #expect(abs(expectation { $0 } - mean) < 1e-9 * (1 + abs(mean)))
      #expect(abs(expectation { ($0 - mean).squared() } - deviation * deviation) < 1e-9 * (1 + deviation * deviation))
    }
  }

  @Test(arguments: Subjects.posteriors)
  func `draws are differentiable in the encoder's outputs, each of which matters`(subject: Subject<any PosteriorChoice>)
  {
    let posterior = subject.member.make(latents: 3, with: Self.initializer)
    let features = Parameter(Noise(seed: 1).normal([2, posterior.featureCount], type: .float64))
    let z = posterior(features.value).sample(5, using: Noise(seed: 2))
    #expect(!z.squared().sum().gradients(in: [features])[0].doubles.contains(0))
  }

  @Test(arguments: Subjects.posteriors)
  func `a posterior stays finite for extreme encoder outputs in single precision`(subject: Subject<any PosteriorChoice>)
  {
    let posterior = subject.member.make(latents: 3, with: Initializer(noise: Noise(seed: 0)))
    let features = Parameter(Noise(seed: 1).normal([20, posterior.featureCount]) * 1000)
    let q = posterior(features.value)
    let z = q.sample(2, using: Noise(seed: 2))
    #expect(z.isAllFinite && q.variance.isAllFinite && q.logDensity(of: z).isAllFinite == subject.member.hasDensity)
    #expect(q.isPoint != subject.member.hasDensity && (q.variance.minimum().item > 0) == subject.member.hasDensity)
    #expect(z.sum().gradients(in: [features])[0].isAllFinite)
  }

  @Test(arguments: Subjects.priors)
  func `a prior's density of one latent integrates to 1 and has the moments of its draws`(
    subject: Subject<any PriorChoice>
  ) {
    let prior = subject.member.make(latents: 1, with: Self.initializer)
    let draws = prior.sample(40_000, using: Noise(seed: 3))
    #expect(draws.shape == [40_000, 1] && draws.type == .float64)
    let first = Estimate(draws.doubles)
    let deviation = draws.variance(over: 0).item.squareRoot()
    func expectation(_ function: @escaping (Tensor) -> Tensor) -> Double {
      integral(from: first.mean - 14 * deviation, to: first.mean + 14 * deviation) { z in
        prior.logDensity(of: z.unsqueezed(at: 1)).exponential() * function(z)
      }
    }
    // Simpson's rule over a smooth density that is below 1e-40 at the ends.
    #expect(abs(expectation { $0 * 0 + 1 } - 1) < 1e-9)
    #expect(first.agrees(with: expectation { $0 }))
    #expect(Estimate(draws.squared().doubles).agrees(with: expectation { $0.squared() }))
    #expect(Estimate(draws.power(4).doubles).agrees(with: expectation { $0.power(4) }))
  }

  @Test(arguments: Subjects.priors)
  func `a prior gives each of many latents a draw of its own and any batch a density`(subject: Subject<any PriorChoice>)
  {
    let prior = subject.member.make(latents: 3, with: Self.initializer)
    let z = prior.sample(10, using: Noise(seed: 1))
    #expect(Set(z.split(into: 3).map(\.bytes)).count == 3)
    let density = prior.logDensity(of: Tensor.stack([z, z * 2]))
    #expect(density.shape == [2, 10])
    #expect((density[0] - prior.logDensity(of: z)).absolute().maximum().item < 1e-12, "the same sums")
    #expect((prior.logDensities(of: z) != nil) == subject.member.isFactorized)
  }

  /// Every posterior that has a density with every prior.
  static let pairs = Subjects.densities.flatMap { q in
    Subjects.priors.map {
      Subject(
        member: Pair(posterior: q.member, prior: $0.member),
        testDescription: "\(q.testDescription), \($0.testDescription)")
    }
  }

  struct Pair: Sendable {
    let posterior: any PosteriorChoice
    let prior: any PriorChoice
  }

  @Test(arguments: pairs)
  func `a divergence in closed form is the mean of log q − log p over draws`(subject: Subject<Pair>) {
    let q = distribution(subject.member.posterior, latents: 3, rows: 4)
    let prior = subject.member.prior.make(latents: 3, with: Self.initializer)
    guard let divergence = prior.divergence(of: q) else { return }
    #expect(divergence.shape == [4, 3])
    let z = q.sample(40_000, using: Noise(seed: 4))
    let ratios = q.logDensity(of: z) - prior.logDensity(of: z)
    for (row, exact) in divergence.sum(over: -1).doubles.enumerated() {
      #expect(exact >= 0 && Estimate(ratios.selected(along: 1, row).doubles).agrees(with: exact))
    }
  }

  @Test(arguments: pairs)
  func `a divergence in closed form is least, and 0, where the posterior is the prior`(subject: Subject<Pair>) {
    let posterior = subject.member.posterior.make(latents: 2, with: Self.initializer)
    let prior = subject.member.prior.make(latents: 2, with: Self.initializer)
    let features = Parameter(Noise(seed: 5).normal([1, posterior.featureCount], type: .float64))
    func divergence() -> Tensor? { prior.divergence(of: posterior(features.value))?.sum() }
    guard divergence() != nil else { return }
    for _ in 0..<1000 {
      guard let value = divergence() else { break }
      #expect(value.item > -1e-12)
      let gradient = value.gradients(in: [features])[0]
      withoutGradients { features.value.copy(from: features.value - gradient * 0.2) }
    }
    // A thousand steps of descent at rate 0.2 shrink what is quadratic near its minimum far below this.
    #expect(abs(divergence()?.item ?? 1) < 1e-9)
    let z = prior.sample(50, using: Noise(seed: 6)).unsqueezed(at: 1)
    let difference = posterior(features.value).logDensity(of: z) - prior.logDensity(of: z)
    #expect(
      difference.absolute().maximum().item < 1e-4, "the densities are then the same, to the root of the divergence")
  }
}
