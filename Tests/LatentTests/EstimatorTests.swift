import Foundation
import Latent
import Testing
import Torch

/// A linear Gaussian model in double precision, of which the ELBO and its gradient are known without draws.
///
///     E_q log p(x|z) = −½ (‖x − Wμ − b‖² + Σ_l σ_l² ‖W_l‖²) − D/2 ln 2π,   q(z|x) = N(μ(x), diag σ²(x))
struct KnownGradient {
  let model: VAE
  let x: Tensor
  private let encoder: Linear
  private let decoder: Linear

  init() {
    let initializer = Initializer(noise: Noise(seed: 3), type: .float64)
    encoder = Linear(inputs: 3, outputs: 4, with: initializer)
    decoder = Linear(inputs: 2, outputs: 3, with: initializer)
    model = VAE(
      encoder: encoder, posterior: DiagonalGaussianPosterior.Settings().make(latents: 2, with: initializer),
      prior: StandardNormalPrior.Settings().make(latents: 2, with: initializer), decoder: decoder,
      likelihood: UnitGaussianLikelihood(), latents: 2)
    x = Noise(seed: 4).normal([3, 3], type: .float64) + 1
  }

  var parameters: [Parameter] { model.parameters.map(\.parameter) }
  var isOfEncoder: [Bool] { model.parameters.map { $0.name.hasPrefix("encoder") } }

  /// α · reconstruction and β · divergence, each an exact mean over rows.
  func exact(alpha: Double, beta: Double) -> (reconstruction: Tensor, divergence: Tensor) {
    let features = (x.times(encoder.weight.value.transposed()) + encoder.bias.value).split(into: 2)
    let (mean, variance) = (features[0], features[1].exponential())
    let residual = x - mean.times(decoder.weight.value.transposed()) - decoder.bias.value
    let spread = (variance * decoder.weight.value.squared().sum(over: 0)).sum(over: -1)
    let reconstruction = (residual.squared().sum(over: -1) + spread + 3 * log(2 * Double.pi)).mean() * 0.5
    let divergence = ((mean.squared() + variance - features[1] - 1) * 0.5).sum(over: -1).mean()
    return (reconstruction * alpha, divergence * beta)
  }

  /// The mean of an estimate over many draws, for every number of every parameter.
  func estimates(_ objective: any Objective, _ choice: any EstimatorChoice, repetitions: Int) -> [[Estimate]] {
    let estimator = choice.make(with: Initializer(noise: Noise(seed: 0), type: .float64))
    let noise = Noise(seed: 5)
    let draws = (0..<repetitions).map { _ in
      objective.terms(
        of: model, on: x, divergenceFactor: 1, mode: .evaluation, using: noise, estimator: estimator
      ).total.gradients(in: parameters).map(\.doubles)
    }
    return parameters.indices.map { parameter in
      draws[0][parameter].indices.map { index in Estimate(draws.map { $0[parameter][index] }) }
    }
  }
}

/// Every estimator with every objective.
@Suite struct EstimatorTests {
  struct Pair: Sendable, CustomTestStringConvertible {
    let estimator: any EstimatorChoice
    let objective: any Objective
    var testDescription: String { "\(type(of: estimator).kind) with \(type(of: objective).kind)" }
    var isUnbiased: Bool { type(of: estimator).isUnbiased }
  }

  static let pairs: [Pair] = Subjects.estimators.flatMap { estimator in
    Subjects.defaults(Objectives.self, as: (any Objective).self).map {
      Pair(estimator: estimator.member, objective: $0)
    }
  }

  /// The evidence lower bound's two forms with weights and draws of their own.
  private static func bounds() -> [any Objective] {
    var (closed, drawn) = (ELBO(), MonteCarloELBO())
    (closed.samples, closed.reconstructionWeight, closed.divergenceWeight) = (4, 1.5, 0.7)
    (drawn.samples, drawn.reconstructionWeight, drawn.divergenceWeight) = (4, 1.5, 0.7)
    return [closed, drawn]
  }

  // 46 numbers are compared: correct ones are all within 5 standard errors in 99.997 % of all seeds.
  private static let errors = 5.0

  @Test(arguments: Subjects.estimators)
  func `an unbiased estimator's mean gradient is the exact one`(subject: Subject<any EstimatorChoice>) {
    guard type(of: subject.member).isUnbiased else { return }
    let known = KnownGradient()
    let terms = known.exact(alpha: 1.5, beta: 0.7)
    let exact = (terms.reconstruction + terms.divergence).gradients(in: known.parameters).map(\.doubles)
    for objective in Self.bounds() {
      for (found, exact) in zip(known.estimates(objective, subject.member, repetitions: 3000), exact) {
        for (estimate, value) in zip(found, exact) {
          #expect(estimate.agrees(with: value, errors: Self.errors), "\(estimate) is not \(value)")
          #expect(estimate.error < 0.12, "an error so large would agree with anything")
        }
      }
    }
  }

  @Test func `detached draws leave the encoder the divergence alone, or nothing, and the decoder all`() {
    let known = KnownGradient()
    let terms = known.exact(alpha: 1.5, beta: 0.7)
    let exact = (terms.reconstruction + terms.divergence).gradients(in: known.parameters).map(\.doubles)
    let divergence = known.exact(alpha: 1.5, beta: 0.7).divergence.gradients(in: known.parameters).map(\.doubles)
    var missing = 0.0
    for (objective, hasClosedForm) in zip(Self.bounds(), [true, false]) {
      let found = known.estimates(objective, DetachedEstimator.Settings(), repetitions: 3000)
      for (index, isOfEncoder) in known.isOfEncoder.enumerated() {
        let expected = isOfEncoder ? divergence[index].map { hasClosedForm ? $0 : 0 } : exact[index]
        for (estimate, value) in zip(found[index], expected) {
          #expect(estimate.agrees(with: value, errors: Self.errors), "\(estimate) is not \(value)")
        }
        if isOfEncoder { missing = zip(expected, exact[index]).reduce(missing) { max($0, abs($1.0 - $1.1)) } }
      }
    }
    #expect(missing > 0.5, "what is left out should be seen")
  }

