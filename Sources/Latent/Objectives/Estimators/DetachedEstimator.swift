public import Torch

/// Draws taken as if they did not depend on the encoder, kept to show why they must.
///
///     ∇ E_q[c(z)] is taken to be E_q[∇ c(z)] with z held fixed
///
/// In the decoder's parameters that is right. In the encoder's it leaves out all that z does: of an ELBO with its divergence in closed
/// form only ∇ KL(q(z|x) ‖ p(z)) is left, which pulls the posterior onto the prior; of one by draws only E_q[∇ log q(z|x)] = 0.
public struct DetachedEstimator: Estimator {
  /// The only one.
  public init() {}

  /// Draws without a gradient.
  public func draw(_ count: Int, from posterior: any LatentDistribution, using noise: Noise) -> Tensor {
    posterior.sample(count, using: noise).detached()
  }

  /// Nothing, which is the mistake.
  public func surrogate(cost: @autoclosure () -> Tensor, logDensity: () -> Tensor) -> Tensor? { nil }

  /// What can be set: nothing.
  public struct Settings: EstimatorChoice {
    /// `detached`.
    public static var kind: String { "detached" }
    /// One sentence.
    public static var summary: String {
      "z drawn without a gradient: biased, the encoder does not learn; to compare with"
    }
    /// False.
    public static var isUnbiased: Bool { false }
    /// The only one.
    public init() {}

    /// The estimator.
    public func make(with initializer: Initializer) -> any Estimator { DetachedEstimator() }
  }
}
