public import Torch

/// Draws that are a differentiable function of the encoder's outputs and of noise.
///
///     z = g(x, ε), such as μ + σ ⊙ ε:   ∇ E_q[c(z)] = E_ε[∇ c(g(x, ε))]
///
/// - SeeAlso: Kingma & Welling, “Auto-Encoding Variational Bayes”, 2013, section 2.4.
public struct ReparametrizedEstimator: Estimator {
  /// The only one.
  public init() {}

  /// Differentiable draws.
  public func draw(_ count: Int, from posterior: any LatentDistribution, using noise: Noise) -> Tensor {
    posterior.sample(count, using: noise)
  }

  /// Nothing: the draws carry the whole gradient.
  public func surrogate(cost: @autoclosure () -> Tensor, logDensity: () -> Tensor) -> Tensor? { nil }

  /// What can be set: nothing.
  public struct Settings: EstimatorChoice {
    /// `reparametrized`.
    public static var kind: String { "reparametrized" }
    /// One sentence.
    public static var summary: String { "z = μ + σ ⊙ ε, differentiable in μ and σ; unbiased, little variance" }
    /// True.
    public static var isUnbiased: Bool { true }
    /// The only one.
    public init() {}

    /// The estimator.
    public func make(with initializer: Initializer) -> any Estimator { ReparametrizedEstimator() }
  }
}
