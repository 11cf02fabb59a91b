import Foundation
import Latent
import Testing
import Torch

/// The importance-weighted bound and its two gradients.
@Suite struct ImportanceWeightedTests {
  private static func objective(_ samples: Int, _ gradient: IWAE.Gradient = .reparametrized) -> IWAE {
    var objective = IWAE()
    (objective.samples, objective.gradient) = (samples, gradient)
    return objective
  }

  private static func terms(_ objective: any Objective, of known: KnownGradient, seed: UInt64) -> Terms {
    objective.terms(
      of: known.model, on: known.x, divergenceFactor: 1, mode: .evaluation, using: Noise(seed: seed))
  }

  @Test(arguments: IWAE.Gradient.allCases)
  func `with one draw it is the ELBO by draws, in its terms, its value and its gradient`(gradient: IWAE.Gradient) {
    let known = KnownGradient()
    let (one, plain) = (Self.objective(1, gradient), MonteCarloELBO())
    var repetitions: [[[Double]]] = [[], []]
    for seed in 1...400 as ClosedRange<UInt64> {
      let found = [Self.terms(one, of: known, seed: seed), Self.terms(plain, of: known, seed: seed)]
      // Sums of a few terms in double precision.
      #expect(abs(found[0].total.item - found[1].total.item) < 1e-12)
      #expect(found[0].terms.map(\.name) == ["reconstruction", "divergence", "tightening"])
      #expect(zip(found[0].terms, found[1].terms).allSatisfy { abs($0.value.item - $1.value.item) < 1e-12 })
      #expect(abs(found[0].terms[2].value.item) < 1e-12)
      for index in 0..<2 {
        repetitions[index].append(found[index].total.gradients(in: known.parameters).flatMap(\.doubles))
      }
    }
    if gradient == .reparametrized {
      #expect(
        zip(repetitions[0], repetitions[1]).allSatisfy { zip($0, $1).allSatisfy { abs($0 - $1) < 1e-10 } })
    }
    for index in repetitions[0][0].indices {
      let difference = Estimate(zip(repetitions[0], repetitions[1]).map { $0[index] - $1[index] })
      #expect(difference.agrees(with: 0, errors: 5), "\(difference)")
    }
  }

  @Test func `the bound tightens with the draws until it is the exact log p(x)`() throws {
    let known = LinearGaussian(rows: 200)
    let model = try known.model(.init(shift: 0.4, spread: 0.5)).model
    let exact = try known.negativeLogLikelihood()
    let found = [1, 5, 50, 2000].map { samples in
      Estimate(
        (0..<40).map { seed in
          withoutGradients {
            Self.objective(samples).terms(
              of: model, on: known.dataset.values, divergenceFactor: 1, mode: .evaluation, using: Noise(seed: seed)
            ).total.item
          }
        })
    }
    for (looser, tighter) in zip(found, found.dropFirst()) {
      #expect(tighter.mean < looser.mean - 4 * (looser.error + tighter.error), "\(found)")
    }
    // The bias is half the squared relative deviation of a weight by K, which is a few for this q.
    #expect(found[0].mean - exact > 0.1 && abs(found[3].mean - exact) < 4 * found[3].error + 5.0 / 2000, "\(found)")
  }

  @Test func `the doubly reparametrized gradient has the same mean`() {
    let known = KnownGradient()
    func draws(_ gradient: IWAE.Gradient, from first: UInt64) -> [[Double]] {
      (first..<first + 1000).map { seed in
        Self.terms(Self.objective(8, gradient), of: known, seed: seed).total.gradients(in: known.parameters)
          .flatMap(\.doubles)
      }
    }
    let (plain, double) = (draws(.reparametrized, from: 1), draws(.doublyReparametrized, from: 10_001))
    for element in plain[0].indices {
      let found = [plain, double].map { draws in Estimate(draws.map { $0[element] }) }
      let error = (found[0].error * found[0].error + found[1].error * found[1].error).squareRoot()
      // 23 comparisons: correct ones are all within 4.5 errors in 99.98 % of all seeds.
      #expect(abs(found[0].mean - found[1].mean) < 4.5 * error, "\(found)")
    }
  }

  @Test func `near the true posterior the doubly reparametrized gradient has far less variance, and there none`() throws
  {
    let known = LinearGaussian(rows: 20)
    func variance(_ gradient: IWAE.Gradient, _ error: LinearGaussian.Error) throws -> Double {
      let model = try known.model(error).model
      let encoder = model.parameters.filter { $0.name.hasPrefix("encoder") }.map(\.parameter)
      let draws = (0..<200).map { seed in
        Self.objective(16, gradient).terms(
          of: model, on: known.dataset.values, divergenceFactor: 1, mode: .evaluation, using: Noise(seed: seed)
        ).total.gradients(in: encoder).flatMap(\.doubles)
      }
      return draws[0].indices.reduce(0) { sum, element in
        let error = Estimate(draws.map { $0[element] }).error
        return sum + error * error * Double(draws.count)
      }
    }
    let error = LinearGaussian.Error(shift: 0.2, spread: 0.2)
    let (plain, double) = (try variance(.reparametrized, error), try variance(.doublyReparametrized, error))
    #expect(double < 0.05 * plain && double > 0, "\(double) of \(plain)")
    // With the exact posterior every weight is the same, whatever was drawn; what is left is rounding in single precision.
    #expect(try variance(.doublyReparametrized, .init()) < 1e-9 && variance(.reparametrized, .init()) > 1e-3)
  }

  @Test func `both gradients see the same draws, and the decoder's is the same`() {
    let known = KnownGradient()
    let found = IWAE.Gradient.allCases.map { Self.terms(Self.objective(7, $0), of: known, seed: 3) }
    #expect(found[0].terms.map(\.value.bytes) == found[1].terms.map(\.value.bytes))
    let gradients = found.map { $0.total.gradients(in: known.parameters).map(\.doubles) }
    for (index, isOfEncoder) in known.isOfEncoder.enumerated() {
      let difference = zip(gradients[0][index], gradients[1][index]).map { abs($0 - $1) }.max() ?? 0
      #expect(isOfEncoder ? difference > 1e-3 : difference < 1e-10, "\(difference)")
    }
  }
}
