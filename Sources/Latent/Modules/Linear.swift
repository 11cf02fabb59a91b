public import Torch

/// A linear layer with its activation.
///
///     y = activation(x wᵀ + b)
public struct Linear: Layer {
  /// Shape `[outputs, inputs]`.
  public let weight: Parameter
  /// Shape `[outputs]`.
  public let bias: Parameter
  /// Applied to each output.
  public let activation: Activation

  /// A new layer.
  public init(
    inputs: Int, outputs: Int, activation: Activation = .none, initialization: Initialization = .fanIn,
    with initializer: Initializer
  ) {
    weight = Parameter(
      initialization.weights([outputs, inputs], inputs: inputs, outputs: outputs, with: initializer))
    bias = Parameter(initialization.biases(outputs, inputs: inputs, with: initializer))
    self.activation = activation
  }

  /// The layer's output.
  public func callAsFunction(_ input: Tensor, mode: Mode) -> Tensor {
    activation.completing({ input.linear(weight: weight.value, bias: bias.value, activation: $0) }, mode: mode)
  }

  /// What can be computed together with the layers around it; nil where the activation takes a pass of its own.
  var complete: Tensor.LinearLayer? {
    activation.complete.map { Tensor.LinearLayer(weight: weight.value, bias: bias.value, activation: $0) }
  }
}
