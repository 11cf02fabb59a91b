internal import Foundation
public import Torch

/// The density on [0, 1] that is proportional to λˣ (1 − λ)¹⁻ˣ, by its logit l = ln λ − ln(1 − λ).
///
///     p(x) = C(l) λˣ (1 − λ)¹⁻ˣ,   C(l) = l / tanh(l / 2),   C(0) = 2
///
/// - SeeAlso: Loaiza-Ganem & Cunningham, “The continuous Bernoulli: fixing a pervasive error in variational autoencoders”, 2019.
public struct ContinuousBernoulliDistribution {
  /// l, any shape.
  public let logits: Tensor

  /// A distribution by its logits.
  public init(logits: Tensor) { self.logits = logits }

  /// Below this |l| the formulas lose digits to cancellation and their series are exact to better than 1e-14.
  private static let small = 0.05

  /// Takes `series` near l = 0 and `formula` elsewhere; the formula never sees the small values, so its gradient stays finite.
  private func branched(series: (Tensor) -> Tensor, formula: (Tensor) -> Tensor) -> Tensor {
    let isSmall = logits.absolute() .< Self.small
    let away = Tensor.choose(Tensor(1, type: logits.type, on: logits.device), where: isSmall, else: logits)
    let near = Tensor.choose(logits, where: isSmall, else: Tensor(0, type: logits.type, on: logits.device))
    return .choose(series(near), where: isSmall, else: formula(away))
  }

  /// ln C(l) = ln 2 + l²/12 − 7 l⁴/1440 + 31 l⁶/90720 − …
  public func logNormalizer() -> Tensor {
    branched(
      series: { $0.squared() / 12 - $0.power(4) * (7 / 1440) + $0.power(6) * (31 / 90720) + log(2) },
      formula: { $0.absolute().logarithm() - ($0.absolute() / 2).hyperbolicTangent().logarithm() })
  }

  /// E[x] = sigmoid(l) / tanh(l / 2) − 1 / l = ½ + l/12 − l³/720 + l⁵/30240 − …
  public func mean() -> Tensor {
    branched(
      series: { $0 / 12 - $0.power(3) / 720 + $0.power(5) / 30240 + 0.5 },
      formula: { $0.sigmoid() / ($0 / 2).hyperbolicTangent() - $0.reciprocal() })
  }

  /// Draws by the inverse of the distribution function.
  ///
  ///     x = −ln(1 − u (1 − e⁻|l|)) / |l|, mirrored where l > 0
  public func sample(using noise: Noise) -> Tensor {
    let u = noise.uniform(logits.shape, type: logits.type)
    let towardsZero = branched(
      series: { l in u + l.absolute() * (u.squared() - u) * 0.5 },
      formula: { l in -(u * (-l.absolute()).exponentialMinusOne()).logarithmOfOnePlus() / l.absolute() })
    return .choose(1 - towardsZero, where: logits .> 0, else: towardsZero)
  }
}
