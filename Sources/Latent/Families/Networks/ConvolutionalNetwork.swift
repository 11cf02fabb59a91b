/// Convolutions that halve a picture stage by stage, and back; for any height, width and number of channels.
public struct ConvolutionalNetwork: NetworkChoice {
  /// The channels of each stage in the encoder's order; the decoder passes them backwards.
  public var channels = [32, 64]
  /// The side of the square kernels, odd.
  public var kernel = 3
  /// The widths of linear layers between the smallest picture and the latents, in the encoder's order.
  public var hidden = [256]
  /// The activation after each stage and hidden layer.
  public var activation = Activation.relu
  /// How the decoder enlarges pictures.
  public var enlargement = Enlarging.transposed
  /// Whether each stage is normalized over the batch.
  public var batchNormalization = false
  /// The probability with which a number of a stage is set to 0 in training.
  public var dropout = 0.0
  /// How weights and biases start.
  public var initialization = Initialization.fanIn

  /// How pictures are enlarged.
  public enum Enlarging: String, NamedValue {
    /// By transposed convolutions.
    case transposed
    /// By repeating pixels and then a convolution; it leaves no checkerboard.
    case resized
  }

  /// `convolutional`.
  public static var kind: String { "convolutional" }
  /// One sentence.
  public static var summary: String { "stages of convolutions with stride 2, and back, for pictures of any size" }
  /// The defaults.
  public init() {}

  /// Stages have channels, kernels a middle.
  public func validate() throws(LatentError) {
    guard !channels.isEmpty, channels.allSatisfy({ (1...4096).contains($0) }) else {
      throw LatentError("channels: \(channels) are no channels of stages; expected one number or more, each 1 to 4096.")
    }
    guard kernel % 2 == 1, (1...31).contains(kernel) else {
      throw LatentError("kernel: \(kernel) is no side of a kernel; expected an odd number from 1 to 31.")
    }
    guard (0..<1).contains(dropout) else { throw LatentError("dropout: \(dropout) must be at least 0 and below 1.") }
    try MLP(hidden: hidden).validate()
  }

  /// The size before the first stage and after each.
  private func sizes(of shape: [Int]) -> [PictureSize] {
    channels.reduce(into: [PictureSize(height: shape[0], width: shape.count > 1 ? shape[1] : 1)]) { sizes, _ in
      sizes.append(sizes[sizes.count - 1].divided(by: 2))
    }
  }

  /// What a stage's convolution is followed by at once: the activation, unless the stage is normalized in between.
  private var immediate: Activation { batchNormalization ? .none : activation }

  /// What stands between two stages.
  private func between(_ channels: Int, with initializer: Initializer) -> [any Layer] {
    let normalization: [any Layer] =
      batchNormalization ? [BatchNormalization(channels: channels, activation: activation, with: initializer)] : []
    return normalization + (dropout > 0 ? [Dropout(probability: dropout)] : [])
  }

  /// Picture → stages → hidden → features. Rows of a table pass as pictures one pixel wide.
  public func encoder(shape: [Int], features: Int, with initializer: Initializer) -> any Layer {
    let sizes = sizes(of: shape)
    let depth = [shape.count > 2 ? shape[2] : 1] + channels
    let stages = channels.indices.flatMap { stage -> [any Layer] in
      [
        Convolution(
          inputs: depth[stage], outputs: depth[stage + 1], kernel: kernel, stride: 2, activation: immediate,
          initialization: initialization, with: initializer)
      ] + between(depth[stage + 1], with: initializer)
    }
    let smallest = sizes[sizes.count - 1]
    let head = MLP(hidden: hidden, activation: activation, initialization: initialization).encoder(
      shape: [smallest.height, smallest.width, depth[depth.count - 1]], features: features, with: initializer)
    return RowWise(layer: Chain([Unflattening(size: sizes[0], channels: depth[0])] + stages + [Flattening(), head]))
  }

  /// Latents → hidden → stages backwards → picture with its features side by side.
  public func decoder(latents: Int, shape: [Int], featuresPerElement: Int, with initializer: Initializer) -> any Layer {
    let sizes = sizes(of: shape)
    let depth = [(shape.count > 2 ? shape[2] : 1) * featuresPerElement] + channels
    let smallest = sizes[sizes.count - 1]
    let body = MLP(hidden: hidden.reversed(), activation: activation, initialization: initialization).decoder(
      latents: latents, shape: [smallest.height, smallest.width, depth[depth.count - 1]], featuresPerElement: 1,
      with: initializer)
    let stages = channels.indices.reversed().flatMap { stage -> [any Layer] in
      [
        enlarging(
          from: depth[stage + 1], to: depth[stage], size: sizes[stage], activation: stage == 0 ? .none : immediate,
          with: initializer)
      ] + (stage == 0 ? [] : between(depth[stage], with: initializer))
    }
    let first: [any Layer] = [
      body, activation, Unflattening(size: smallest, channels: depth[depth.count - 1]),
    ]
    return RowWise(layer: Chain(first + stages + [Flattening()]))
  }

  private func enlarging(
    from inputs: Int, to outputs: Int, size: PictureSize, activation: Activation, with initializer: Initializer
  ) -> any Layer {
    switch enlargement {
    case .transposed:
      TransposedConvolution(
        inputs: inputs, outputs: outputs, kernel: kernel, stride: 2, to: size, activation: activation,
        initialization: initialization, with: initializer)
    case .resized:
      EnlargingConvolution(
        inputs: inputs, outputs: outputs, kernel: kernel, to: size, activation: activation,
        initialization: initialization, with: initializer)
    }
  }
}
