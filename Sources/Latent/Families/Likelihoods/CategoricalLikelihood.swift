public import Torch

/// Elements of C levels 0 … C − 1, by C logits each.
///
///     log p(x|z) = Σ_d log softmax(logits_d)[x_d]
public struct CategoricalLikelihood: Likelihood {
  /// C.
  public let levels: Int

  /// C logits.
  public var featuresPerElement: Int { levels }

  /// True.
  public let isDiscrete = true

  /// A likelihood of so many levels.
  public init(levels: Int) { self.levels = levels }

  /// Levels divided by C − 1, so that they lie in [0, 1].
  public func encoderInput(_ x: Tensor) -> Tensor { x / Double(levels - 1) }

  /// Within [0, 1], as observations are.
  public func encoderInput(free: Tensor) -> Tensor { free.squashed() }

  /// `[…, D · C]` as `[…, D, C]`.
  private func logits(_ features: Tensor) -> Tensor {
    features.reshaped(features.shape.dropLast() + [features.extent(-1) / levels, levels])
  }

  /// Σ_d log softmax(logits_d)[x_d].
  public func logDensity(of x: Tensor, features: Tensor) -> Tensor {
    let logProbabilities = logits(features).logSoftmax()
    let index = x.to(type: .int64).unsqueezed(at: -1).expanded(logProbabilities.shape.dropLast() + [1])
    return logProbabilities.gathered(along: -1, at: index).squeezed(at: -1).sum(over: -1)
  }

  /// Probabilities of levels.
  public func measure(of x: Tensor) -> LikelihoodMeasure { .probability }

  /// Σ_c c · p_c.
  public func mean(_ features: Tensor) -> Tensor {
    (logits(features).softmax() * Tensor.range(levels, type: features.type, on: features.device)).sum(over: -1)
  }

  /// One level for each element.
  public func sample(_ features: Tensor, using noise: Noise) -> Tensor {
    let probabilities = logits(features).softmax()
    let drawn = noise.categories(probabilities.reshaped([-1, levels]))
    return drawn.reshaped(probabilities.shape.dropLast()).to(type: features.type)
  }

  /// What can be set.
  public struct Settings: LikelihoodChoice {
    /// C, the number of levels; 0 takes the data's greatest value and one.
    public var levels = 0

    /// The most levels that make sense as categories.
    static let limit = 4096

    /// `categorical`.
    public static var kind: String { "categorical" }
    /// One sentence.
    public static var summary: String { "values of C levels 0 … C − 1, C logits each: Σ log softmax(logits)[x]" }
    /// The defaults.
    public init() {}

    /// Two levels at the least.
    public func validate() throws(LatentError) {
      guard levels == 0 || (2...Self.limit).contains(levels) else {
        throw LatentError(
          "levels: \(levels) is no number of levels; expected 2 to \(Self.limit), or 0 for what the data has.")
      }
    }

    /// Takes the number of levels from the data where none is set.
    public func resolved(for data: DataSummary) throws(LatentError) -> any LikelihoodChoice {
      guard levels == 0 else { return self }
      try ValueRange(minimum: data.minimum, maximum: data.maximum, isWhole: data.isWhole).demandLevels(Self.limit)
      var resolved = self
      resolved.levels = max(2, Int(data.maximum) + 1)
      return resolved
    }

    /// Levels are taken as they are.
    public func scaling(for data: DataSummary) -> ScalingKind { .none }

    /// Only whole numbers 0 … C − 1.
    public func check(_ range: ValueRange) throws(LatentError) { try range.demandLevels(levels) }

    /// The likelihood.
    public func make(dimensions: Int, with initializer: Initializer) throws(LatentError) -> any Likelihood {
      guard levels >= 2 else {
        throw LatentError(
          "model.likelihood.levels: must be set, or resolved for some data, before a model can be made.")
      }
      return CategoricalLikelihood(levels: levels)
    }
  }
}

extension ValueRange {
  /// Refuses fractions and whole numbers outside 0 … levels − 1.
  fileprivate func demandLevels(_ levels: Int) throws(LatentError) {
    guard isWhole, minimum >= 0, maximum <= Double(levels - 1) else {
      let reason = isWhole ? "goes from \(minimum.brief) to \(maximum.brief)" : "has fractions"
      throw LatentError(
        "likelihood 'categorical' describes whole numbers from 0 to \(levels - 1) and the data, as scaled, \(reason); "
          + "choose --set model.likelihood=gaussian, or --set data.scaling=none where the data itself has levels.")
    }
  }
}
