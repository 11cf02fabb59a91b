public import Torch

/// Steps against the gradient, with momentum.
///
/// - SeeAlso: `DescentStep`.
public struct StochasticGradientDescent: OptimizerChoice {
  /// η.
  public var learningRate = 1e-3
  /// μ, 0 for none.
  public var momentum = 0.9
  /// Whether the gradient is taken where the momentum will lead.
  public var nesterov = false
  /// The pull of the weights to 0, added to the gradient.
  public var weightDecay = 0.0

  /// `sgd`.
  public static var kind: String { "sgd" }
  /// One sentence.
  public static var summary: String { "steps against the gradient, with momentum, fused into one pass" }
  /// The defaults.
  public init() {}

  /// Rates are positive, momentum in [0, 1).
  public func validate() throws(LatentError) {
    try validateLearningRate()
    try validate(weightDecay)
    guard (0..<1).contains(momentum) else { throw LatentError("momentum: \(momentum) must be at least 0 and below 1.") }
    guard momentum > 0 || !nesterov else { throw LatentError("nesterov: needs a momentum above 0.") }
  }

  /// An optimizer of these parameters.
  public func make(for parameters: [(name: String, parameter: Parameter)]) -> any Optimizer {
    Descent(
      parameters,
      step: DescentStep(learningRate: learningRate, momentum: momentum, weightDecay: weightDecay, isNesterov: nesterov))
  }

  private struct Descent: Optimizer {
    let state: [(name: String, tensor: Tensor)]
    let parameters: [Parameter]
    let step: DescentStep

    init(_ parameters: [(name: String, parameter: Parameter)], step: DescentStep) {
      self.parameters = parameters.map(\.parameter)
      state = parameters.map { name, parameter in
        ("\(name).momentum", .zeros(parameter.value.shape, type: parameter.value.type, on: parameter.value.device))
      }
      self.step = step
    }

    func step(_ gradients: [Tensor], learningRate: Double) {
      var step = step
      step.learningRate = learningRate
      step.apply(to: parameters, gradients: gradients, momenta: state.map(\.tensor))
    }
  }
}
