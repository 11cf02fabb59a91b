internal import Foundation
public import Torch

extension LinearGaussianModel {
  /// Missing cells by their exact conditional distribution given the cells that are there.
  ///
  ///     p(z|x_o) = N(m, S),   S = (I + W_oᵀ Ψ_o⁻¹ W_o)⁻¹,   m = S W_oᵀ Ψ_o⁻¹ (x_o − μ_o)
  ///     E[x_m|x_o] = W_m m + μ_m,   Var[x_m|x_o] = diag(W_m S W_mᵀ) + Ψ_m
  ///
  /// - Parameter x: Shape `[batch, D]`, scaled; not-a-number where a cell is missing. A row may lack all of its cells.
  /// - Returns: `means` with every missing cell filled in by its expectation, and the `variances` of what was filled in, 0 where a cell
  ///   was there; both `[batch, D]`, `float64`.
  public func imputed(_ x: Tensor) -> (means: Tensor, variances: Tensor) {
    let parts = conditional(x)
    let spread = weights.times(parts.factor)
    return (
      filled(parts),
      (spread.squared().sum(over: -1) + noiseVariance) * parts.isMissing.to(type: .float64)
    )
  }

  /// The `means` of ``imputed(_:)`` alone.
  func imputedMeans(_ x: Tensor) -> Tensor { filled(conditional(x)) }

  private func filled(_ parts: Conditional) -> Tensor {
    .choose(parts.mean.times(weights.transposed()) + mean, where: parts.isMissing, else: parts.x)
  }

  /// Draws of the missing cells from their joint conditional distribution given the cells that are there.
  ///
  ///     z ~ p(z|x_o),   x_m = W_m z + μ_m + ε_m
  ///
  /// - Parameter x: As ``imputed(_:)`` takes it.
  /// - Returns: Shape `[count, batch, D]`, `float64`; cells that were there are as they were.
  public func imputations(_ x: Tensor, count: Int, using noise: Noise) -> Tensor {
    let parts = conditional(x)
    let epsilon = noise.normal([count] + parts.mean.shape, type: .float64)
    let z = parts.mean + parts.factor.times(epsilon.unsqueezed(at: -1)).squeezed(at: -1)
    let drawn =
      z.times(weights.transposed()) + mean
      + noise.normal([count] + parts.x.shape, type: .float64) * noiseVariance.squareRoot()
    return .choose(drawn, where: parts.isMissing, else: parts.x)
  }

  /// log p(x_o) of the cells that are there, shape `[batch]`: 0 for a row without any.
  ///
  /// - Parameter x: As ``imputed(_:)`` takes it.
  public func observedLogLikelihood(of x: Tensor) -> Tensor {
    let parts = conditional(x)
    let present = parts.isMissing.logicalNot().to(type: .float64)
    let centred = (parts.x - mean) * present
    let explained = (parts.projected * parts.mean).sum(over: -1)
    // ln |Σ_o| = ln |Ψ_o| + ln |I + W_oᵀ Ψ_o⁻¹ W_o|, the latter −ln |S|.
    let logDeterminant =
      (noiseVariance.logarithm() * present).sum(over: 1) - parts.factor.diagonal().logarithm().sum(over: -1) * 2
    let distance = (centred.squared() / noiseVariance).sum(over: 1) - explained
    return (distance + logDeterminant + present.sum(over: 1) * log(2 * Double.pi)) * -0.5
  }

  /// p(z|x_o) of each row.
  private struct Conditional {
    /// The rows, with the mean of a cell where it is missing.
    let x: Tensor
    let isMissing: Tensor
    /// W_oᵀ Ψ_o⁻¹ (x_o − μ_o).
    let projected: Tensor
    let mean: Tensor
    /// A triangular factor T of the covariance TTᵀ, shape `[batch, L, L]`, or `[1, L, L]` where all rows lack the same cells.
    let factor: Tensor
  }

  private func conditional(_ x: Tensor) -> Conditional {
    let x = x.detached().to(type: .float64, device: .cpu)
    let isMissing = x.isNaN()
    let known = Tensor.choose(mean.expanded(x.shape), where: isMissing, else: x)
    let weight = isMissing.logicalNot().to(type: .float64) / noiseVariance
    let projected = ((known - mean) * weight).times(weights)
    let isShared = (weight - weight[0]).absolute().maximum().item == 0
    // [batch, L, D] · [D, L]
    let scaled = weights.transposed() * (isShared ? weight[0..<1] : weight).unsqueezed(at: 1)
    let identity = Tensor.identity(latents, type: .float64)
    let covariance = (scaled.times(weights) + identity).inverse()
    // A covariance whose eigenvalues are in (0, 1]; the symmetric part of what the inverse rounds.
    let symmetric = (covariance + covariance.transposed()) * 0.5
    let mean = symmetric.times(projected.unsqueezed(at: -1)).squeezed(at: -1)
    let factor = (try? symmetric.cholesky()) ?? symmetric * 0
    return Conditional(x: known, isMissing: isMissing, projected: projected, mean: mean, factor: factor)
  }
}
