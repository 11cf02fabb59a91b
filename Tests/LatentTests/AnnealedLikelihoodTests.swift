import Foundation
import Latent
import Testing
import Torch

/// Annealed importance sampling, forward and back, on models whose likelihood is known.
@Suite struct AnnealedLikelihoodTests {
  private static let settings = AnnealedLikelihood.Settings(temperatures: 150, chains: 10)

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `forward chains find the exact −log p(x), without the encoder`(seed: UInt64) throws {
    Engine.threads = 1
    let known = KnownGaussian(dimensions: 5, latents: 2, rows: 30, seed: seed)
    // This encoder knows nothing.
    let trained = try known.model(posterior: DiagonalGaussianPosterior.Settings())
    let found = try #require(
      try AnnealedLikelihood.estimate(of: trained, on: known.dataset, settings: Self.settings, seed: seed))
    let exact = -known.exact.logLikelihood(of: known.dataset.values).mean().item
    #expect(found.rows == 30 && found.temperatures == 150 && found.chains == 10)
    // The logarithm of a mean has a bias of half its variance: of 30 rows with an error e of their mean, 15 e².
    let room = 4 * found.standardError + 15 * found.standardError * found.standardError + 1e-4
    #expect(abs(found.negativeLogLikelihood - exact) < room, "\(found), exactly \(exact)")
    #expect(
      found.standardError < 0.05 && found.effectiveChains > 5 && (0.4...0.9).contains(found.acceptance), "\(found)")
    #expect(abs((found.exactNegativeLogLikelihood ?? 0) - exact) < 1e-4 && found.width == nil)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `chains of both directions hold the exact −log p(x) of drawn rows between them`(seed: UInt64) throws {
    Engine.threads = 1
    let known = KnownGaussian(dimensions: 5, latents: 2, rows: 5, seed: seed)
    let found = try #require(
      try AnnealedLikelihood.simulated(of: known.model(), rows: 30, settings: Self.settings, seed: seed))
    let exact = try #require(found.exactNegativeLogLikelihood)
    let (lower, lowerError) = (
      try #require(found.lowerNegativeLogLikelihood), try #require(found.lowerStandardError)
    )
    #expect(found.negativeLogLikelihood > exact - 3 * found.standardError, "\(found)")
    #expect(lower < exact + 3 * lowerError, "\(found)")
    let (width, widthError) = (try #require(found.width), try #require(found.widthError))
    #expect(abs(width - (found.negativeLogLikelihood - lower)) < 1e-9 && width > -3 * widthError)
    #expect(width < 0.3, "\(found)")
  }

  @Test func `few temperatures give wide bounds, on either side of the exact value`() throws {
    Engine.threads = 1
    let known = KnownGaussian(dimensions: 12, latents: 4, rows: 5, seed: 9)
    let found = try #require(
      try AnnealedLikelihood.simulated(
        of: known.model(), rows: 60, settings: .init(temperatures: 3, chains: 2), seed: 1))
    let exact = try #require(found.exactNegativeLogLikelihood)
    #expect(found.negativeLogLikelihood > exact + 0.2 && (found.lowerNegativeLogLikelihood ?? .infinity) < exact - 0.2)
    #expect((found.width ?? 0) > 3 * (found.widthError ?? .infinity))
  }

  @Test func `the same seed gives the same bounds, and what is stopped gives none`() throws {
    let known = KnownGaussian(dimensions: 5, latents: 2, rows: 6, seed: 4)
    let trained = try known.model()
    func found(_ seed: UInt64) throws -> AnnealedLikelihood? {
      try .estimate(of: trained, on: known.dataset, settings: .init(temperatures: 5, chains: 2), seed: seed)
    }
    #expect(try found(1) == found(1) && found(1) != found(2))
    #expect(try AnnealedLikelihood.estimate(of: trained, on: known.dataset, isStopped: { true }) == nil)
    #expect(try AnnealedLikelihood.simulated(of: trained, rows: 3, isStopped: { true }) == nil)
    func refused(_ temperatures: Int, _ chains: Int) -> String? {
      refusal {
        _ = try AnnealedLikelihood.estimate(
          of: trained, on: known.dataset, settings: .init(temperatures: temperatures, chains: chains))
      }
    }
    #expect(refused(1, 2)?.contains("temperatures") == true && refused(2, 1)?.contains("chains") == true)
    #expect(refusal { _ = try AnnealedLikelihood.simulated(of: trained, rows: 0) }?.contains("at least 1") == true)
  }
}