  @Test(arguments: pairs)
  func `the estimator changes gradients and never the terms or their total`(pair: Pair) {
    let known = KnownGradient()
    func terms(_ choice: any EstimatorChoice) -> Terms {
      pair.objective.terms(
        of: known.model, on: known.x, divergenceFactor: 0.5, mode: .evaluation, using: Noise(seed: 1),
        estimator: choice.make(with: Initializer(noise: Noise(seed: 0), type: .float64)))
    }
    let (found, plain) = (terms(pair.estimator), terms(ReparametrizedEstimator.Settings()))
    #expect(
      found.terms.map(\.name) == plain.terms.map(\.name) && found.terms.map(\.weight) == plain.terms.map(\.weight))
    #expect(found.terms.map(\.value.bytes) == plain.terms.map(\.value.bytes))
    #expect(found.total.bytes == plain.total.bytes)
    let gradients = [found, plain].map { $0.total.gradients(in: known.parameters) }
    #expect(gradients[0].allSatisfy { $0.isAllFinite })
    for (index, isOfEncoder) in known.isOfEncoder.enumerated() where !isOfEncoder {
      #expect(gradients[0][index].bytes == gradients[1][index].bytes, "the decoder sees the same draws")
    }
  }

  @Test func `the baseline is the running mean of earlier costs, and nothing is remembered without gradients`() throws {
    var settings = ScoreFunctionEstimator.Settings()
    settings.decay = 0.75
    let estimator = settings.make(with: Initializer(noise: Noise(seed: 0)))
    let logDensity = Parameter(Tensor([0.5, -1, 2] as [Double], shape: [1, 3]))
    func slopes(_ costs: [Double]) throws -> [Double] {
      let cost = Tensor(costs, shape: [1, 3])
      let surrogate = try #require(estimator.surrogate(cost: cost) { logDensity.value })
      return surrogate.gradients(in: [logDensity])[0].doubles.map { $0 * 3 }
    }
    // Each draw's baseline is the mean of the other two; then 5; then (0.75 · 5 + 9) / 1.75.
    #expect(try slopes([2, 5, 8]) == [2 - 6.5, 0, 8 - 3.5])
    #expect(try slopes([8, 9, 10]) == [3, 4, 5])
    let before = snapshot(estimator.state)
    #expect(withoutGradients { estimator.surrogate(cost: .ones([1, 3])) { logDensity.value * 2 } } == nil)
    #expect(snapshot(estimator.state) == before)
    let baseline = (0.75 * 5 + 9) / 1.75
    #expect(zip(try slopes([0, 0, 7]), [0, 0, 7]).allSatisfy { abs($0 - ($1 - baseline)) < 1e-12 })
  }

  @Test func `a baseline lowers the variance of the score function`() {
    let known = KnownGradient()
    // With decay 0 and one row the first baseline is 0; a cost of many nats then multiplies the score.
    let shifted = known.estimates(ELBO(), ScoreFunctionEstimator.Settings(), repetitions: 500)
    let plain = known.estimates(ELBO(), ReparametrizedEstimator.Settings(), repetitions: 500)
    func variance(_ estimates: [[Estimate]]) -> Double {
      zip(estimates, known.isOfEncoder).reduce(0) { sum, group in
        group.1 ? group.0.reduce(sum) { $0 + $1.error * $1.error } : sum
      }
    }
    #expect(variance(shifted) > 3 * variance(plain), "and yet it stays far above that of reparametrized draws")
  }

  @Test(arguments: Subjects.estimators)
  func `a run that is stopped and resumed gives the bytes of one that was not`(subject: Subject<any EstimatorChoice>)
    throws
  {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    var configuration = try TrainingRuns.configuration()
    var objective = ELBO()
    func chosen(_ choice: some Choice) -> Chosen<Estimators> { Chosen<Estimators>(choice) }
    objective.estimator = chosen(subject.member)
    configuration.objective = Chosen(objective)
    let whole = try TrainingRuns.uninterrupted(configuration, in: RunFolder("\(scratch.path)/whole"))
    let folder = RunFolder("\(scratch.path)/stopped")
    _ = try Run.create(configuration, in: folder).train { report in
      if case .epoch = report { .stop } else { .proceed }
    }
    for _ in 2...4 {
      _ = try Run.resume(folder).train { report in if case .epoch = report { .stop } else { .proceed } }
    }
    _ = try Run.resume(folder).train { _ in .proceed }
    #expect(try TrainingRuns.Result(folder) == whole)
  }

  @Test func `estimators are chosen by name with their settings, and refused with their path`() throws {
    let configuration = try Configuration(
      preset: nil, file: nil, settings: ["objective.estimator=score-function", "objective.estimator.decay=0.5"])
    let estimator = try configuration.objective.member().estimator
    #expect((estimator.choice as? ScoreFunctionEstimator.Settings)?.decay == 0.5)
    func refused(_ settings: String...) -> String {
      refusal { _ = try Configuration(preset: nil, file: nil, settings: settings) } ?? ""
    }
    #expect(refused("objective.estimator=scorefunction").contains("'score-function'"))
    #expect(
      refused("objective.estimator={kind: score-function, decay: 1}").hasPrefix("objective.estimator.decay: 1"))
  }
}
