internal import Foundation
internal import Torch

// Embedded digits and a linear-Gaussian model of them, of which everything is known.
extension Conformance {
  /// Principal components of some digits as a VAE, whose encoder may be made wrong.
  private struct LinearDigits {
    let rows: Dataset
    /// As the model sees them, in double precision.
    let x: Tensor
    let exact: LinearGaussianModel
    private let configuration: Configuration
    private let data: DataDescription

    init(latents: Int, rows count: Int? = nil) throws {
      var configuration = try Configuration(preset: "ppca", file: nil, settings: ["data.scaling=unit"])
      configuration.model.latents = latents
      let all = try DataSource.load(configuration.data).training
      let rows = all.rows(Array(0..<(count ?? all.count)))
      self.rows = rows
      data = try DataDescription(of: rows, configuration: configuration.data)
      x = Preparation(data).batch(of: rows, rows: 0..<rows.count, noise: nil).to(type: .float64)
      exact = try PPCAFit(x, latents: latents).model
      self.configuration = configuration
    }

    /// −log p(x), the mean over rows.
    var negativeLogLikelihood: Double { -exact.logLikelihood(of: x).mean().item }

    /// How an encoder differs from the exact posterior: what is added to every mean, and to the log of every variance.
    struct Fault {
      var shift = 0.0
      var spread = 0.0
    }

    func trained(_ fault: Fault = Fault()) throws -> TrainedModel {
      let model = try VAE(configuration.model, shape: data.shape, with: Initializer(noise: Noise(seed: 0)))
      try exact.write(to: model)
      if let encoder = Linear(only: model.encoder) {
        let latents = exact.latents
        let rest = encoder.bias.value.count - 2 * latents
        let added =
          Array(repeating: fault.shift, count: latents) + Array(repeating: fault.spread, count: latents)
          + Array(repeating: 0, count: rest)
        withoutGradients { encoder.bias.value.copy(from: encoder.bias.value.to(type: .float64) + Tensor(added)) }
      }
      return TrainedModel(model: model, data: data, configuration: configuration, device: .cpu)
    }

    /// q(z|x) of every row for such an encoder. The exact posterior is diagonal, as principal axes are orthogonal.
    func posterior(_ fault: Fault = Fault()) -> FullGaussian {
      let mean = exact.posteriorMean(of: x) + fault.shift
      let deviations = exact.posteriorCovariance.diagonal().squareRoot() * exp(fault.spread / 2)
      let factor = deviations.unsqueezed(at: -1) * Tensor.identity(exact.latents, type: .float64)
      return FullGaussian(mean: mean, factor: factor.expanded([x.extent(0)] + factor.shape).contiguous())
    }

    /// KL(q(z|x) ‖ p(z|x)), the mean over rows.
    func gap(_ fault: Fault) -> Double { posterior(fault).divergence(from: posterior()).mean().item }
  }

  /// Of all 1797 digits, pixels divided by 16: published values, which another library gave.
  private static let published = [(2, 0.005707), (5, 8.907637), (10, 17.451947)]

  @Sendable static func principalComponentsLikelihood(_ examiner: Examiner) throws {
    for (latents, published) in published {
      let digits = try LinearDigits(latents: latents)
      let found = -digits.negativeLogLikelihood
      examiner.compare(found, with: published, of: "\(latents) latents, published")
      // −½ (D ln 2π + Σ ln λ_i + (D − q) ln σ² + D), eigenvalues in rising order.
      let centred = digits.x - digits.x.mean(over: 0)
      let eigenvalues = (centred.transposed().times(centred) / Double(digits.x.extent(0))).symmetricEigen().values
        .values(as: Double.self)
      let dimensions = eigenvalues.count
      let rest = eigenvalues.prefix(dimensions - latents)
      let noise = rest.reduce(0, +) / Double(rest.count)
      let kept = eigenvalues.suffix(latents).reduce(0) { $0 + log($1) }
      let exact =
        -0.5 * (Double(dimensions) * (log(2 * .pi) + 1) + kept + Double(dimensions - latents) * log(noise))
      examiner.compare(found, with: exact, of: "\(latents) latents, eigenvalues")
    }
  }

  @Sendable static func linearVAE(_ examiner: Examiner) throws {
    let digits = try LinearDigits(latents: 2, rows: 100)
    let configuration = try Configuration(
      preset: "linear-ppca", file: nil,
      settings: ["data.scaling=unit", "data.rows=100", "threads=1", "training.epochs=2000"])
    let setup = try TrainingSetup(configuration) { (digits.rows, nil) }
    for _ in setup.training {}
    guard let found = LinearGaussianModel(setup.trained.model) else { throw LatentError("the model is not linear.") }
    examiner.compare(
      found.logLikelihood(of: digits.x).mean().item, with: -digits.negativeLogLikelihood, of: "log p(x) of 100 digits")
  }

  private static let faults: [LinearDigits.Fault] = [
    .init(shift: 0.05, spread: 0.2), .init(shift: -0.1, spread: 0.5), .init(shift: 0, spread: 0.7),
  ]

  /// Single precision adds about this to a number, which is the sum of some 64 terms of either sign.
  private static let rounding = 1e-5

