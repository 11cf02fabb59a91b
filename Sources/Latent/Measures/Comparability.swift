internal import Foundation
internal import Torch

/// Whether log densities of several models are statements of the same thing, and what makes them so.
struct Comparability {
  /// What the numbers are.
  let measure: LikelihoodMeasure
  /// What is added to −log p of each model so that all are of the data in their own units, Σ_d ln |scale_d| for densities and else 0.
  let jacobians: [Double]
  /// Whether the models scale differently, so that without ``jacobians`` the numbers would not compare.
  let isRescaled: Bool

  /// Looks at models that are to be judged on the same rows.
  ///
  /// - Parameter names: What each is called.
  /// - Throws: ``LatentError`` in one sentence where the numbers cannot be compared.
  init(of models: [TrainedModel], named names: [String], on rows: Dataset) throws(LatentError) {
    var found: [LikelihoodMeasure] = []
    for (trained, name) in zip(models, names) {
      guard try trained.configuration.model.posterior.member().hasDensity else {
        throw LatentError(
          "'\(name)' cannot be compared by −log p(x): its posterior '\(trained.configuration.model.posterior.kind)' has no density, so it "
            + "has neither an ELBO nor an estimate of log p(x); compare its reconstruction and samples without --on.")
      }
      found.append(try trained.measure(on: rows))
    }
    func pair(_ index: Int) -> String { "'\(names[0])' and '\(names[index])' cannot be compared: " }
    for index in models.indices.dropFirst() {
      let (first, other) = (models[0], models[index])
      if found[0] != found[index] {
        throw LatentError(
          pair(index)
            + "the numbers of '\(first.configuration.model.likelihood.kind)' are \(found[0].words) and those of "
            + "'\(other.configuration.model.likelihood.kind)' \(found[index].words); give runs with likelihoods of one kind."
        )
      }
      let seeds = (first.configuration.data.splitSeed, other.configuration.data.splitSeed)
      if first.data.binarization != other.data.binarization || first.data.binarization == .fixed && seeds.0 != seeds.1 {
        throw LatentError(
          pair(index)
            + "they make the data black and white differently (data.binarization \(first.data.binarization.rawValue) and "
            + "\(other.data.binarization.rawValue)\(seeds.0 == seeds.1 ? "" : ", data.splitSeed \(seeds.0) and \(seeds.1)")), and so are judged "
            + "on other values; give runs that agree in it.")
      }
      let isTouched = found[0] == .score || first.data.binarization != .none
      if isTouched, first.data.scaling != other.data.scaling {
        throw LatentError(
          pair(index)
            + "they scale the data differently, and \(found[0] == .score ? "scores" : "black and white") of other values "
            + "do not compare; give runs with the same data.scaling of the same rows.")
      }
    }
    measure = found.first ?? .density
    isRescaled = models.contains { $0.data.scaling != models[0].data.scaling }
    let isDensity = measure == .density
    jacobians = models.map { isDensity ? $0.data.logScale : 0 }
  }
}

extension TrainedModel {
  /// What the numbers of the likelihood are, by the first thousand rows.
  fileprivate func measure(on rows: Dataset) throws(LatentError) -> LikelihoodMeasure {
    let first = rows.rows(Array(0..<min(1000, rows.count)))
    let preparation = Preparation(data, on: device)
    let noise = Noise(seed: 0, stream: "kind of values", on: device)
    let ready = try preparation.prepared(first, part: "evaluation", seed: configuration.data.splitSeed)
    return model.likelihood.measure(of: preparation.batch(of: ready, rows: 0..<ready.count, noise: noise))
  }
}

extension DataDescription {
  /// Σ_d ln |scale_d|, by which −log p of scaled values falls short of that of the data in their own units.
  var logScale: Double {
    let scale = scaling.scale
    return scale.count == 1
      ? Double(dimensions) * log(abs(scale[0])) : scale.reduce(0) { $0 + log(abs($1)) }
  }
}
