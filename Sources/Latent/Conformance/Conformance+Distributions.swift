internal import Foundation
internal import Torch

// Closed forms against integrals and draws.
extension Conformance {
  private static var initializer: Initializer { Initializer(noise: Noise(seed: 0), type: .float64) }

  private static func normal(_ shape: [Int], _ seed: UInt64) -> Tensor {
    Noise(seed: seed).normal(shape, type: .float64)
  }

  /// ∫ q ln (q / p) of two Gaussians of one or two dimensions, over 14 deviations on either side of q's mean.
  private static func integratedDivergence(_ q: FullGaussian, _ p: FullGaussian) -> Double {
    let dimensions = q.mean.extent(1)
    let deviations = q.variance.squareRoot().values(as: Double.self)
    let steps = dimensions == 1 ? 4000 : 500
    let axes = (0..<dimensions).map { axis in
      (Tensor.range(steps + 1, type: .float64) * (28 / Double(steps)) - 14) * deviations[axis]
        + q.mean.values(as: Double.self)[axis]
    }
    let points = steps + 1
    let z =
      dimensions == 1
      ? axes[0].unsqueezed(at: 1)
      : Tensor.stack(
        [
          axes[0].unsqueezed(at: 1).expanded([points, points]).reshaped([-1]),
          axes[1].unsqueezed(at: 0).expanded([points, points]).reshaped([-1]),
        ], along: 1)
    let (logQ, logP) = (q.logDensity(of: z.unsqueezed(at: 1)), p.logDensity(of: z.unsqueezed(at: 1)))
    let cell = deviations.reduce(1) { $0 * $1 * 28 / Double(steps) }
    // Even weights: at the ends the density is below 1e-40, and inside they are exact for what is so smooth.
    return (logQ.exponential() * (logQ - logP)).sum().item * cell
  }

  /// Gaussians with correlations, from draws.
  private static func gaussian(_ dimensions: Int, _ seed: UInt64) -> FullGaussian {
    let posterior = FullGaussianPosterior.Settings().make(latents: dimensions, with: initializer)
    let found = posterior(normal([1, posterior.featureCount], seed))
    return FullGaussian(mean: found.mean, factor: (found as? FullGaussian)?.factor ?? .ones([1, 1, 1], type: .float64))
  }

  @Sendable static func gaussianDivergence(_ examiner: Examiner) {
    for dimensions in [1, 2] {
      let standard = FullGaussian(
        mean: .zeros([1, dimensions], type: .float64), factor: .identity(dimensions, type: .float64).unsqueezed(at: 0))
      for seed in 1...3 as ClosedRange<UInt64> {
        let (q, p) = (gaussian(dimensions, seed), gaussian(dimensions, seed + 10))
        let subject = "dimensions: \(dimensions), pair \(seed)"
        examiner.compare(q.divergence(from: p).item, with: integratedDivergence(q, p), of: subject)
        examiner.compare(q.divergence(from: q).item, with: 0, of: "\(subject), itself")
        examiner.compare(
          q.standardNormalDivergence().sum().item, with: integratedDivergence(q, standard), of: "\(subject), N(0, I)")
        let diagonal = DiagonalGaussian(mean: q.mean, logVariance: q.factor.diagonal().logarithm() * 2)
        let same = FullGaussian(
          mean: q.mean,
          factor: q.factor.diagonal().unsqueezed(at: -1) * Tensor.identity(dimensions, type: .float64))
        examiner.compare(
          diagonal.standardNormalDivergence().sum().item, with: integratedDivergence(same, standard),
          of: "\(subject), diagonal")
      }
    }
  }

