public import Torch

/// By the gradients of the objective: what every model can be trained by.
public struct GradientFit: FitChoice {
  /// `gradient`.
  public static var kind: String { "gradient" }
  /// One sentence.
  public static var summary: String { "steps of the optimizer along the objective's gradients, for every model" }
  /// The only one.
  public init() {}

  /// Every model has gradients.
  public func check(_ configuration: Configuration) throws(LatentError) {}

  /// Nothing but gradients.
  public func make(_ configuration: Configuration, rows: () -> Tensor) throws(LatentError) -> (any Fit)? { nil }
}
