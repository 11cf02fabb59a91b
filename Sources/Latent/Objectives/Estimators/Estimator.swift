public import Torch

/// How the gradient of an expectation over q(z|x) is estimated from draws.
///
///     ∇ E_q[c(z)],   c(z) = −α log p(x|z) + β (log q(z|x) − log p(z)), or its part without a closed form
///
/// An estimator decides how latents are drawn, attached to the encoder or not, and what is added to the terms of an objective so that
/// the gradient of their total is the wanted one. What it adds has the value 0: logs and reports show the terms as they are.
public protocol Estimator: Module {
  /// Draws of latents, shape `[count, batch, latents]`, through which gradients reach the encoder only if this estimator wants that.
  func draw(_ count: Int, from posterior: any LatentDistribution, using noise: Noise) -> Tensor

  /// A scalar that carries the gradient that the draws do not, in nats per row; nil where there is none to carry.
  ///
  /// - Parameter cost: c(z) of each draw, shape `[count, batch]`; only asked for where it is needed.
  /// - Parameter logDensity: log q(z|x) of the same draws, of the same shape; only asked for where it is needed.
  func surrogate(cost: @autoclosure () -> Tensor, logDensity: () -> Tensor) -> Tensor?
}

/// An estimator to be chosen by name.
public protocol EstimatorChoice: Choice {
  /// Whether the mean of its gradient over draws is the gradient of the expectation.
  static var isUnbiased: Bool { get }
  /// The estimator with what it remembers between steps, which belongs to the training and not to the model.
  func make(with initializer: Initializer) -> any Estimator
}

/// The estimators of gradients.
public enum Estimators: Family {
  /// The choices as estimators.
  public typealias Member = any EstimatorChoice
  /// `estimators`.
  public static var name: String { "estimators" }
  /// The list; a new estimator adds a line here.
  public static var choices: [any Choice.Type] {
    [
      ReparametrizedEstimator.Settings.self,
      ScoreFunctionEstimator.Settings.self,
      DetachedEstimator.Settings.self,
    ]
  }
  /// The reparametrized one.
  public static var standard: any Choice { ReparametrizedEstimator.Settings() }
}
