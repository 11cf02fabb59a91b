internal import Torch

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

  /// The part of it that a linear layer computes with its product, and the part that is left.
  var fused: (with: Tensor.FusedActivation, after: ((Tensor) -> Tensor)?) {
    switch self {
    case .none: (.none, nil)
    case .relu: (.rectified, nil)
    case .tanh: (.hyperbolicTangent, nil)
    case .sigmoid: (.sigmoid, nil)
    case .leakyReLU: (.none, { $0.leakyRectified() })
    case .elu: (.none, { $0.exponentialLinear() })
    case .gelu: (.none, { $0.gaussianErrorLinear() })
    case .silu: (.none, { $0.swish() })
    case .softplus: (.none, { $0.softplus() })
    }
  }
}