  @Sendable static func divergenceByDraws(_ examiner: Examiner) {
    for choice in ClaimSubjects.members(Posteriors.self, as: (any PosteriorChoice).self) where choice.hasDensity {
      let posterior = choice.make(latents: 3, with: initializer)
      let q = posterior(normal([2, posterior.featureCount], 1))
      for other in ClaimSubjects.members(Priors.self, as: (any PriorChoice).self) {
        let prior = other.make(latents: 3, with: initializer)
        guard let divergence = prior.divergence(of: q)?.sum(over: -1) else { continue }
        let z = q.sample(20_000, using: Noise(seed: 4))
        let ratios = q.logDensity(of: z) - prior.logDensity(of: z)
        for row in 0..<2 {
          examiner.compare(
            Estimate(ratios.selected(along: 1, row)), with: divergence[row].item, resolving: 0.1,
            of: "\(type(of: choice).kind), \(type(of: other).kind)")
        }
      }
    }
  }

  @Sendable static func posteriorNormalization(_ examiner: Examiner) {
    for choice in ClaimSubjects.members(Posteriors.self, as: (any PosteriorChoice).self) where choice.hasDensity {
      let posterior = choice.make(latents: 1, with: initializer)
      for seed in 1...3 as ClosedRange<UInt64> {
        let q = posterior(normal([1, posterior.featureCount], seed))
        let (mean, deviation) = (q.mean.item, q.variance.item.squareRoot())
        func expectation(_ function: (Tensor) -> Tensor) -> Double {
          integral(from: mean - 14 * deviation, to: mean + 14 * deviation) { z in
            q.logDensity(of: z.reshaped([-1, 1, 1])).reshaped([-1]).exponential() * function(z)
          }
        }
        let kind = type(of: choice).kind
        examiner.compare(expectation { $0 * 0 + 1 }, with: 1, of: kind)
        examiner.compare(expectation { $0 }, with: mean, of: "\(kind), mean")
        examiner.compare(expectation { ($0 - mean).squared() }, with: q.variance.item, of: "\(kind), variance")
      }
    }
  }

  @Sendable static func posteriorDraws(_ examiner: Examiner) {
    for choice in ClaimSubjects.members(Posteriors.self, as: (any PosteriorChoice).self) {
      let posterior = choice.make(latents: 3, with: initializer)
      let q = posterior(normal([1, posterior.featureCount], 1))
      let centred = (q.sample(20_000, using: Noise(seed: 2)) - q.mean).selected(along: 1, 0)
      let (kind, variances) = (type(of: choice).kind, q.variance.values(as: Double.self))
      for latent in 0..<3 {
        let column = centred.selected(along: 1, latent)
        examiner.compare(Estimate(column), with: 0, resolving: 0.1, of: "\(kind), mean")
        examiner.compare(Estimate(column.squared()), with: variances[latent], resolving: 0.2, of: "\(kind), variance")
      }
    }
  }

  /// A prior of one latent, with draws and the integral of a function by its density.
  private static func forEachPrior(
    _ body: (_ kind: String, _ draws: Tensor, _ expectation: ((Tensor) -> Tensor) -> Double) -> Void
  ) {
    for choice in ClaimSubjects.members(Priors.self, as: (any PriorChoice).self) {
      let prior = choice.make(latents: 1, with: initializer)
      let draws = withoutGradients { prior.sample(20_000, using: Noise(seed: 3)).reshaped([-1]) }
      let (mean, deviation) = (draws.mean().item, draws.variance(over: 0).item.squareRoot())
      body(type(of: choice).kind, draws) { function in
        withoutGradients {
          integral(from: mean - 14 * deviation, to: mean + 14 * deviation) { z in
            prior.logDensity(of: z.unsqueezed(at: 1)).exponential() * function(z)
          }
        }
      }
    }
  }

  @Sendable static func priorNormalization(_ examiner: Examiner) {
    forEachPrior { kind, _, expectation in examiner.compare(expectation { $0 * 0 + 1 }, with: 1, of: kind) }
  }

  @Sendable static func priorDraws(_ examiner: Examiner) {
    forEachPrior { kind, draws, expectation in
      examiner.compare(Estimate(draws), with: expectation { $0 }, resolving: 0.1, of: "\(kind), mean")
      examiner.compare(
        Estimate(draws.squared()), with: expectation { $0.squared() }, resolving: 0.2, of: "\(kind), square")
    }
  }
}
