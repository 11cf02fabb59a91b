public import Torch

/// A function applied to each output of a layer.
public enum Activation: String, NamedValue {
  /// max(x, 0).
  case relu
  /// tanh x.
  case tanh
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// x where positive, else x / 100.
  case leakyReLU = "leaky-relu"
  /// x where positive, else eˣ − 1.
  case elu
  /// x · Φ(x).
  case gelu
  /// x · sigmoid(x).
  case silu
  /// ln(1 + eˣ).
  case softplus
  /// x itself.
  case none

  /// The part of it that a linear layer computes with its product, and whether the rest is still to be applied.
  private var fused: (with: Tensor.FusedActivation, isComplete: Bool) {
    switch self {
    case .none: (.none, true)
    case .relu: (.rectified, true)
    case .tanh: (.hyperbolicTangent, true)
    case .sigmoid: (.sigmoid, true)
    case .leakyReLU: (.leakyRectified, true)
    case .elu, .gelu, .silu, .softplus: (.none, false)
    }
  }
}

extension Activation {
  /// What a layer computes with its product, where that is all of this activation.
  var complete: Tensor.FusedActivation? { fused.isComplete ? fused.with : nil }

  /// What a layer gives that computes its product and the fused part of this activation at once.
  func completing(_ layer: (Tensor.FusedActivation) -> Tensor, mode: Mode) -> Tensor {
    let fused = fused
    let output = layer(fused.with)
    return fused.isComplete ? output : self(output, mode: mode)
  }
}

extension Activation: Layer {
  /// The function's value at each number.
  public func callAsFunction(_ input: Tensor, mode: Mode) -> Tensor {
    switch self {
    case .none: input
    case .relu: input.rectified()
    case .tanh: input.hyperbolicTangent()
    case .sigmoid: input.sigmoid()
    case .leakyReLU: input.leakyRectified()
    case .elu: input.exponentialLinear()
    case .gelu: input.gaussianErrorLinear()
    case .silu: input.swish()
    case .softplus: input.softplus()
    }
  }
}
