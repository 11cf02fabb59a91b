import Foundation
import Latent
import Testing
import Torch

/// Values that Scripts/references wrote with scipy and mpmath.
enum Reference {
  static func read<Value: Decodable>(_ name: String, as _: Value.Type = Value.self) throws -> [Value] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "References/\(name).json")
    let values = try JSONDecoder().decode([Value].self, from: Data(contentsOf: file))
    guard !values.isEmpty else { throw LatentError("\(name).json is empty.") }
    return values
  }
}

/// Formulas against values that other libraries computed.
///
/// Tolerances are relative to the greatest term of a sum: double precision has 1e-16, and a formula of some ten operations on terms of
/// both signs keeps at least 1e-12 of the greatest.
@Suite struct FormulaTests {
  private struct GaussianCase: Decodable {
    let mean, logVariance, z, divergence: [Double]
    let logDensity, standardNormalLogDensity: Double
  }

  @Test func `Gaussian log-densities and divergences have their reference values`() throws {
    for known in try Reference.read("gaussian", as: GaussianCase.self) {
      let gaussian = DiagonalGaussian(mean: Tensor(known.mean), logVariance: Tensor(known.logVariance))
      let z = Tensor(known.z)
      #expect(abs(gaussian.logDensity(of: z).item - known.logDensity) < 1e-12 * (10 + abs(known.logDensity)))
      #expect(
        abs(StandardNormal.logDensity(of: z).item - known.standardNormalLogDensity)
          < 1e-12 * (10 + abs(known.standardNormalLogDensity)))
      for (found, exact) in zip(gaussian.standardNormalDivergence().doubles, known.divergence) {
        #expect(abs(found - exact) < 1e-12 * (10 + exact))
      }
    }
  }

  private struct BernoulliCase: Decodable {
    let x, logits: [Double]
    let logDensity: Double
  }

  @Test func `Bernoulli log-densities have their reference values, also for logits of hundreds`() throws {
    for known in try Reference.read("bernoulli", as: BernoulliCase.self) {
      let found = BernoulliLikelihood().logDensity(of: Tensor(known.x), features: Tensor(known.logits)).item
      #expect(abs(found - known.logDensity) < 1e-12 * (1 + abs(known.logDensity)))
    }
  }

  private struct ContinuousBernoulliCase: Decodable {
    let logit, logNormalizer, mean: Double
  }

  @Test func `the continuous Bernoulli's normalizer and mean have their reference values at every logit`() throws {
    let known = try Reference.read("continuous-bernoulli", as: ContinuousBernoulliCase.self)
    let distribution = ContinuousBernoulliDistribution(logits: Tensor(known.map(\.logit)))
    let found = zip(distribution.logNormalizer().doubles, distribution.mean().doubles)
    for ((logNormalizer, mean), known) in zip(found, known) {
      #expect(abs(logNormalizer - known.logNormalizer) < 1e-12 * known.logNormalizer, "at \(known.logit)")
      #expect(abs(mean - known.mean) < 1e-12 * known.mean, "at \(known.logit)")
    }
  }

  @Test func `in single precision the continuous Bernoulli keeps six digits at every logit`() throws {
    let known = try Reference.read("continuous-bernoulli", as: ContinuousBernoulliCase.self)
    let distribution = ContinuousBernoulliDistribution(logits: Tensor(known.map { Float($0.logit) }))
    let found = zip(distribution.logNormalizer().doubles, distribution.mean().doubles)
    for ((logNormalizer, mean), known) in zip(found, known) {
      // Near the branch at 0.05 the mean is the difference of numbers near 20, which have 2e-6.
      #expect(abs(logNormalizer - known.logNormalizer) < 3e-6, "at \(known.logit)")
      #expect(abs(mean - known.mean) < 5e-6, "at \(known.logit)")
    }
  }

  @Test func `the continuous Bernoulli's derivatives at 0 are finite and right`() {
    let logits = Parameter(Tensor([0, 1e-9, -1e-9] as [Double]))
    let distribution = ContinuousBernoulliDistribution(logits: logits.value)
    // ln C = ln 2 + l²/12 has slope 0 at 0, the mean ½ + l/12 has 1/12.
    #expect(distribution.logNormalizer().sum().gradients(in: [logits])[0].doubles.allSatisfy { abs($0) < 1e-9 })
    #expect(distribution.mean().sum().gradients(in: [logits])[0].doubles.allSatisfy { abs($0 - 1 / 12) < 1e-12 })
  }

  private struct CategoricalCase: Decodable {
    let levels: Int
    let logits, x, mean: [Double]
    let logDensity: Double
  }

  @Test func `categorical log-densities and means have their reference values`() throws {
    for known in try Reference.read("categorical", as: CategoricalCase.self) {
      let likelihood = CategoricalLikelihood(levels: known.levels)
      let (x, features) = (Tensor(known.x, shape: [1, 3]), Tensor(known.logits, shape: [1, 3 * known.levels]))
      #expect(
        abs(likelihood.logDensity(of: x, features: features).item - known.logDensity) < 1e-12
          * (1 + abs(known.logDensity)))
      #expect(zip(likelihood.mean(features).doubles, known.mean).allSatisfy { abs($0 - $1) < 1e-12 * (1 + $1) })
      #expect(likelihood.encoderInput(x).doubles == known.x.map { $0 / Double(known.levels - 1) })
    }
  }

  @Test func `the Gaussian likelihoods are the Gaussian's density`() throws {
    let initializer = Initializer(noise: Noise(seed: 0), type: .float64)
    let (x, mean) = (Tensor([1, -2] as [Double], shape: [1, 2]), Tensor([0.5, 0] as [Double], shape: [1, 2]))
    // −½ (2 ln 2π + 0.25 + 4)
    #expect(abs(UnitGaussianLikelihood().logDensity(of: x, features: mean).item + 3.962_877_066_409_345) < 1e-14)
    var settings = GaussianLikelihood.Settings()
    (settings.varianceFloor, settings.initialVariance) = (0.5, 4)
    let likelihood = try settings.make(dimensions: 2, with: initializer)
    // −½ (2 ln 2π + 2 ln 4 + 4.25 / 4)
    #expect(abs(likelihood.logDensity(of: x, features: mean).item + 3.755_421_427_529_235_6) < 1e-14)
  }

  @Test func `the variance of a Gaussian likelihood never falls below its floor`() throws {
    var settings = GaussianLikelihood.Settings()
    settings.varianceFloor = 0.01
    let likelihood = try settings.make(dimensions: 1, with: Initializer(noise: Noise(seed: 0), type: .float64))
    withoutGradients { likelihood.parameters[0].parameter.value.copy(from: Tensor(-1000, type: .float64)) }
    let zero = Tensor.zeros([1, 1], type: .float64)
    // ln N(0; 0, 0.01) = −½ (ln 2π + ln 0.01)
    #expect(abs(likelihood.logDensity(of: zero, features: zero).item - 1.383_646_559_789_373) < 1e-12)
  }
}
