/// One linear layer: y = x wᵀ + b.
///
/// A linear encoder and decoder with a Gaussian likelihood make the model whose best likelihood is that of probabilistic PCA.
/// - SeeAlso: Lucas et al., “Don’t Blame the ELBO! A Linear VAE Perspective on Posterior Collapse”, 2019.
public struct LinearNetwork: NetworkChoice {
  /// How weights and biases start.
  public var initialization = Initialization.fanIn

  /// `linear`.
  public static var kind: String { "linear" }
  /// One sentence.
  public static var summary: String { "one linear layer, x wᵀ + b" }
  /// The defaults.
  public init() {}

  /// D → features.
  public func encoder(shape: [Int], features: Int, with initializer: Initializer) -> any Layer {
    MLP(hidden: [], initialization: initialization).encoder(shape: shape, features: features, with: initializer)
  }

  /// Latents → D · featuresPerElement.
  public func decoder(latents: Int, shape: [Int], featuresPerElement: Int, with initializer: Initializer) -> any Layer {
    MLP(hidden: [], initialization: initialization).decoder(
      latents: latents, shape: shape, featuresPerElement: featuresPerElement, with: initializer)
  }
}
