public import Torch

/// A multilayer perceptron: linear layers with an activation between them.
public struct MLP: NetworkChoice {
  /// The widths of the hidden layers in the order in which they are passed; none makes the network linear.
  public var hidden = [256, 256]
  /// The activation after each hidden layer.
  public var activation = Activation.relu
  /// How weights and biases start.
  public var initialization = Initialization.fanIn
  /// How the biases of the last layer start, where the network is a decoder.
  public var outputBias = OutputBias.initialized

  /// `mlp`.
  public static var kind: String { "mlp" }
  /// One sentence.
  public static var summary: String { "linear layers of the given widths with an activation between them" }
  /// The defaults.
  public init() {}

  /// A perceptron with these hidden layers.
  public init(hidden: [Int], activation: Activation = .relu, initialization: Initialization = .fanIn) {
    self.hidden = hidden
    self.activation = activation
    self.initialization = initialization
  }

  /// Widths are positive.
  public func validate() throws(LatentError) {
    if let width = hidden.first(where: { !(1...65_536).contains($0) }) {
      throw LatentError("hidden: \(width) is no width of a layer; expected 1 to 65536.")
    }
  }

  /// D → hidden → features.
  public func encoder(shape: [Int], features: Int, with initializer: Initializer) -> any Layer {
    chain(from: shape.reduce(1, *), to: features, with: initializer)
  }

  /// Latents → hidden → D · featuresPerElement.
  public func decoder(latents: Int, shape: [Int], featuresPerElement: Int, with initializer: Initializer) -> any Layer {
    chain(from: latents, to: shape.reduce(featuresPerElement, *), with: initializer)
  }

  /// The last layer's, where they are set to start from the data's mean.
  public func biasesToStart(of decoder: any Layer) -> Parameter? {
    outputBias == .dataMean ? ((decoder as? Chain)?.layers.last as? Linear)?.bias : nil
  }

  private func chain(from inputs: Int, to outputs: Int, with initializer: Initializer) -> Chain {
    let widths = [inputs] + hidden + [outputs]
    return Chain(
      (1..<widths.count).map { index in
        Linear(
          inputs: widths[index - 1], outputs: widths[index],
          activation: index == widths.count - 1 ? .none : activation,
          initialization: initialization, with: initializer)
      })
  }
}
