import Foundation
import Latent
import Testing
import Torch

/// Gaussians with correlations, against values that scipy computed and the properties that a divergence has.
@Suite struct FullGaussianTests {
  private struct Case: Decodable {
    let mean, factor, otherMean, otherFactor, z: [Double]
    let logDensity, divergence: Double

    var gaussian: FullGaussian { Self.gaussian(mean, factor) }
    var other: FullGaussian { Self.gaussian(otherMean, otherFactor) }

    private static func gaussian(_ mean: [Double], _ factor: [Double]) -> FullGaussian {
      FullGaussian(
        mean: Tensor(mean, shape: [1, mean.count]), factor: Tensor(factor, shape: [1, mean.count, mean.count]))
    }
  }

  // Sums of some ten terms of both signs in double precision.
  private static let rounding = 1e-11

  @Test func `log-densities have their reference values, one draw at a time or several`() throws {
    for known in try Reference.read("full-gaussian", as: Case.self) {
      let z = Tensor(known.z, shape: [1, 1, known.z.count])
      let found = known.gaussian.logDensity(of: .concatenate([z, z, z])).doubles
      #expect(found.count == 3)
      #expect(found.allSatisfy { abs($0 - known.logDensity) < Self.rounding * (10 + abs(known.logDensity)) })
    }
  }

  @Test func `the divergence has its reference values, is above 0 for others and 0 for equals, and is not symmetric`()
    throws
  {
    for known in try Reference.read("full-gaussian", as: Case.self) {
      let (q, p) = (known.gaussian, known.other)
      let (there, back) = (q.divergence(from: p).item, p.divergence(from: q).item)
      #expect(abs(there - known.divergence) < Self.rounding * (10 + known.divergence))
      #expect(there > 0.01 && back > 0.01 && abs(there - back) > 1e-3)
      #expect(abs(q.divergence(from: q).item) < Self.rounding && abs(p.divergence(from: p).item) < Self.rounding)
    }
  }

  @Test
  func `the divergence from N(0, I) is the general one's, and a diagonal Gaussian's where there are no correlations`()
    throws
  {
    for known in try Reference.read("full-gaussian", as: Case.self) {
      let size = known.mean.count
      let standard = FullGaussian(
        mean: .zeros([1, size], type: .float64), factor: Tensor.identity(size, type: .float64).unsqueezed(at: 0))
      let general = known.gaussian.divergence(from: standard).item
      #expect(abs(known.gaussian.standardNormalDivergence().sum().item - general) < Self.rounding * (10 + general))
      let deviations = known.gaussian.factor.diagonal()
      let diagonal = FullGaussian(
        mean: known.gaussian.mean, factor: deviations.unsqueezed(at: -1) * Tensor.identity(size, type: .float64))
      let expected = DiagonalGaussian(mean: diagonal.mean, logVariance: deviations.logarithm() * 2)
        .standardNormalDivergence().sum().item
      #expect(abs(diagonal.standardNormalDivergence().sum().item - expected) < Self.rounding * (10 + expected))
    }
  }

  @Test func `the divergence by draws is the one in closed form within its stated error`() throws {
    for (index, known) in try Reference.read("full-gaussian", as: Case.self).enumerated() {
      let z = known.gaussian.sample(20_000, using: Noise(seed: UInt64(index)))
      let found = NumericDivergence(
        logDensity: known.gaussian.logDensity(of: z).reshaped([-1]),
        otherLogDensity: known.other.logDensity(of: z).reshaped([-1]))
      // Of 12 comparisons of correct means, none is 4 errors off in 99.9 % of all seeds.
      #expect(abs(found.value - known.divergence) < 4 * found.standardError)
      #expect(found.standardError > 0 && found.standardError < 0.1 * (1 + known.divergence))
    }
  }

