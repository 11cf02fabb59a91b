public import Torch

/// Adam with a weight decay that stands apart from the gradient.
///
/// - SeeAlso: Loshchilov & Hutter, “Decoupled Weight Decay Regularization”, 2017.
public struct AdamW: OptimizerChoice {
  /// η.
  public var learningRate = 1e-3
  /// β₁.
  public var beta1 = 0.9
  /// β₂.
  public var beta2 = 0.999
  /// ε.
  public var epsilon = 1e-8
  /// The pull of the weights to 0, in units of the learning rate.
  public var weightDecay = 0.01

  /// `adamw`.
  public static var kind: String { "adamw" }
  /// One sentence.
  public static var summary: String { "Adam with a weight decay apart from the gradient, fused into one pass" }
  /// The defaults.
  public init() {}

  /// Rates are positive, memories in [0, 1).
  public func validate() throws(LatentError) {
    try validateLearningRate()
    try validate(weightDecay)
    try AdamState.validate(beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  /// An optimizer of these parameters.
  public func make(for parameters: [(name: String, parameter: Parameter)]) -> any Optimizer {
    AdamState(
      parameters,
      step: AdamStep(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        isDecoupled: true))
  }
}
