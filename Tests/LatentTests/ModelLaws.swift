import Foundation
import Latent
import Testing
import Torch

/// What holds for every likelihood × posterior × prior × network × objective.
@Suite struct ModelLaws {
  struct Combination: Sendable, CustomTestStringConvertible {
    let likelihood: any LikelihoodChoice
    let posterior: any PosteriorChoice
    let prior: any PriorChoice
    let network: any NetworkChoice
    let objective: any Objective

    /// What a configuration of it is refused with, if it is.
    var refusal: String? {
      var configuration = Configuration()
      configuration.model.posterior = Chosen(posterior)
      configuration.model.prior = Chosen(prior)
      configuration.objective = Chosen(objective)
      return LatentTests.refusal { try configuration.validate() }
    }

    var testDescription: String {
      [likelihood as any Choice, posterior, prior, network, objective].map { type(of: $0).kind }.joined(separator: ", ")
    }
  }

  /// Every pair of choices that can be trained; ``CombinationTests`` walks the other families as well.
  static let combinations = Covering.pairs(of: all.filter { $0.refusal == nil }) { combination in
    [
      combination.likelihood as any Choice, combination.posterior, combination.prior, combination.network,
      combination.objective,
    ]
    .map { choice in kinds.firstIndex(of: type(of: choice).kind) ?? 0 }
  }

  private static let kinds = Families.all.flatMap { $0.choices.map { $0.kind } }

  static let all: [Combination] = Subjects.defaults(Likelihoods.self, as: (any LikelihoodChoice).self).flatMap {
    likelihood in
    Subjects.defaults(Posteriors.self, as: (any PosteriorChoice).self).flatMap { posterior in
      Subjects.defaults(Priors.self, as: (any PriorChoice).self).flatMap { prior in
        Subjects.defaults(Networks.self, as: (any NetworkChoice).self).flatMap { network in
          Subjects.defaults(Objectives.self, as: (any Objective).self).map { objective in
            Combination(
              likelihood: likelihood, posterior: posterior, prior: prior, network: network, objective: objective)
          }
        }
      }
    }
  }

  /// A combination's model, with 64 rows that its likelihood accepts.
  private struct Subject {
    let trained: TrainedModel
    let objective: any Objective
    let x: Tensor
    let dataset: Dataset

    var model: VAE { trained.model }

    init(_ combination: Combination, seed: UInt64 = 1) throws {
      // Small products gain nothing from threads, and waiting for those of other tests costs much.
      Engine.threads = 1
      let suited = try SuitedLikelihood(
        combination.likelihood, candidates: [Sample.digits()] + Sample.tables(columns: 6))
      var configuration = Configuration()
      configuration.data = suited.configuration
      configuration.model.latents = 3
      configuration.model.posterior = Chosen(combination.posterior)
      configuration.model.prior = Chosen(combination.prior)
      configuration.model.encoder = Chosen(combination.network)
      configuration.model.decoder = Chosen(combination.network)
      configuration.model.likelihood = Chosen(suited.choice)
      configuration.objective = Chosen(combination.objective)
      try configuration.validate()
      let model = try VAE(
        configuration.model, shape: suited.dataset.shape, with: Initializer(noise: Noise(seed: seed)))
      trained = TrainedModel(model: model, data: suited.description, configuration: configuration, device: .cpu)
      objective = combination.objective
      x = suited.x
      dataset = suited.dataset
    }

    func loss(seed: UInt64) -> Tensor {
      let noise = Noise(seed: seed)
      return objective.terms(of: model, on: x, divergenceFactor: 1, mode: .training(noise), using: noise).total
    }
  }

  @Test func `what cannot be trained together is refused with what can`() throws {
    for combination in Self.all {
      guard let refusal = combination.refusal else { continue }
      let names = [combination.objective as any Choice, combination.posterior, combination.prior].map {
        type(of: $0).kind
      }
      #expect(refusal.hasPrefix("objective: '\(names[0])'") && refusal.contains("use --set "), "\(refusal)")
      #expect(names.dropFirst().contains { refusal.contains("'\($0)'") }, "\(refusal)")
    }
    #expect(Set(Self.all.filter { $0.refusal != nil }.map { type(of: $0.prior).kind }).count > 1)
  }

