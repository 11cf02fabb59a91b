public import Torch

/// A convolution with a square kernel, between pictures `[count, channels, height, width]`.
public struct Convolution: Layer {
  /// Shape `[outputs, inputs, k, k]`.
  public let weight: Parameter
  /// Shape `[outputs]`.
  public let bias: Parameter
  /// Applied to each output.
  public let activation: Activation
  let stride: Int
  let padding: Int

  /// A new layer; with an odd kernel the picture becomes ⌈size / stride⌉.
  init(
    inputs: Int, outputs: Int, kernel: Int, stride: Int, activation: Activation, initialization: Initialization,
    with initializer: Initializer
  ) {
    let area = kernel * kernel
    weight = Parameter(
      initialization.weights(
        [outputs, inputs, kernel, kernel], inputs: inputs * area, outputs: outputs * area / (stride * stride),
        with: initializer))
    bias = Parameter(initialization.biases(outputs, inputs: inputs * area, with: initializer))
    self.activation = activation
    self.stride = stride
    padding = kernel / 2
  }

  /// The layer's output.
  public func callAsFunction(_ input: Tensor, mode: Mode) -> Tensor {
    activation.completing(
      { input.convolved(weight: weight.value, bias: bias.value, stride: stride, padding: padding, activation: $0) },
      mode: mode)
  }
}

/// The transposed convolution that takes a picture to the size that a ``Convolution`` of the same kernel and stride made it from.
public struct TransposedConvolution: Layer {
  /// Shape `[inputs, outputs, k, k]`.
  public let weight: Parameter
  /// Shape `[outputs]`.
  public let bias: Parameter
  /// Applied to each output.
  public let activation: Activation
  let kernel: Int
  let stride: Int
  let size: PictureSize

  /// A new layer whose pictures have exactly this size.
  init(
    inputs: Int, outputs: Int, kernel: Int, stride: Int, to size: PictureSize, activation: Activation,
    initialization: Initialization, with initializer: Initializer
  ) {
    // About (k / stride)² pixels of each input channel reach an output pixel.
    let reach = max(1, kernel * kernel / (stride * stride))
    weight = Parameter(
      initialization.weights(
        [inputs, outputs, kernel, kernel], inputs: inputs * reach, outputs: outputs * kernel * kernel, with: initializer
      ))
    bias = Parameter(initialization.biases(outputs, inputs: inputs * reach, with: initializer))
    self.activation = activation
    self.kernel = kernel
    self.stride = stride
    self.size = size
  }

  /// The layer's output.
  public func callAsFunction(_ input: Tensor, mode: Mode) -> Tensor {
    func extra(_ extent: Int, _ wanted: Int) -> Int { wanted - ((extent - 1) * stride - 2 * (kernel / 2) + kernel) }
    return activation.completing(
      {
        input.transposeConvolved(
          weight: weight.value, bias: bias.value, stride: stride, padding: kernel / 2,
          extra: (extra(input.extent(-2), size.height), extra(input.extent(-1), size.width)), activation: $0)
      }, mode: mode)
  }
}

/// Pictures enlarged to a size, each pixel the nearest one, and then convolved.
public struct EnlargingConvolution: Layer {
  /// What follows the enlargement; its weights and bias are this layer's.
  public let convolution: Convolution
  let size: PictureSize

  /// A new layer whose pictures have exactly this size.
  init(
    inputs: Int, outputs: Int, kernel: Int, to size: PictureSize, activation: Activation,
    initialization: Initialization,
    with initializer: Initializer
  ) {
    convolution = Convolution(
      inputs: inputs, outputs: outputs, kernel: kernel, stride: 1, activation: activation,
      initialization: initialization, with: initializer)
    self.size = size
  }

  /// The layer's output.
  public func callAsFunction(_ input: Tensor, mode: Mode) -> Tensor {
    convolution.activation.completing(
      {
        input.enlargedAndConvolved(
          height: size.height, width: size.width, weight: convolution.weight.value, bias: convolution.bias.value,
          padding: convolution.padding, activation: $0)
      }, mode: mode)
  }
}

/// The height and width of a picture.
public struct PictureSize: Sendable, Equatable {
  /// Rows of pixels.
  public let height: Int
  /// Pixels of a row.
  public let width: Int

  /// The size after a convolution of this stride.
  func divided(by stride: Int) -> PictureSize {
    PictureSize(height: (height + stride - 1) / stride, width: (width + stride - 1) / stride)
  }
}