  @Test func `draws have the covariance L Lᵀ`() throws {
    let known = try #require(try Reference.read("full-gaussian", as: Case.self).first { $0.mean.count >= 2 })
    let draws = known.gaussian.sample(40_000, using: Noise(seed: 1)) - known.gaussian.mean
    let columns = draws.reshaped([-1, known.mean.count]).split(into: known.mean.count).map(\.doubles)
    let covariance = known.gaussian.covariance.doubles
    for row in columns.indices {
      for column in columns.indices {
        let products = zip(columns[row], columns[column]).map { $0 * $1 }
        #expect(Estimate(products).agrees(with: covariance[row * columns.count + column]))
      }
    }
  }
}

/// Posteriors on a model whose exact posterior is correlated.
///
///     x = Wz + b + ε with columns of W that are not orthogonal: Σ = (I + WᵀW)⁻¹ has correlations that a diagonal cannot have
///
/// They are weak enough, (Λ₁₂)² < Λ₁₁ Λ₂₂ / 4, for the weights of importance sampling from the best diagonal q to have a variance.
@Suite struct CorrelatedPosteriorTests {
  /// Trains an encoder under a decoder that stays as it is, and gives the gap.
  private func gap(_ posterior: any PosteriorChoice) throws -> Evaluation {
    let weights = Tensor([2, 1.2, 1, 1.5, -1.5, 0.6] as [Float], shape: [3, 2])
    let noise = Noise(seed: 1)
    let x = noise.normal([400, 2]).times(weights.transposed()) + noise.normal([400, 3])
    let initializer = Initializer(noise: Noise(seed: 2))
    let q = posterior.make(latents: 2, with: initializer)
    let encoder = Linear(inputs: 3, outputs: q.featureCount, with: initializer)
    let decoder = Linear(inputs: 2, outputs: 3, with: initializer)
    withoutGradients {
      decoder.weight.value.copy(from: weights)
      decoder.bias.value.copy(from: Tensor(0))
    }
    let model = VAE(
      encoder: encoder, posterior: q, prior: StandardNormalPrior.Settings().make(latents: 2, with: initializer),
      decoder: decoder, likelihood: UnitGaussianLikelihood(), latents: 2)
    let named = model.parameters.filter { $0.name.hasPrefix("encoder") }
    let optimizer = Adam().make(for: named)
    for step in 0..<1500 {
      let terms = ELBO().terms(
        of: model, on: x, divergenceFactor: 1, mode: .evaluation, using: Noise(seed: UInt64(step)))
      optimizer.step(
        terms.total.gradients(in: named.map(\.parameter)),
        learningRate: step < 900 ? 0.02 : step < 1300 ? 0.002 : 0.0003)
    }
    var configuration = Configuration()
    configuration.data.scaling = .none
    configuration.model.latents = 2
    let data = Dataset(values: x, shape: [3])
    let trained = TrainedModel(
      model: model, data: try DataDescription(of: data, configuration: configuration.data),
      configuration: configuration, device: .cpu)
    return try Evaluation.estimate(of: trained, on: data, samples: 1000)
  }

  @Test func `the full posterior's gap is at most a tenth of the diagonal one's`() throws {
    let full = try gap(FullGaussianPosterior.Settings())
    let diagonal = try gap(DiagonalGaussianPosterior.Settings())
    // The best diagonal q has 1/σᵢ² = (Σ⁻¹)ᵢᵢ: its gap is ½ ln (Π (Σ⁻¹)ᵢᵢ / |Σ⁻¹|).
    let (a, b, c) = (1 + 4 + 1 + 2.25, 1 + 1.44 + 2.25 + 0.36, 2.4 + 1.5 - 0.9)
    let best = 0.5 * log(a * b / (a * b - c * c))
    #expect(abs(diagonal.gap - best) < 0.05 * best + 4 * diagonal.negativeELBOError, "\(diagonal.gap), at best \(best)")
    #expect(full.gap < 0.1 * diagonal.gap, "\(full.gap) against \(diagonal.gap)")
    #expect(abs(full.negativeLogLikelihood - diagonal.negativeLogLikelihood) < 0.02, "the model is the same")
  }
}
