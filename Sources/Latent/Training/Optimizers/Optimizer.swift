public import Torch

/// What turns gradients into changes of parameters; it keeps its own state between steps.
public protocol Optimizer {
  /// Changes the parameters in place.
  ///
  /// - Parameter gradients: One for each parameter, in their order.
  func step(_ gradients: [Tensor], learningRate: Double)

  /// What must be kept for training to go on exactly, by name; overwritten in place to restore it.
  var state: [(name: String, tensor: Tensor)] { get }
}

/// An optimizer that changes parameters while their gradients are found.
public protocol DescendingOptimizer: Optimizer {
  /// Changes the parameters in place by the derivatives of a scalar, as a step by its gradients would.
  func descend(_ loss: Tensor, learningRate: Double)
}

/// An optimizer whose steps can be captured on a device.
public protocol CapturableOptimizer: Optimizer {
  /// Changes the parameters in place, reading the learning rate on their device when the step is done.
  ///
  /// - Parameter learningRate: A `float32` scalar on the parameters' device.
  func step(_ gradients: [Tensor], learningRate: Tensor)
}

/// An optimizer to be chosen by name.
public protocol OptimizerChoice: Choice {
  /// The size of a step before its schedule.
  var learningRate: Double { get }

  /// An optimizer of these parameters.
  func make(for parameters: [(name: String, parameter: Parameter)]) -> any Optimizer
}

extension OptimizerChoice {
  func validateLearningRate() throws(LatentError) {
    guard learningRate > 0, learningRate.isFinite else {
      throw LatentError("learningRate: \(learningRate) must be above 0.")
    }
  }

  func validate(_ weightDecay: Double) throws(LatentError) {
    guard weightDecay >= 0, weightDecay.isFinite else {
      throw LatentError("weightDecay: \(weightDecay) must be at least 0.")
    }
  }
}

/// The optimizers.
public enum Optimizers: Family {
  /// The choices as optimizers.
  public typealias Member = any OptimizerChoice
  /// `optimizers`.
  public static var name: String { "optimizers" }
  /// The list; a new optimizer adds a line here.
  public static var choices: [any Choice.Type] {
    [
      Adam.self,
      AdamW.self,
      StochasticGradientDescent.self,
    ]
  }
  /// Adam.
  public static var standard: any Choice { Adam() }
}
