public import Torch

// The density of a Gaussian at many points for many rows at once. Its logarithm is linear in (1, z, z zᵀ), so that all pairs of points and
// rows are one product of matrices. Double precision, as squares of large numbers are subtracted from each other.

extension DiagonalGaussian {
  /// The logarithm of the density of every row at every point, in double precision.
  ///
  ///     −½ Σ_d (z_d² / σ_d² − 2 z_d μ_d / σ_d² + μ_d² / σ_d² + ln σ_d² + ln 2π)
  ///
  /// - Parameter z: Shape `[points, L]`.
  /// - Returns: Shape `[points, batch]`, of a Gaussian whose `mean` has the shape `[batch, L]`.
  public func logDensities(ofEach z: Tensor) -> Tensor {
    let (squares, products, constants) = terms
    let z = z.to(type: .float64)
    return z.squared().times(squares.transposed()) + z.times(products.transposed()) + constants.sum(over: -1)
  }

  /// The same of each dimension by itself.
  ///
  /// - Parameter z: Shape `[points, L]`.
  /// - Returns: Shape `[L, points, batch]`.
  public func logDensities(ofEachLatent z: Tensor) -> Tensor {
    let (squares, products, constants) = terms
    let z = z.to(type: .float64).transposed()
    let powers = Tensor.stack([z.squared(), z, z * 0 + 1], along: -1)
    return powers.times(.stack([squares, products, constants]).permuted([2, 0, 1]))
  }

  /// What z², z and 1 are multiplied by, shape `[batch, L]` each.
  private var terms: (squares: Tensor, products: Tensor, constants: Tensor) {
    let gaussian = inDoublePrecision
    let precision = (-gaussian.logVariance).exponential()
    return (
      precision * -0.5, gaussian.mean * precision,
      (gaussian.mean.squared() * precision + gaussian.logVariance + Self.logTwoPi) * -0.5
    )
  }

  /// The same Gaussian in double precision, each of its parts with the shape of `mean`.
  var inDoublePrecision: DiagonalGaussian {
    DiagonalGaussian(
      mean: mean.to(type: .float64), logVariance: logVariance.expanded(mean.shape).to(type: .float64))
  }

  /// The Gaussians of some rows.
  func rows(_ index: Tensor) -> DiagonalGaussian {
    DiagonalGaussian(mean: mean.rows(index), logVariance: logVariance.rows(index))
  }
}

extension FullGaussian {
  /// The numbers of covariances that are held at once.
  private static let limit = 1 << 20

  /// The logarithm of the density of every row at every point, in double precision.
  ///
  ///     −½ (zᵀ Λ z − 2 zᵀ Λ μ + μᵀ Λ μ + n ln 2π) − Σᵢ ln Lᵢᵢ,   Λ = Σ⁻¹
  ///
  /// - Parameter z: Shape `[points, n]`.
  /// - Returns: Shape `[points, batch]`.
  public func logDensities(ofEach z: Tensor) -> Tensor {
    let (rows, size) = (mean.extent(0), mean.extent(1))
    let z = z.to(type: .float64)
    let squares = (z.unsqueezed(at: -1) * z.unsqueezed(at: -2)).reshaped([-1, size * size])
    let identity = Tensor.identity(size, type: .float64, on: z.device)
    let count = max(1, Self.limit / (size * size))
    let parts = stride(from: 0, to: rows, by: count).map { start in
      let part = start..<min(start + count, rows)
      let factor = factor[part].to(type: .float64)
      let mean = mean[part].to(type: .float64)
      let inverse = factor.solvingTriangular(identity.expanded(factor.shape))
      let precision = inverse.transposed().times(inverse)
      let products = precision.times(mean.unsqueezed(at: -1)).squeezed(at: -1)
      let constants =
        ((mean * products).sum(over: -1) + Double(size) * DiagonalGaussian.logTwoPi) * -0.5
        - factor.diagonal().logarithm().sum(over: -1)
      return squares.times(precision.reshaped([-1, size * size]).transposed()) * -0.5
        + z.times(products.transposed()) + constants
    }
    return .concatenate(parts, along: 1)
  }
}
