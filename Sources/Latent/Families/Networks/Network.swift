public import Torch

/// The form of an encoder or a decoder, to be chosen by name.
public protocol NetworkChoice: Choice {
  /// A network from an observation to so many features.
  ///
  /// - Parameter shape: The shape of one observation: `[D]`, `[height, width]` or `[height, width, channels]`; the network's input
  ///   is `[…, D]` with D their product.
  func encoder(shape: [Int], features: Int, with initializer: Initializer) -> any Layer

  /// A network from latents to the features of an observation.
  ///
  /// - Returns: A layer from `[…, latents]` to `[…, D · featuresPerElement]`, the features of one element side by side.
  func decoder(latents: Int, shape: [Int], featuresPerElement: Int, with initializer: Initializer) -> any Layer

  /// The biases of a decoder that are to start from the data's mean, shape `[D · featuresPerElement]`; nil where none are.
  func biasesToStart(of decoder: any Layer) -> Parameter?
}

extension NetworkChoice {
  /// None.
  public func biasesToStart(of decoder: any Layer) -> Parameter? { nil }
}

/// The forms of encoders and decoders.
public enum Networks: Family {
  /// The choices as networks.
  public typealias Member = any NetworkChoice
  /// `networks`.
  public static var name: String { "networks" }
  /// The list; a new network adds a line here.
  public static var choices: [any Choice.Type] {
    [
      MLP.self,
      LinearNetwork.self,
      ConvolutionalNetwork.self,
    ]
  }
  /// The multilayer perceptron.
  public static var standard: any Choice { MLP() }
}
