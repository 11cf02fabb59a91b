internal import Foundation
internal import Torch

extension LinearGaussianModel {
  /// Sets a linear VAE's parameters so that it is this model, with the exact posterior.
  ///
  ///     encoder: E[z|x] = ΣWᵀΨ⁻¹ (x − μ) and a constant factor of Σ;   decoder: Wz + μ;   likelihood: Ψ
  ///
  /// - Throws: ``LatentError`` where the VAE is not composed so that it can hold it.
  package func write(to model: VAE) throws(LatentError) {
    guard let encoder = Linear(only: model.encoder), let decoder = Linear(only: model.decoder),
      let likelihood = model.likelihood as? GaussianLikelihood,
      model.posterior.featureCount == 2 * latents + latents * (latents - 1) / 2,
      decoder.weight.value.shape == weights.shape, let factor = try? posteriorCovariance.cholesky()
    else {
      throw LatentError(
        "a linear-Gaussian model needs linear networks, the posterior full-gaussian and the likelihood gaussian.")
    }
    let entries = factor.values(as: Double.self)
    let diagonal = (0..<latents).map { 2 * log(entries[$0 * latents + $0]) }
    let below = (0..<latents).flatMap { row in (0..<row).map { entries[row * latents + $0] } }
    let map = posteriorMap
    let offset = map.times(mean.unsqueezed(at: 1)).squeezed(at: 1)
    let rest = Tensor.zeros([diagonal.count + below.count, dimensions], type: .float64)
    // What is left of a variance above its floor; a variance at the floor itself has no finite logarithm.
    let variance = (noiseVariance - likelihood.floor).values(as: Double.self).map { max($0, 1e-12) }
    let scaled = variance.map { log($0) / GaussianLikelihood.gain }
    withoutGradients {
      encoder.weight.value.copy(from: .concatenate([map, rest]))
      encoder.bias.value.copy(from: .concatenate([-offset, Tensor(diagonal + below)]))
      decoder.weight.value.copy(from: weights)
      decoder.bias.value.copy(from: mean)
      let count = likelihood.scaledLogVariance.value.count
      likelihood.scaledLogVariance.value.copy(from: Tensor(Array(scaled.prefix(count))))
    }
  }
}
