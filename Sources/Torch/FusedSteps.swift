internal import CTorch

/// The numbers of one step of Adam.
///
///     m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²,   θ ← θ − η m̂ / (√v̂ + ε)
///
/// - SeeAlso: Kingma & Ba, “Adam: A Method for Stochastic Optimization”, 2014; Loshchilov & Hutter, “Decoupled Weight Decay
///   Regularization”, 2017.
public struct AdamStep: Sendable {
  /// η.
  public var learningRate: Double
  /// β₁, the memory of the mean.
  public var beta1: Double
  /// β₂, the memory of the square.
  public var beta2: Double
  /// ε, added to the root.
  public var epsilon: Double
  /// The pull of the weights to 0.
  public var weightDecay: Double
  /// Whether that pull stands apart from the gradient (AdamW) or is added to it.
  public var isDecoupled: Bool

  /// One step's numbers.
  public init(
    learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, isDecoupled: Bool
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
  }

  /// Changes the parameters and the optimizer's state in one pass over memory.
  ///
  /// - Parameter steps: `float32` scalars, one a parameter, that count the steps.
  public func apply(
    to parameters: [Parameter], gradients: [Tensor], means: [Tensor], squares: [Tensor], steps: [Tensor]
  ) {
    demand(
      "Adam",
      ct_adam_step(
        parameters.map(\.value.handle), gradients.map(\.handle), means.map(\.handle), squares.map(\.handle),
        steps.map(\.handle), parameters.count, options))
  }

  /// The same by the derivatives of a scalar, zeros where it does not depend on a parameter.
  ///
  /// Parts of a parameter may change as soon as their derivatives are known, which are not there afterwards.
  public func apply(
    to parameters: [Parameter], descending loss: Tensor, means: [Tensor], squares: [Tensor], steps: [Tensor]
  ) {
    demand(
      "Adam",
      ct_adam_descend(
        loss.handle, parameters.map(\.value.handle), means.map(\.handle), squares.map(\.handle), steps.map(\.handle),
        parameters.count, options))
  }

  /// The same with η, a `float32` scalar on the parameters' device, read when the step is done: a captured step can follow a schedule.
  public func apply(
    _ learningRate: Tensor, to parameters: [Parameter], gradients: [Tensor], means: [Tensor], squares: [Tensor],
    steps: [Tensor]
  ) {
    demand(
      "Adam",
      ct_adam_step_by(
        learningRate.handle, parameters.map(\.value.handle), gradients.map(\.handle), means.map(\.handle),
        squares.map(\.handle), steps.map(\.handle), parameters.count, options))
  }

  private var options: ct_adam {
    ct_adam(
      learning_rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weight_decay: weightDecay,
      decoupled: isDecoupled)
  }
}

/// The numbers of one step of gradient descent.
///
///     m ← μ m + g,   θ ← θ − η m
public struct DescentStep: Sendable {
  /// η.
  public var learningRate: Double
  /// μ, 0 for none.
  public var momentum: Double
  /// The pull of the weights to 0.
  public var weightDecay: Double
  /// Whether the gradient is taken where the momentum will lead (Nesterov).
  public var isNesterov: Bool

  /// One step's numbers.
  public init(learningRate: Double, momentum: Double, weightDecay: Double, isNesterov: Bool) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.isNesterov = isNesterov
  }

  /// Changes the parameters and the momenta in one pass over memory.
  ///
  /// - Parameter momenta: Zeros at first.
  public func apply(to parameters: [Parameter], gradients: [Tensor], momenta: [Tensor]) {
    demand(
      "gradient descent",
      ct_sgd_step(
        parameters.map(\.value.handle), gradients.map(\.handle), momenta.map(\.handle), parameters.count,
        ct_sgd(
          learning_rate: learningRate, momentum: momentum, weight_decay: weightDecay, nesterov: isNesterov)))
  }
}
