import Foundation
import Latent
import Testing
import Torch

/// The gap's split into approximation and amortization, on models whose best posteriors are known.
@Suite struct GapPartsTests {
  private func split(_ trained: TrainedModel, _ known: KnownGaussian, steps: Int = 400) throws -> (Evaluation, GapParts)
  {
    Engine.threads = 1
    var found = try Evaluation.estimate(of: trained, on: known.dataset, samples: 2000)
    try found.splitGap(of: trained, on: known.dataset, steps: steps)
    return (found, try #require(found.gapParts))
  }

  @Test func `where the form can be exact all of the gap is amortization`() throws {
    let known = KnownGaussian(dimensions: 5, latents: 2, rows: 20, seed: 1)
    let miss = KnownGaussian.Miss(shift: 0.5, spread: 0.6)
    let (found, parts) = try split(known.model(miss), known)
    #expect(parts.steps == 400)
    // What 400 steps leave is below a hundredth of a nat.
    #expect(abs(parts.approximation) < 4 * parts.approximationError + 0.01, "\(parts)")
    #expect(abs(parts.amortization - known.gap(miss)) < 4 * parts.amortizationError + 0.01, "\(parts)")
    #expect(parts.amortizationError > 0 && parts.approximationError < 0.02)
    #expect(abs(parts.approximation + parts.amortization - found.gap) < 1e-12)
    #expect(abs(parts.refinedNegativeELBO - found.negativeELBO + parts.amortization) < 1e-12)
  }

  /// The best diagonal Gaussian has the exact mean and 1/Λ_dd as its variances, Λ the exact precision.
  ///
  ///     KL = ½ (Σ ln Λ_dd − ln |Λ|)
  @Test func `what a diagonal posterior cannot do of correlations is approximation`() throws {
    let known = KnownGaussian(dimensions: 4, latents: 3, rows: 12, seed: 2)
    let precision = known.exact.posteriorCovariance.inverse()
    let exact = 0.5 * (precision.diagonal().logarithm().sum().item - precision.logDeterminant().item)
    #expect(exact > 0.02, "else there is nothing to find")
    let trained = try known.model(posterior: DiagonalGaussianPosterior.Settings())
    let encoder = try #require(trained.model.encoder as? Linear)
    let map = known.exact.posteriorMap
    withoutGradients {
      encoder.weight.value.copy(from: .concatenate([map, map * 0]))
      let offset = map.times(known.exact.mean.unsqueezed(at: 1)).squeezed(at: 1)
      encoder.bias.value.copy(from: .concatenate([0.2 - offset, -precision.diagonal().logarithm() + 0.3]))
    }
    let (_, parts) = try split(trained, known)
    #expect(abs(parts.approximation - exact) < 4 * parts.approximationError + 0.01, "\(parts), exactly \(exact)")
    #expect(parts.amortization > 0.05)
  }

  @Test func `no steps, other rows and posteriors without a density are refused, and a stopped split says nothing`()
    throws
  {
    let known = KnownGaussian(dimensions: 5, latents: 2, rows: 12, seed: 3)
    let trained = try known.model(.init(shift: 0.3))
    var found = try Evaluation.estimate(of: trained, on: known.dataset, samples: 20)
    #expect(refusal { try found.splitGap(of: trained, on: known.dataset, steps: 0) }?.contains("at least 1") == true)
    let fewer = known.dataset.rows([0, 1])
    #expect(refusal { try found.splitGap(of: trained, on: fewer, steps: 2) }?.contains("2 rows") == true)
    try found.splitGap(of: trained, on: known.dataset, steps: 5, isStopped: { true })
    #expect(found.gapParts == nil)
    let point = try known.model(posterior: PointPosterior.Settings())
    var none = try Evaluation.estimate(of: point, on: known.dataset, samples: 2)
    #expect(refusal { try none.splitGap(of: point, on: known.dataset, steps: 2) }?.contains("no density") == true)
  }
}
