public import Torch

/// The score function with a running mean as its baseline, also known as REINFORCE.
///
///     ∇ E_q[c(z)] = E_q[(c(z) − b) ∇ log q(z|x)] + E_q[∇ c(z) with z held fixed]
///
/// It needs no derivative of c in z. As E_q[∇ log q(z|x)] = 0, any b that does not depend on the draw leaves the mean of the estimate as
/// it is; b near E[c] lowers its variance. b is the exponentially weighted mean of earlier costs, decay^k for those of k steps ago;
/// the first time it is, for each draw, the mean of the others.
/// - SeeAlso: Williams, “Simple statistical gradient-following algorithms for connectionist reinforcement learning”, 1992; Mnih & Gregor,
///   “Neural Variational Inference and Learning in Belief Networks”, 2014.
public struct ScoreFunctionEstimator: Estimator {
  let decay: Double
  /// The weighted sum of earlier mean costs, and the sum of the weights: shape `[2]`, in double precision.
  let runningSum: Buffer

  /// Draws without a gradient.
  public func draw(_ count: Int, from posterior: any LatentDistribution, using noise: Noise) -> Tensor {
    posterior.sample(count, using: noise).detached()
  }

  /// The mean over draws and rows of (c − b) log q(z|x), with c and b held fixed; then b takes in c.
  ///
  /// Where no gradients are built there is nothing to carry and nothing is remembered.
  public func surrogate(cost: @autoclosure () -> Tensor, logDensity: () -> Tensor) -> Tensor? {
    let logDensity = logDensity()
    guard logDensity.requiresGradient else { return nil }
    let cost = cost().detached()
    let advantage = cost - baseline(for: cost)
    remember(cost.mean().to(type: .float64))
    return (advantage * logDensity).mean()
  }

  /// b for each draw, or one for all of them.
  private func baseline(for cost: Tensor) -> Tensor {
    let weight = runningSum.value[1].item
    if weight > 0 { return (runningSum.value[0] / weight).to(type: cost.type) }
    return cost.count > 1 ? (cost.sum() - cost) / Double(cost.count - 1) : cost * 0
  }

  private func remember(_ mean: Tensor) {
    withoutGradients {
      let now = Tensor.stack([mean, Tensor.ones([], type: .float64, on: mean.device)])
      runningSum.value.copy(from: runningSum.value * decay + now * (1 - decay))
    }
  }

  /// What can be set.
  public struct Settings: EstimatorChoice {
    /// What the weight of a cost falls to with each step; 0 takes the last step's mean alone.
    public var decay = 0.9

    /// `score-function`.
    public static var kind: String { "score-function" }
    /// One sentence.
    public static var summary: String {
      "(c(z) − b) ∇ log q(z|x), b a running mean of the costs c: unbiased, much variance"
    }
    /// True.
    public static var isUnbiased: Bool { true }
    /// The defaults.
    public init() {}

    /// A decay below 1.
    public func validate() throws(LatentError) {
      guard decay >= 0, decay < 1 else { throw LatentError("decay: \(decay) must be at least 0 and below 1.") }
    }

    /// The estimator, which remembers nothing yet.
    public func make(with initializer: Initializer) -> any Estimator {
      ScoreFunctionEstimator(decay: decay, runningSum: Buffer(.zeros([2], type: .float64, on: initializer.device)))
    }
  }
}
