internal import CTorch

extension Tensor {
  /// The matrix product of the last two dimensions.
  public func times(_ other: Tensor) -> Tensor { .make("times") { ct_tensor_matmul(handle, other.handle, $0) } }

  /// The eigenvalues of a symmetric matrix, in ascending order, and the eigenvectors in its columns.
  public func symmetricEigen() -> (values: Tensor, vectors: Tensor) {
    var values = ct_tensor()
    var vectors = ct_tensor()
    demand("symmetricEigen", ct_tensor_eigh(handle, &values, &vectors))
    return (Tensor(owning: values), Tensor(owning: vectors))
  }

  /// The lower triangular L of a positive definite matrix LLᵀ.
  ///
  /// - Throws: ``TorchError`` where the matrix is not positive definite.
  public func cholesky() throws(TorchError) -> Tensor { try .attempt { ct_tensor_cholesky(handle, $0) } }

  /// X with `self` X = b, where `self` is triangular.
  public func solvingTriangular(_ b: Tensor, upper: Bool = false) -> Tensor {
    .make("solvingTriangular") { ct_tensor_solve_triangular(handle, b.handle, upper, $0) }
  }

  /// The matrix without what lies above its diagonal.
  public func lowerTriangle() -> Tensor { .make("lowerTriangle") { ct_tensor_tril(handle, $0) } }

  /// The diagonal of the last two dimensions.
  public func diagonal() -> Tensor { .make("diagonal") { ct_tensor_diagonal(handle, $0) } }

  /// ln |det| of a square matrix of positive determinant.
  public func logDeterminant() -> Tensor { .make("logDeterminant") { ct_tensor_logdet(handle, $0) } }

  /// The inverse of a square matrix.
  public func inverse() -> Tensor { .make("inverse") { ct_tensor_inverse(handle, $0) } }

  /// An activation that a linear layer computes together with its product.
  public enum FusedActivation: Sendable {
    /// The product as it is.
    case none
    /// max(y, 0).
    case rectified
    /// y where positive, else y / 100.
    case leakyRectified
    /// tanh y.
    case hyperbolicTangent
    /// 1 / (1 + e⁻ʸ).
    case sigmoid

    var code: ct_activation {
      switch self {
      case .none: ct_activation_none
      case .rectified: ct_activation_relu
      case .leakyRectified: ct_activation_leaky_relu
      case .hyperbolicTangent: ct_activation_tanh
      case .sigmoid: ct_activation_sigmoid
      }
    }
  }

  /// What one linear layer of several computes with.
  public struct LinearLayer {
    let weight: Tensor
    let bias: Tensor
    let activation: FusedActivation

    /// - Parameter weight: Shape `[outputs, inputs]`.
    /// - Parameter bias: Shape `[outputs]`.
    public init(weight: Tensor, bias: Tensor, activation: FusedActivation = .none) {
      self.weight = weight
      self.bias = bias
      self.activation = activation
    }
  }

  /// Linear layers one after another, by the fastest of the matrix products at hand.
  ///
  ///     y = activation(x wᵀ + b)
  ///
  /// - Returns: Shape `[…, outputs of the last]` from `[…, inputs of the first]`.
  public func linear(_ layers: [LinearLayer]) -> Tensor {
    let codes = layers.map {
      ct_linear_layer(weight: $0.weight.handle, bias: $0.bias.handle, activation: $0.activation.code)
    }
    return withExtendedLifetime(layers) { .make("linear") { ct_linear(handle, codes, codes.count, $0) } }
  }

  /// One linear layer.
  ///
  /// - Parameter weight: Shape `[outputs, inputs]`.
  /// - Parameter bias: Shape `[outputs]`.
  /// - Returns: Shape `[…, outputs]` from `[…, inputs]`.
  public func linear(weight: Tensor, bias: Tensor, activation: FusedActivation = .none) -> Tensor {
    linear([LinearLayer(weight: weight, bias: bias, activation: activation)])
  }
}
