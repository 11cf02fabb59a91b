internal import Foundation
public import Torch

extension LinearGaussianModel {
  /// A Gaussian with full covariance, fitted by EM to rows with holes.
  ///
  ///     E: x̂ = E[x|x_o],  C = Cov[x|x_o]   of every row
  ///     M: μ = mean of x̂,  Σ = mean of (x̂ − μ)(x̂ − μ)ᵀ + C
  ///
  /// Until the mean log-likelihood of what is known rises by less than 1e-6 nats in an iteration, 2000 iterations at the most. Each
  /// M adds 1e-6 of the mean variance to the diagonal, so that columns that depend on each other leave a covariance. It has D − 1 latents.
  /// - Parameter x: Shape `[rows, D]` with D at least 2; not-a-number where a cell is missing. Without any, the first M is exact.
  /// - SeeAlso: Little & Rubin, “Statistical Analysis with Missing Data”, 2002, section 11.2.
  public init(gaussianOf x: Tensor) {
    let x = x.detached().to(type: .float64, device: .cpu)
    let (rows, dimensions) = (x.extent(0), x.extent(1))
    let isKnown = x.isNaN().logicalNot()
    let weights = isKnown.to(type: .float64)
    let known = Tensor.choose(x, where: isKnown, else: .zeros([], type: .float64))
    let identity = Tensor.identity(dimensions, type: .float64)
    let counts = weights.sum(over: 0).clamped(to: 1...Double.greatestFiniteMagnitude)
    var mean = known.sum(over: 0) / counts
    var covariance = identity * ((((known - mean) * weights).squared().sum(over: 0) / counts) + 1e-6)
    let chunk = max(1, (1 << 22) / (dimensions * dimensions))
    var last = -Double.infinity
    for _ in 0..<2000 {
      var (likelihood, filled, rest) = (0.0, [Tensor](), Tensor.zeros([dimensions, dimensions], type: .float64))
      for start in stride(from: 0, to: rows, by: chunk) {
        let range = start..<min(start + chunk, rows)
        let mask = weights[range]
        let outer = mask.unsqueezed(at: 2) * mask.unsqueezed(at: 1)
        // Σ_oo where a row has both cells, and ones on the rest of the diagonal: its inverse is that of Σ_oo, and its determinant too.
        let block = covariance * outer + identity * (1 - mask).unsqueezed(at: 1)
        let inverse = block.inverse() * outer
        let residual = ((known[range] - mean) * mask).unsqueezed(at: 2)
        let weighted = inverse.times(residual)
        filled.append((covariance.times(weighted)).squeezed(at: 2) + mean)
        rest = rest + (covariance - covariance.times(inverse).times(covariance)).sum(over: 0)
        likelihood -=
          0.5 * ((residual * weighted).sum().item + block.logDeterminant().sum().item + mask.sum().item * log(2 * .pi))
      }
      let complete = Tensor.concatenate(filled)
      mean = complete.mean(over: 0)
      let centred = complete - mean
      covariance = (centred.transposed().times(centred) + rest) / Double(rows)
      covariance = (covariance + covariance.transposed()) * 0.5
      covariance = covariance + identity * (covariance.diagonal().mean().item * 1e-6)
      let rise = likelihood / Double(rows) - last
      last = likelihood / Double(rows)
      if rise < 1e-6 { break }
    }
    let (values, axes) = covariance.symmetricEigen()
    let noise = max(values[0].item, Double.leastNormalMagnitude)
    let lengths = (values.narrowed(along: 0, from: 1, count: dimensions - 1) - noise).rectified().squareRoot()
    self.init(
      weights: axes.narrowed(along: 1, from: 1, count: dimensions - 1) * lengths, mean: mean,
      noiseVariance: Tensor(noise, type: .float64).reshaped([1]))
  }
}
