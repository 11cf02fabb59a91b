internal import Foundation
internal import Torch

/// What the gap of a bound consists of: what the form of q(z|x) cannot do, and what the encoder does not find.
///
///     log p(x) − ELBO(q) = (log p(x) − ELBO(q*)) + (ELBO(q*) − ELBO(q)) = approximation + amortization
///
/// q* is the best posterior of the same form for each row by itself, found by gradients from the encoder's. What they have not found counts
/// as approximation.
/// - SeeAlso: Cremer, Li & Duvenaud, “Inference Suboptimality in Variational Autoencoders”, 2018.
public struct GapParts: Codable, Sendable, Equatable {
  /// Steps of each row.
  public var steps = 0
  /// −ELBO with q*.
  public var refinedNegativeELBO = 0.0
  /// log p(x) − ELBO(q*).
  public var approximation = 0.0
  /// Its standard error, of all draws.
  public var approximationError = 0.0
  /// ELBO(q*) − ELBO(q), both with the same draws.
  public var amortization = 0.0
  /// Its standard error, of the draws.
  public var amortizationError = 0.0

  /// Nothing estimated.
  public init() {}
}

extension Evaluation {
  /// Splits the gap, by a refinement of q(z|x) for each row.
  ///
  /// - Parameter steps: Of Adam, from 1; its rate falls from 0.02 to 0.
  /// - Parameter progress: Is told the part that is done, 0 … 1.
  /// - Parameter isStopped: Whether to end early, without a result.
  /// - Throws: ``LatentError`` where there is no gap, or the rows are not those of this evaluation.
  public mutating func splitGap(
    of trained: TrainedModel, on data: Dataset, steps: Int, seed: UInt64 = 0, progress: (Double) -> Void = { _ in },
    isStopped: () -> Bool = { false }
  ) throws(LatentError) {
    guard steps >= 1 else { throw LatentError("steps: \(steps) steps refine nothing; use at least 1.") }
    guard let gapError, gap.isFinite else {
      throw LatentError("there is no gap to be split where the posterior has no density; leave the refinement out.")
    }
    let (batch, _) = Self.portion(of: trained, rows: data.count, samples: samples)
    let rows = try JudgedRows(data, for: trained, batch: batch, seed: seed)
    guard rows.count == self.rows else {
      throw LatentError("\(rows.count) rows cannot split the gap of \(self.rows); give those that were judged.")
    }
    let refinement = Refinement(of: trained, steps: steps)
    var gains = RunningMoments()
    var variance = 0.0
    rows.forEach { part, x in
      for start in stride(from: 0, to: part.count, by: refinement.batch) {
        let members = start..<min(start + refinement.batch, part.count)
        let first = part.lowerBound + start
        func noise(_ stream: String) -> Noise { Noise(seed: seed, stream: stream, index: first, on: trained.device) }
        let x = x[members].contiguous()
        let features = trained.model.features(of: x)
        let refined = refinement.refined(
          features, for: x, using: noise("refinement"),
          progress: { progress((Double(first) + Double(members.count) * $0) / Double(rows.count)) },
          isStopped: isStopped)
        guard let refined else { return false }
        let found = refinement.gains(
          from: features, to: refined, on: x, samples: samples, noise: { noise("gain of a refinement") })
        for gain in found {
          gains.add(gain.mean)
          variance += gain.varianceOfMean
        }
      }
      return true
    }
    guard gains.count == rows.count else { return }
    var parts = GapParts()
    parts.steps = steps
    parts.amortization = gains.mean
    parts.amortizationError = variance.squareRoot() / Double(rows.count)
    parts.refinedNegativeELBO = negativeELBO - gains.mean
    parts.approximation = gap - gains.mean
    parts.approximationError = (gapError * gapError + parts.amortizationError * parts.amortizationError).squareRoot()
    gapParts = parts
  }
}

extension VAE {
  /// What the posterior is made from, for each row: the encoder's outputs.
  func features(of x: Tensor) -> Tensor {
    withoutGradients { encoder(likelihood.encoderInput(x), mode: .evaluation) }
  }
}

/// The best posterior of a row, by gradients of its ELBO in what the encoder says of it.
private struct Refinement {
  /// Draws of each step.
  private static let draws = 8
  private static let learningRate = 0.02

  /// Rows that are refined at once.
  let batch: Int
  private let steps: Int
  private let model: VAE
  private let width: Int

  init(of trained: TrainedModel, steps: Int) {
    (self.steps, model) = (steps, trained.model)
    width = max(trained.data.dimensions * model.likelihood.featuresPerElement, model.prior.width)
    batch = max(1, min(500, Evaluation.limit / (Self.draws * width)))
  }

  /// Features of better posteriors, in the place of those of the encoder; nil where it was stopped.
  func refined(
    _ features: Tensor, for x: Tensor, using noise: Noise, progress: (Double) -> Void, isStopped: () -> Bool
  ) -> Tensor? {
    let parameter = Parameter(features.copied())
    let optimizer = Adam().make(for: [("features", parameter)])
    for step in 0..<steps {
      if isStopped() { return nil }
      let terms = bound(of: model.posterior(parameter.value), on: x, samples: Self.draws, noise: noise)
      let rate = Self.learningRate * 0.5 * (1 + cos(Double.pi * Double(step) / Double(steps)))
      optimizer.step((-terms.mean(over: 0).sum()).gradients(in: [parameter]), learningRate: rate)
      progress(Double(step + 1) / Double(steps))
    }
    return parameter.value.detached()
  }

  /// What each row's ELBO gains, by draws that are the same for both.
  func gains(
    from features: Tensor, to refined: Tensor, on x: Tensor, samples: Int, noise: () -> Noise
  ) -> [RunningMoments] {
    withoutGradients {
      let posteriors = [features, refined].map { model.posterior($0) }
      let noises = [noise(), noise()]
      let count = x.extent(0)
      var moments = Array(repeating: RunningMoments(), count: count)
      let draws = max(1, min(samples, Evaluation.limit / (count * width)))
      for start in stride(from: 0, to: samples, by: draws) {
        let found = zip(posteriors, noises).map { posterior, noise in
          bound(of: posterior, on: x, samples: min(draws, samples - start), noise: noise).values(as: Double.self)
        }
        for index in found[0].indices { moments[index % count].add(found[1][index] - found[0][index]) }
      }
      return moments
    }
  }

  /// The ELBO of each draw and row, shape `[samples, batch]`; its divergence is in closed form where there is one.
  private func bound(
    of posterior: any LatentDistribution, on x: Tensor, samples: Int, noise: Noise
  ) -> Tensor {
    let z = posterior.sample(samples, using: noise)
    let likelihood = model.logLikelihood(of: x, given: z)
    if let closedForm = model.prior.divergence(of: posterior) { return likelihood - closedForm.sum(over: -1) }
    return likelihood + model.prior.logDensity(of: z) - posterior.logDensity(of: z)
  }
}
