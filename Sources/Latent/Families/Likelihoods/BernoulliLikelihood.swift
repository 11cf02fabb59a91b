public import Torch

/// Binary elements, by logits.
///
///     log p(x|z) = Σ_d x_d log p_d + (1 − x_d) log(1 − p_d)
///
/// On values strictly between 0 and 1 this is a score, not a density: it does not integrate to 1. The continuous Bernoulli does.
public struct BernoulliLikelihood: Likelihood {
  /// One logit.
  public let featuresPerElement = 1

  /// True; greys are described by a score only.
  public let isDiscrete = true

  /// A likelihood of binary elements.
  public init() {}

  /// Within [0, 1], as observations are.
  public func encoderInput(free: Tensor) -> Tensor { free.squashed() }

  /// Σ_d x_d log p_d + (1 − x_d) log(1 − p_d), from logits without overflow.
  public func logDensity(of x: Tensor, features: Tensor) -> Tensor { x.bernoulliLogDensity(logits: features) }

  /// p.
  public func mean(_ features: Tensor) -> Tensor { features.sigmoid() }

  /// ln p − ln (1 − p), where p is the mean kept within 0.001 … 0.999.
  public func features(withMean mean: Tensor) -> Tensor? {
    let p = mean.clamped(to: 0.001...0.999)
    return p.logarithm() - (1 - p).logarithm()
  }

  /// 0 or 1.
  public func sample(_ features: Tensor, using noise: Noise) -> Tensor { noise.bernoulli(features.sigmoid()) }

  /// Probabilities of black and white; of greys, scores.
  public func measure(of x: Tensor) -> LikelihoodMeasure {
    (x * (1 - x)).maximum().item > 0 ? .score : .probability
  }

  /// Says that greys are not black and white.
  public func remark(on x: Tensor) -> String? {
    guard measure(of: x) == .score else { return nil }
    return
      "The values are greys, and on greys the Bernoulli gives a score, no density: its numbers compare only with those of the same "
      + "score; --set model.likelihood=continuous-bernoulli is a density, --set data.binarization=dynamic makes the values binary."
  }

  /// What can be set: nothing.
  public struct Settings: LikelihoodChoice {
    /// `bernoulli`.
    public static var kind: String { "bernoulli" }
    /// One sentence.
    public static var summary: String {
      "binary values, or greys in [0, 1] (then a score, no density): Σ x log p + (1 − x) log(1 − p)"
    }
    /// The only one.
    public init() {}

    /// Bytes and levels of pictures become [0, 1]; other values stay as they are.
    public func scaling(for data: DataSummary) -> ScalingKind { .unitForPictures(data) }

    /// Only values in [0, 1].
    public func check(_ range: ValueRange) throws(LatentError) { try range.demandUnitInterval(for: Self.kind) }

    /// The likelihood.
    public func make(dimensions: Int, with initializer: Initializer) throws(LatentError) -> any Likelihood {
      BernoulliLikelihood()
    }
  }
}

extension ScalingKind {
  /// [0, 1] for pictures whose values are not below 0, and nothing for other data.
  static func unitForPictures(_ data: DataSummary) -> ScalingKind {
    data.isPicture && data.minimum >= 0 ? .unit : .none
  }
}

extension ValueRange {
  /// Refuses what lies outside [0, 1].
  func demandUnitInterval(for kind: String) throws(LatentError) {
    guard minimum >= 0, maximum <= 1 else {
      let remedy =
        isUnitScaled
        ? "the scale is that of the training rows, which others exceed: bring the data itself to [0, 1]"
        : "add --set data.scaling=unit"
      throw LatentError(
        "likelihood '\(kind)' describes values in [0, 1] and the data, as scaled, goes from \(minimum.brief) to \(maximum.brief); "
          + "\(remedy), or choose --set model.likelihood=gaussian.")
    }
  }
}
