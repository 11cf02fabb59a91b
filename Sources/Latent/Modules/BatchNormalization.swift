public import Torch

/// Scales each channel to mean 0 and variance 1: by the batch's moments in training, by running ones afterwards.
///
/// A batch that gives a channel one number only, such as a last row left over where pictures have shrunk to one pixel, has no
/// variance: it is scaled by the running moments too, which stay as they are.
/// - SeeAlso: Ioffe & Szegedy, “Batch Normalization”, 2015.
public struct BatchNormalization: Layer {
  /// γ, shape `[channels]`.
  public let scale: Parameter
  /// β, shape `[channels]`.
  public let shift: Parameter
  /// Shape `[channels]`.
  public let runningMean: Buffer
  /// Shape `[channels]`.
  public let runningVariance: Buffer
  /// Applied to each output.
  public let activation: Activation

  private static let momentum = 0.1
  static let epsilon = 1e-5

  /// A new layer.
  public init(channels: Int, activation: Activation = .none, with initializer: Initializer) {
    scale = Parameter(initializer.constant([channels], 1))
    shift = Parameter(initializer.constant([channels], 0))
    runningMean = Buffer(initializer.constant([channels], 0))
    runningVariance = Buffer(initializer.constant([channels], 1))
    self.activation = activation
  }

  /// The layer's output, of the input's shape `[count, channels, …]`.
  public func callAsFunction(_ input: Tensor, mode: Mode) -> Tensor {
    activation.completing(
      { activation in
        switch mode {
        case .training where input.count > input.extent(1):
          input.batchNormalized(
            scale: scale.value, shift: shift.value, updating: runningMean.value, runningVariance.value,
            momentum: Self.momentum, epsilon: Self.epsilon, activation: activation)
        case .training, .evaluation:
          input.batchNormalized(
            scale: scale.value, shift: shift.value, by: runningMean.value, runningVariance.value, epsilon: Self.epsilon,
            activation: activation)
        }
      }, mode: mode)
  }
}

/// Sets each number to 0 with some probability in training, and enlarges the others so that the mean stays.
///
/// - SeeAlso: Srivastava et al., “Dropout”, 2014.
public struct Dropout: Layer {
  /// The probability of 0.
  public let probability: Double

  /// A new layer; the probability is at least 0 and below 1.
  public init(probability: Double) { self.probability = probability }

  /// The layer's output.
  public func callAsFunction(_ input: Tensor, mode: Mode) -> Tensor {
    guard case .training(let noise) = mode, probability > 0 else { return input }
    return noise.dropout(input, probability: probability)
  }
}
