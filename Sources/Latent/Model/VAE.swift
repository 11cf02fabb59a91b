public import Torch

/// A variational autoencoder: encoder × posterior × prior × decoder × likelihood.
public struct VAE: Module {
  /// From observations to the posterior's features.
  public let encoder: any Layer
  /// q(z|x).
  public let posterior: any Posterior
  /// p(z).
  public let prior: any Prior
  /// From latents to the likelihood's features.
  public let decoder: any Layer
  /// p(x|z).
  public let likelihood: any Likelihood
  /// L, the number of latents.
  public let latents: Int

  /// A model of the given parts.
  public init(
    encoder: any Layer, posterior: any Posterior, prior: any Prior, decoder: any Layer, likelihood: any Likelihood,
    latents: Int
  ) {
    self.encoder = encoder
    self.posterior = posterior
    self.prior = prior
    self.decoder = decoder
    self.likelihood = likelihood
    self.latents = latents
  }

  /// A new model.
  ///
  /// - Parameter shape: The shape of one observation.
  /// - Throws: ``LatentError`` where the configuration is not valid.
  public init(_ configuration: ModelConfiguration, shape: [Int], with initializer: Initializer) throws(LatentError) {
    latents = configuration.latents
    let posterior = try configuration.posterior.member().make(latents: latents, with: initializer)
    let likelihood = try configuration.likelihood.member().make(dimensions: shape.reduce(1, *), with: initializer)
    let encoder = try configuration.encoder.member().encoder(
      shape: shape, features: posterior.featureCount, with: initializer)
    decoder = try configuration.decoder.member().decoder(
      latents: latents, shape: shape, featuresPerElement: likelihood.featuresPerElement, with: initializer)
    // Last, so that models that differ only in their prior start from the same encoder and decoder.
    prior = try configuration.prior.member().make(
      latents: latents, shape: shape,
      encoding: { posterior(encoder(likelihood.encoderInput(free: $0), mode: .evaluation)) }, with: initializer)
    (self.posterior, self.likelihood, self.encoder) = (posterior, likelihood, encoder)
  }

  /// q(z|x) for each row.
  ///
  /// - Parameter x: Shape `[batch, D]`.
  public func encode(_ x: Tensor, mode: Mode = .evaluation) -> any LatentDistribution {
    posterior(encoder(likelihood.encoderInput(x), mode: mode))
  }

  /// log p(x|z) of each row.
  ///
  /// - Parameter z: Shape `[…, batch, latents]`.
  /// - Returns: Shape `[…, batch]`.
  public func logLikelihood(of x: Tensor, given z: Tensor, mode: Mode = .evaluation) -> Tensor {
    likelihood.logDensity(of: x, features: decoder(z, mode: mode))
  }

  /// E[x|z], shape `[…, D]` from `[…, latents]`.
  public func decode(_ z: Tensor) -> Tensor { likelihood.mean(decoder(z)) }

  /// A draw from p(x|z), shape `[…, D]` from `[…, latents]`.
  public func draw(given z: Tensor, using noise: Noise) -> Tensor { likelihood.sample(decoder(z), using: noise) }
}
