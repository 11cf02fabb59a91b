public import Torch

/// Adam: steps scaled by running means of the gradient and of its square.
///
/// - SeeAlso: `AdamStep`.
public struct Adam: OptimizerChoice {
  /// η.
  public var learningRate = 1e-3
  /// β₁.
  public var beta1 = 0.9
  /// β₂.
  public var beta2 = 0.999
  /// ε.
  public var epsilon = 1e-8
  /// The pull of the weights to 0, added to the gradient.
  public var weightDecay = 0.0

  /// `adam`.
  public static var kind: String { "adam" }
  /// One sentence.
  public static var summary: String { "running means of the gradient and its square, fused into one pass" }
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
        isDecoupled: false))
  }
}

/// Running means and squares of every parameter.
struct AdamState: DescendingOptimizer, CapturableOptimizer {
  private let names: [String]
  private let parameters: [Parameter]
  private let means: [Tensor]
  private let squares: [Tensor]
  private let steps: [Tensor]
  private let step: AdamStep

  init(_ parameters: [(name: String, parameter: Parameter)], step: AdamStep) {
    names = parameters.map(\.name)
    self.parameters = parameters.map(\.parameter)
    func zeros() -> [Tensor] {
      parameters.map { .zeros($0.parameter.value.shape, type: $0.parameter.value.type, on: $0.parameter.value.device) }
    }
    means = zeros()
    squares = zeros()
    steps = parameters.map { .zeros([], on: $0.parameter.value.device) }
    self.step = step
  }

  func step(_ gradients: [Tensor], learningRate: Double) {
    var step = step
    step.learningRate = learningRate
    step.apply(to: parameters, gradients: gradients, means: means, squares: squares, steps: steps)
  }

  func descend(_ loss: Tensor, learningRate: Double) {
    var step = step
    step.learningRate = learningRate
    step.apply(to: parameters, descending: loss, means: means, squares: squares, steps: steps)
  }

  func step(_ gradients: [Tensor], learningRate: Tensor) {
    step.apply(learningRate, to: parameters, gradients: gradients, means: means, squares: squares, steps: steps)
  }

  var state: [(name: String, tensor: Tensor)] {
    names.indices.flatMap { index in
      [
        ("\(names[index]).mean", means[index]), ("\(names[index]).square", squares[index]),
        ("\(names[index]).steps", steps[index]),
      ]
    }
  }

  static func validate(beta1: Double, beta2: Double, epsilon: Double) throws(LatentError) {
    for (name, value) in [("beta1", beta1), ("beta2", beta2)] where !(0..<1).contains(value) {
      throw LatentError("\(name): \(value) must be at least 0 and below 1.")
    }
    guard epsilon > 0, epsilon.isFinite else { throw LatentError("epsilon: \(epsilon) must be above 0.") }
  }
}
