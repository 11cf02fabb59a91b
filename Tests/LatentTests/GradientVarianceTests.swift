import Foundation
import Latent
import Testing
import Torch

/// The variance of gradients, on a model of which it is known.
@Suite struct GradientVarianceTests {
  @Test func `the variance is that of gradients drawn one by one, and of the exact order of estimators`() throws {
    let known = LinearGaussian(rows: 40)
    let trained = try known.model(.init(shift: 0.5, spread: 0.3))
    let found = try GradientVariance.measure(of: trained, on: known.dataset, draws: 2000, seed: 3)
    #expect(found.map(\.estimator) == Estimators.choices.map { $0.kind })
    #expect(found.map(\.isUnbiased) == [true, true, false] && found.allSatisfy { $0.rows == 40 && $0.draws == 2000 })
    let named = trained.model.parameters
    let draws = (0..<2000).map { seed in
      ELBO().terms(
        of: trained.model, on: known.dataset.values, divergenceFactor: 1, mode: .evaluation,
        using: Noise(seed: UInt64(seed))
      ).total.gradients(in: named.map(\.parameter)).map { $0.values(as: Double.self) }
    }
    for (name, variance, error) in found[0].groups.map({ ($0.name, $0.variance, $0.standardError) }) {
      let columns = named.indices.filter { name == "all" || named[$0].name.hasPrefix(name) }.flatMap { parameter in
        draws[0][parameter].indices.map { index in Estimate(draws.map { $0[parameter][index] }).error }
      }
      let expected = columns.reduce(0) { $0 + $1 * $1 * 2000 } / Double(columns.count)
      // The reference has an error of its own that is below that of the pairs.
      #expect(abs(variance - expected) < 6 * error, "\(name): \(variance) ± \(error), drawn one by one \(expected)")
      #expect(error < 0.1 * variance)
    }
    let encoders = found.map { $0.groups[1].variance }
    #expect(
      found[0].groups.map(\.name) == ["all", "encoder", "decoder"] && found[0].groups.map(\.parameters) == [32, 20, 12])
    #expect(encoders[1] > 2 * encoders[0] && encoders[2] == 0)
    #expect(Set(found.map { $0.groups[2].variance }).count == 1, "the decoder sees the same draws")
  }

  @Test func `an objective without a choice of estimators is measured with the one that it has`() throws {
    let known = LinearGaussian(rows: 20)
    for objective in [IWAE() as any Objective, InfoVAE(), Reconstruction()] {
      let model = try known.model()
      var configuration = model.configuration
      func chosen(_ objective: some Objective) -> Chosen<Objectives> { Chosen(objective) }
      configuration.objective = chosen(objective)
      let trained = TrainedModel(model: model.model, data: model.data, configuration: configuration, device: .cpu)
      let found = try GradientVariance.measure(of: trained, on: known.dataset, draws: 4)
      #expect(found.map(\.estimator) == ["reparametrized"])
    }
  }

  @Test func `an odd number of draws and rows of another shape are refused`() throws {
    let known = LinearGaussian(rows: 10)
    let trained = try known.model()
    #expect(
      refusal { _ = try GradientVariance.measure(of: trained, on: known.dataset, draws: 5) }?.contains("even") == true)
    let other = Dataset(values: .zeros([3, 5]), shape: [5])
    #expect(refusal { _ = try GradientVariance.measure(of: trained, on: other, draws: 4) } != nil)
  }
}
