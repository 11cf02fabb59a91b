import Foundation
import Latent
import Torch

/// A linear-Gaussian model as a VAE, with rows and with an encoder that misses its posterior by a known amount.
struct KnownGaussian {
  let exact: LinearGaussianModel
  let dataset: Dataset

  /// A model by chance and rows drawn from it.
  init(dimensions: Int, latents: Int, rows: Int, seed: UInt64) {
    let noise = Noise(seed: seed, stream: "known Gaussian")
    exact = LinearGaussianModel(
      weights: noise.normal([dimensions, latents], type: .float64), mean: noise.normal([dimensions], type: .float64),
      noiseVariance: noise.uniform([dimensions], type: .float64) + 0.3)
    dataset = Dataset(values: exact.sample(rows, using: noise).to(type: .float32), shape: [dimensions])
  }

  /// PPCA of all rows, and the first of them to be judged on.
  init(principalComponentsOf rows: Tensor, latents: Int, judging count: Int) throws {
    exact = try PPCAFit(rows, latents: latents).model
    dataset = Dataset(values: rows[0..<count].contiguous(), shape: [rows.extent(1)])
  }

  /// How the encoder misses: all means by so many deviations along every axis of the posterior, all log-variances by a sum.
  struct Miss: Sendable {
    var shift = 0.0
    var spread = 0.0
  }

  /// KL(q(z|x) ‖ p(z|x)), the same for every row.
  ///
  ///     ½ L (e^s − s − 1 + c²)
  func gap(_ miss: Miss) -> Double {
    0.5 * Double(exact.latents) * (exp(miss.spread) - miss.spread - 1 + miss.shift * miss.shift)
  }

  /// The VAE with a full Gaussian posterior.
  func model(_ miss: Miss = Miss()) throws -> TrainedModel {
    let latents = exact.latents
    let model = try vae(FullGaussianPosterior.Settings())
    try exact.write(to: model)
    let shift = try exact.posteriorCovariance.cholesky().sum(over: 1) * miss.shift
    withoutGradients {
      guard let bias = (model.encoder as? Linear)?.bias.value else { return }
      let below = bias.narrowed(along: 0, from: 2 * latents, count: latents * (latents - 1) / 2)
      let change = [shift.to(type: .float32), .full([latents], miss.spread), below * (exp(miss.spread / 2) - 1)]
      bias.copy(from: bias + .concatenate(change))
    }
    return try trained(model)
  }

  /// The same decoder behind an encoder of another posterior, which knows nothing yet.
  func model(posterior: any PosteriorChoice) throws -> TrainedModel {
    let (whole, other) = (try model().model, try vae(posterior))
    return try trained(
      VAE(
        encoder: other.encoder, posterior: other.posterior, prior: whole.prior, decoder: whole.decoder,
        likelihood: whole.likelihood, latents: whole.latents))
  }

  private func vae(_ posterior: any PosteriorChoice) throws -> VAE {
    let (latents, dimensions) = (exact.latents, exact.dimensions)
    let initializer = Initializer(noise: Noise(seed: 0))
    var likelihood = GaussianLikelihood.Settings()
    likelihood.variance = .perDimension
    likelihood.varianceFloor = 0
    let posterior = posterior.make(latents: latents, with: initializer)
    return VAE(
      encoder: Linear(inputs: dimensions, outputs: posterior.featureCount, with: initializer), posterior: posterior,
      prior: StandardNormalPrior(latents: latents),
      decoder: Linear(inputs: latents, outputs: dimensions, with: initializer),
      likelihood: try likelihood.make(dimensions: dimensions, with: initializer), latents: latents)
  }

  private func trained(_ model: VAE) throws -> TrainedModel {
    var configuration = Configuration()
    configuration.data.scaling = .none
    configuration.model.latents = model.latents
    return TrainedModel(
      model: model, data: try DataDescription(of: dataset, configuration: configuration.data),
      configuration: configuration, device: .cpu)
  }
}