  @Test(arguments: combinations)
  func `gradients reach every parameter`(combination: Combination) throws {
    let subject = try Subject(combination)
    let parameters = subject.model.parameters
    #expect(Set(parameters.map(\.name)).count == parameters.count && parameters.count >= 2)
    for ((name, _), gradient) in zip(parameters, subject.loss(seed: 1).gradients(in: parameters.map(\.parameter))) {
      #expect(gradient.isAllFinite && gradient.absolute().maximum().item > 0, "\(name)")
    }
  }

  @Test(arguments: combinations)
  func `the same noise gives the same loss, another noise another`(combination: Combination) throws {
    let subject = try Subject(combination)
    #expect(subject.loss(seed: 1).bytes == subject.loss(seed: 1).bytes)
    #expect((subject.loss(seed: 1).bytes != subject.loss(seed: 2).bytes) == combination.posterior.hasDensity)
    let again = try Subject(combination)
    #expect(
      snapshot(again.model.state) == snapshot(subject.model.state)
        && again.loss(seed: 1).bytes == subject.loss(seed: 1).bytes)
    #expect(try snapshot(Subject(combination, seed: 2).model.state) != snapshot(subject.model.state))
  }

  @Test(arguments: combinations)
  func `a loss has a reconstruction and, where it has one, a divergence, weighted as asked`(combination: Combination)
    throws
  {
    let subject = try Subject(combination)
    let asked: [String: Double] = ["reconstruction": 3, "divergence": 0.5]
    func found(_ factor: Double) throws -> (terms: Terms, full: [String: Double]) {
      var setting = try Setting(encoding: Chosen<Objectives>(combination.objective))
      if combination.objective.hasDivergence {
        for (name, weight) in asked { setting["\(name)Weight"] = .number(weight) }
      }
      let objective = try setting.decoded(as: Chosen<Objectives>.self).member()
      #expect(objective.effectiveBeta(divergenceFactor: factor) == (objective.hasDivergence ? factor / 6 : 0))
      let noise = Noise(seed: 1)
      let terms = objective.terms(
        of: subject.model, on: subject.x, divergenceFactor: factor, mode: .evaluation, using: noise)
      return (terms, objective.weights)
    }
    for factor in [0, 0.25, 1] {
      let (terms, full) = try found(factor)
      let weights = [String: Double](terms.terms.map { ($0.name, $0.weight) }, uniquingKeysWith: { first, _ in first })
      #expect(
        weights.filter { asked[$0.key] != nil }
          == (combination.objective.hasDivergence
            ? ["reconstruction": 3, "divergence": 0.5 * factor] : ["reconstruction": 1])
          && weights.count == terms.terms.count)
      // What an objective has besides is chosen by with the weights that it states.
      #expect(factor < 1 || weights.allSatisfy { $0.value == full[$0.key] ?? 0 })
      let parts = terms.terms.map { $0.weight * $0.value.item }
      // A few products and sums in single precision.
      #expect(abs(terms.total.item - parts.reduce(0, +)) < 1e-6 * parts.reduce(1) { $0 + abs($1) })
    }
  }

  @Test(arguments: combinations)
  func `the loss falls in a few steps on 64 rows`(combination: Combination) throws {
    let subject = try Subject(combination)
    let parameters = subject.model.parameters
    let optimizer = Adam().make(for: parameters)
    let before = withoutGradients { subject.loss(seed: 100).item }
    for step in 1...15 {
      optimizer.step(subject.loss(seed: UInt64(step)).gradients(in: parameters.map(\.parameter)), learningRate: 2e-3)
    }
    let after = withoutGradients { subject.loss(seed: 100).item }
    // The same draws before and after, so that only learning can lower it; a thousandth is more than rounding.
    #expect(after < before - 1e-3 * abs(before), "from \(before) to \(after)")
  }

  @Test(arguments: combinations)
  func `a saved and reloaded model is the same model`(combination: Combination) throws {
    let subject = try Subject(combination)
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let path = folder.path + "/model.safetensors"
    try subject.trained.save(to: path)
    let back = try TrainedModel.load(path)
    #expect(back.configuration == subject.trained.configuration && back.data == subject.trained.data)
    #expect(back.model.state.map(\.name) == subject.model.state.map(\.name))
    #expect(snapshot(back.model.state) == snapshot(subject.model.state))
    try back.save(to: folder.path + "/again.safetensors")
    #expect(FileManager.default.contentsEqual(atPath: path, andPath: folder.path + "/again.safetensors"))
    let draws = [subject.trained, back].map { $0.samples(5, .draw, using: Noise(seed: 4)).bytes }
    #expect(draws[0] == draws[1])
  }

  @Test(arguments: combinations)
  func `a model generates, reconstructs and encodes in the data's own units`(combination: Combination) throws {
    let subject = try Subject(combination)
    let count = subject.dataset.dimensions
    for decoding in [Decoding.mean, .draw] {
      let samples = subject.trained.samples(7, decoding, using: Noise(seed: 1))
      #expect(samples.shape == [7, count] && samples.isAllFinite)
      let reconstructions = try subject.trained.reconstructions(of: subject.dataset, decoding, using: Noise(seed: 1))
      #expect(reconstructions.shape == [64, count] && reconstructions.isAllFinite)
    }
    let codes = try subject.trained.codes(of: subject.dataset, using: Noise(seed: 1))
    #expect(codes.means.shape == [64, 3] && codes.deviations.shape == [64, 3])
    #expect((codes.deviations.minimum().item > 0) == combination.posterior.hasDensity)
    #expect(
      refusal { _ = try subject.trained.codes(of: Sample.table(columns: 5) { Float($0) }, using: Noise(seed: 1)) }
        != nil)
  }

  @Test(arguments: combinations)
  func `a model is judged with finite numbers that fit together`(combination: Combination) throws {
    let subject = try Subject(combination)
    let found = try Evaluation.estimate(of: subject.trained, on: subject.dataset, samples: 20)
    #expect(found.rows == 64 && found.samples == 20 && found.latents == 3)
    #expect(found.reconstruction.isFinite && (0...3).contains(found.activeUnits))
    #expect(try Evaluation.estimate(of: subject.trained, on: subject.dataset, samples: 20) == found)
    let defined = [
      found.negativeELBO, found.negativeELBOError, found.divergence, found.negativeLogLikelihood, found.standardError,
      found.samplingError, found.effectiveSamples, found.gap, found.bitsPerDimension,
    ]
    guard combination.posterior.hasDensity else {
      #expect(defined.allSatisfy { $0.isNaN } && found.warnings.contains { $0.contains("no density") })
      let written = try JSONEncoder().encode(found)
      #expect(String(decoding: written, as: UTF8.self).contains("\"negativeELBO\":null"))
      #expect(try JSONDecoder().decode(Evaluation.self, from: written) == found)
      return
    }
    #expect(defined.allSatisfy { $0.isFinite })
    #expect(found.negativeELBO == found.reconstruction + found.divergence)
    #expect(found.gap == found.negativeELBO - found.negativeLogLikelihood)
    #expect((1...20).contains(found.effectiveSamples))
    if !found.divergencePerLatent.isEmpty {
      #expect(
        abs(found.divergencePerLatent.reduce(0, +) - found.divergence) < 1e-9 * (1 + found.divergence), "the same sum")
    }
  }

  @Test(arguments: combinations)
  func `every model is annealed from both sides, and its posterior refined where it has a density`(
    combination: Combination
  ) throws {
    let subject = try Subject(combination)
    let rows = subject.dataset.rows([0, 1, 2])
    let settings = AnnealedLikelihood.Settings(temperatures: 3, chains: 2)
    let found = try #require(try AnnealedLikelihood.estimate(of: subject.trained, on: rows, settings: settings))
    #expect(found.negativeLogLikelihood.isFinite && found.standardError.isFinite && found.acceptance > 0)
    let drawn = try #require(try AnnealedLikelihood.simulated(of: subject.trained, rows: 2, settings: settings))
    #expect(try #require(drawn.lowerNegativeLogLikelihood).isFinite && drawn.negativeLogLikelihood.isFinite)
    guard combination.posterior.hasDensity else { return }
    var evaluation = try Evaluation.estimate(of: subject.trained, on: rows, samples: 30)
    try evaluation.splitGap(of: subject.trained, on: rows, steps: 15)
    let parts = try #require(evaluation.gapParts)
    // Far from its best, as these models are untrained, a posterior can only gain; chance may take a little.
    #expect(parts.amortization > -4 * parts.amortizationError - 1e-3 && parts.approximation.isFinite)
  }
}