  @Sendable static func linearLikelihood(_ examiner: Examiner) throws {
    for latents in [1, 4] {
      let digits = try LinearDigits(latents: latents, rows: 200)
      for fault in faults {
        let found = try Evaluation.estimate(of: digits.trained(fault), on: digits.rows, samples: 1000)
        examiner.compare(
          found.negativeLogLikelihood, error: found.standardError, with: digits.negativeLogLikelihood, resolving: 0.02,
          rounding: rounding, of: "\(latents) latents, shift \(fault.shift), spread \(fault.spread)")
      }
    }
  }

  @Sendable static func importanceBound(_ examiner: Examiner) throws {
    let digits = try LinearDigits(latents: 4, rows: 200)
    let trained = try digits.trained(.init(shift: 0.15, spread: 0.5))
    let exact = digits.negativeLogLikelihood
    var last = (value: Double.infinity, error: 0.0)
    for samples in [2, 10, 100, 1000, 5000] {
      let found = try Evaluation.estimate(of: trained, on: digits.rows, samples: samples)
      let error = max(found.standardError, rounding)
      let now = (value: found.negativeLogLikelihood, error: error)
      if last.value.isFinite {
        let difference = (last.error * last.error + now.error * now.error).squareRoot()
        examiner.compare(
          now.value, error: difference, isAtMost: last.value, of: "−log p(x), K = \(samples), above that of less")
      }
      examiner.compare(
        exact, error: now.error, isAtMost: now.value, of: "−log p(x), K = \(samples), below the exact one")
      last = now
    }
    examiner.compare(
      last.value, error: last.error, with: exact, resolving: 0.02, rounding: rounding, of: "the last and the exact one")
  }

  @Sendable static func objectiveTerms(_ examiner: Examiner) throws {
    let digits = try LinearDigits(latents: 2, rows: 50)
    let fault = LinearDigits.Fault(shift: 0.1, spread: 0.4)
    let model = try digits.trained(fault).model
    let exact = digits.negativeLogLikelihood + digits.gap(fault)
    let x = digits.x.to(type: .float32)
    for objective in ClaimSubjects.members(Objectives.self, as: (any Objective).self) where objective.hasDivergence {
      let draws = (0..<300).map { seed in
        withoutGradients {
          let terms = objective.terms(
            of: model, on: x, divergenceFactor: 1, mode: .evaluation, using: Noise(seed: UInt64(seed)))
          return terms.terms.reduce(0) {
            ["reconstruction", "divergence"].contains($1.name) ? $0 + $1.value.item : $0
          }
        }
      }
      let found = Estimate(draws)
      examiner.compare(
        found.mean, error: found.error, with: exact, resolving: 0.05, rounding: rounding, of: type(of: objective).kind)
    }
  }

  @Sendable static func gap(_ examiner: Examiner) throws {
    let digits = try LinearDigits(latents: 4, rows: 200)
    for fault in faults {
      let found = try Evaluation.estimate(of: digits.trained(fault), on: digits.rows, samples: 1000)
      examiner.compare(
        found.gap, error: found.negativeELBOError + found.standardError, with: digits.gap(fault), resolving: 0.05,
        rounding: rounding, of: "shift \(fault.shift), spread \(fault.spread)")
    }
  }

  @Sendable static func divergenceSplit(_ examiner: Examiner) throws {
    let digits = try LinearDigits(latents: 2, rows: 100)
    let q = digits.posterior()
    // A grid over all codes, by even weights: the densities are smooth and vanish at its ends.
    let points = 400
    let step = 12 / Double(points)
    let axis = (Tensor.range(points + 1, type: .float64) * step) - 6
    let square = [points + 1, points + 1]
    let z = Tensor.stack(
      [
        axis.unsqueezed(at: 1).expanded(square).reshaped([-1]), axis.unsqueezed(at: 0).expanded(square).reshaped([-1]),
      ], along: 1)
    let rows = Double(digits.rows.count)
    let aggregate = (q.logDensities(ofEach: z).logSumExp(over: -1) - log(rows)).exponential()
    func entropic(_ density: Tensor, _ other: Tensor, _ cell: Double) -> Double {
      // x ln x is 0 at 0, where a density vanishes in double precision.
      let ratio = (density + .leastNormalMagnitude).logarithm() - other
      return (density * ratio).sum().item * cell
    }
    let divergence = q.standardNormalDivergence().sum(over: -1).mean().item
    let exact = entropic(aggregate, StandardNormal.logDensity(of: z), step * step)
    let table = aggregate.reshaped(square)
    let normal = StandardNormal.logDensities(of: axis)
    let marginals = [table.sum(over: 1) * step, table.sum(over: 0) * step].map { entropic($0, normal, step) }
    let split = try Evaluation.estimate(of: digits.trained(), on: digits.rows, samples: 2).divergenceSplit
    guard let split, let correlation = split.totalCorrelation, let alone = split.marginalDivergence else {
      throw LatentError("the divergence was not split.")
    }
    let latents = marginals.reduce(0, +)
    for (name, found, error, exact) in [
      ("mutual information", split.mutualInformation, split.mutualInformationError, divergence - exact),
      ("aggregate", split.aggregateDivergence, split.aggregateDivergenceError, exact),
      ("total correlation", correlation, split.totalCorrelationError ?? .infinity, exact - latents),
      ("latents alone", alone, split.marginalDivergenceError ?? .infinity, latents),
    ] {
      examiner.compare(found, error: error, with: exact, resolving: 0.05, rounding: rounding, of: name)
    }
  }
}
