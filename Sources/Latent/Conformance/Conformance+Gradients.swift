internal import Foundation
internal import Torch

// Derivatives in double precision: every posterior, prior, network and objective.
extension Conformance {
  private static var initializer: Initializer { Initializer(noise: Noise(seed: 0), type: .float64) }

  @Sendable static func posteriorGradients(_ examiner: Examiner) {
    for choice in ClaimSubjects.members(Posteriors.self, as: (any PosteriorChoice).self) {
      let posterior = choice.make(latents: 3, with: initializer)
      let features = Parameter(Noise(seed: 1).normal([2, posterior.featureCount], type: .float64))
      let z = Noise(seed: 2).normal([4, 2, 3], type: .float64)
      func compare(_ what: String, _ value: (any LatentDistribution) -> Tensor) {
        examiner.compareGradients(of: "\(type(of: choice).kind) \(what)", in: [("features", features)]) {
          value(posterior(features.value))
        }
      }
      compare("draws") { ($0.sample(4, using: Noise(seed: 3)) * z).sum() }
      guard choice.hasDensity else { continue }
      compare("density") { $0.logDensity(of: z).sum() }
      compare("divergence") { $0.divergenceFromStandardNormal()?.sum() ?? $0.mean.sum() * 0 }
    }
  }

  @Sendable static func priorGradients(_ examiner: Examiner) {
    for choice in ClaimSubjects.members(Priors.self, as: (any PriorChoice).self) {
      let prior = choice.make(latents: 3, with: initializer)
      let z = Parameter(Noise(seed: 1).normal([5, 3], type: .float64))
      let parameters = [("z", z)] + prior.parameters.map { ($0.name, $0.parameter) }
      examiner.compareGradients(of: type(of: choice).kind, in: parameters) { prior.logDensity(of: z.value).sum() }
    }
  }

  @Sendable static func networkGradients(_ examiner: Examiner) {
    for choice in ClaimSubjects.members(Networks.self, as: (any NetworkChoice).self) {
      for (name, layer, width) in [
        ("encoder", choice.encoder(shape: [4, 5], features: 6, with: initializer), 20),
        ("decoder", choice.decoder(latents: 3, shape: [4, 5], featuresPerElement: 2, with: initializer), 3),
      ] {
        let input = Parameter(Noise(seed: 1).normal([4, width], type: .float64))
        let parameters = [("input", input)] + layer.parameters.map { ($0.name, $0.parameter) }
        examiner.compareGradients(of: "\(type(of: choice).kind) \(name)", in: parameters) {
          let output = layer(input.value, mode: .training(Noise(seed: 2)))
          return (output * Noise(seed: 3).normal(output.shape, type: .float64)).sum()
        }
      }
    }
  }

  /// A small model that an objective can train, if there is one among the posteriors.
  private static func model(for objective: any Objective) throws -> VAE? {
    func chosen(_ choice: some Choice) -> Chosen<Objectives> { Chosen(choice) }
    func posterior(_ choice: some Choice) -> Chosen<Posteriors> { Chosen(choice) }
    for choice in ClaimSubjects.members(Posteriors.self, as: (any PosteriorChoice).self) {
      var configuration = Configuration()
      configuration.objective = chosen(objective)
      configuration.model.posterior = posterior(choice)
      configuration.model.latents = 2
      configuration.model.likelihood = Chosen(GaussianLikelihood.Settings())
      var network = MLP()
      (network.hidden, network.activation) = ([5], .tanh)
      (configuration.model.encoder, configuration.model.decoder) = (Chosen(network), Chosen(network))
      guard (try? configuration.validate()) != nil else { continue }
      return try VAE(configuration.model, shape: [4], with: initializer)
    }
    return nil
  }

  @Sendable static func objectiveGradients(_ examiner: Examiner) throws {
    for objective in ClaimSubjects.members(Objectives.self, as: (any Objective).self) {
      guard let model = try model(for: objective) else { continue }
      let x = Noise(seed: 1).normal([3, 4], type: .float64)
      let parameters = model.parameters.map { ($0.name, $0.parameter) }
      examiner.compareGradients(of: type(of: objective).kind, in: parameters) {
        let noise = Noise(seed: 2)
        return objective.terms(of: model, on: x, divergenceFactor: 0.5, mode: .training(noise), using: noise).total
      }
    }
  }
}
