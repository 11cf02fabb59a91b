internal import Foundation
internal import Torch

extension CollapseDiagnosis {
  /// Looks at a model; nothing is concluded yet.
  ///
  /// - Parameter most: The rows that are looked at, at the most.
  /// - Throws: ``LatentError`` where the rows do not fit the model.
  init(
    of trained: TrainedModel, on rows: Dataset, course: TrainingCourse?, training: Dataset?, seed: UInt64,
    most: Int = CollapseDiagnosis.most
  ) throws(LatentError) {
    func looked(_ rows: Dataset, _ part: String) throws(LatentError) -> LookedAt {
      let few = rows.count > most ? rows.rows(Self.spread(most, over: rows.count)) : rows
      let preparation = Preparation(trained.data, on: trained.device)
      let ready = try preparation.prepared(few, part: part, seed: trained.configuration.data.splitSeed)
      let noise = Noise(seed: seed, stream: "diagnosis of \(part)", on: trained.device)
      return withoutGradients {
        LookedAt(trained.model, x: preparation.batch(of: ready, rows: 0..<ready.count, noise: noise), noise: noise)
      }
    }
    let judged = try looked(rows, "evaluation")
    self.rows = judged.negativeELBO.count
    latents = trained.model.latents
    activeUnits = judged.activeUnits
    (shuffleCost, shuffleCostError) = (judged.shuffleCosts.mean, judged.shuffleCosts.standardError)
    (clampedPart, flooredPart) = (judged.clampedPart, judged.flooredPart)
    let objective = try trained.configuration.objective.member()
    if objective.hasDivergence, try trained.configuration.training.fit.member() is GradientFit {
      effectiveBeta = objective.effectiveBeta()
      lastEffectiveBeta = course?.effectiveBetas.last
      bestEffectiveBeta = course.flatMap {
        $0.effectiveBetas.indices.contains($0.bestEpoch - 1) ? $0.effectiveBetas[$0.bestEpoch - 1] : nil
      }
    }
    guard let training, judged.negativeELBO.count > 1 else { return }
    let known = try looked(training, "training").negativeELBO
    guard known.count > 1 else { return }
    let gap = judged.negativeELBO.mean - known.mean
    generalizationGap = gap
    let errors = (judged.negativeELBO.standardError, known.standardError)
    generalizationGapError = (errors.0 * errors.0 + errors.1 * errors.1).squareRoot()
    let deviation = judged.negativeELBO.standardError * Double(judged.negativeELBO.count).squareRoot()
    generalizationEffect = deviation > 0 ? gap / deviation : 0
  }

  /// So many numbers below a count, evenly spread.
  private static func spread(_ number: Int, over count: Int) -> [Int] { (0..<number).map { $0 * count / number } }
}

/// What some rows show of a model.
private struct LookedAt {
  /// −ELBO by one draw; of a posterior without a density, the reconstruction alone.
  let negativeELBO: [Double]
  let shuffleCosts: [Double]
  let activeUnits: Int
  let clampedPart: Double?
  let flooredPart: Double?

  init(_ model: VAE, x: Tensor, noise: Noise) {
    let posterior = model.encode(x)
    let z = posterior.sample(1, using: noise)
    let features = model.decoder(z)
    let own = model.likelihood.logDensity(of: x, features: features).squeezed(at: 0).to(type: .float64)
    let ratio: Tensor? =
      posterior.isPoint
      ? nil
      : (model.prior.divergence(of: posterior)?.sum(over: -1)
        ?? (posterior.logDensity(of: z) - model.prior.logDensity(of: z)).squeezed(at: 0)).to(type: .float64)
    negativeELBO = (ratio.map { $0 - own } ?? -own).values(as: Double.self)
    // A random order, each row with the code of the next: no row keeps its own.
    let order = noise.permutation(x.extent(0)).values(as: Int64.self).map(Int.init)
    var other = order
    for (place, row) in order.enumerated() { other[row] = order[(place + 1) % order.count] }
    let index = Tensor(other.map(Int64.init), shape: [other.count]).to(device: x.device)
    let foreign = model.logLikelihood(of: x, given: z.squeezed(at: 0).rows(index).unsqueezed(at: 0))
    shuffleCosts = (own - foreign.squeezed(at: 0).to(type: .float64)).values(as: Double.self)
    let means = posterior.mean.to(type: .float64)
    let count = Double(x.extent(0))
    let activity = (means - means.mean(over: 0)).squared().sum(over: 0) / count
    activeUnits = activity.values(as: Double.self).count { $0 > Evaluation.activityThreshold }
    clampedPart = model.posterior.logVarianceRange.map { range in
      let logVariance = posterior.variance.logarithm().to(type: .float64)
      return Self.part(logVariance .<= range.lowerBound + 1e-3) + Self.part(logVariance .>= range.upperBound - 1e-3)
    }
    flooredPart = model.likelihood.boundedVariance(features).flatMap { bounded in
      // A floor of 0 is none.
      bounded.floor > 0 ? Self.part(bounded.values.to(type: .float64) .<= 1.1 * bounded.floor) : nil
    }
  }

  private static func part(_ condition: Tensor) -> Double { condition.to(type: .float64).mean().item }
}
