internal import Torch

/// Rows around their mean, in double precision, and the axes along which they vary most.
struct PrincipalComponents {
  /// The mean of the rows, shape `[D]`.
  let mean: Tensor
  /// The rows less their mean, shape `[rows, D]`.
  let centred: Tensor
  /// The variance of each element with 1/N, shape `[D]`.
  let variances: Tensor

  init(of rows: Tensor) {
    let x = rows.detached().to(type: .float64, device: .cpu)
    mean = x.mean(over: 0)
    centred = x - mean
    variances = centred.squared().mean(over: 0)
  }

  /// The number of rows.
  var count: Int { centred.extent(0) }

  /// D.
  var dimensions: Int { centred.extent(1) }

  /// The greatest eigenvalues of the covariance SXXᵀS with 1/N, in descending order, and their eigenvectors, `[D, count]`.
  ///
  /// The matrix that is taken apart is the smaller of D × D and N × N.
  /// - Parameter scales: What each element is multiplied by before, shape `[D]`; nil for nothing.
  func top(_ count: Int, scales: Tensor? = nil) -> (values: Tensor, vectors: Tensor) {
    let x = scales.map { centred * $0 } ?? centred
    let isWide = dimensions > self.count
    let square = (isWide ? x.times(x.transposed()) : x.transposed().times(x)) / Double(self.count)
    let (values, vectors) = square.symmetricEigen()
    let last = Tensor((0..<count).map { Int64(values.count - 1 - $0) })
    let (best, axes) = (values.rows(last).clamped(to: 0...Double.greatestFiniteMagnitude), vectors.columns(last))
    guard isWide else { return (best, axes) }
    let turned = x.transposed().times(axes)
    return (best, turned / (turned.squared().sum(over: 0).squareRoot() + Double.leastNormalMagnitude))
  }

  /// Refuses more latents than rows and elements have room for, and rows that do not vary.
  func demandRoom(latents: Int, fit: String) throws(LatentError) {
    let most = min(count - 1, dimensions - 1)
    guard latents <= most else {
      throw LatentError(
        "model.latents: \(latents) latents leave no noise in \(counted(count, "row")) of \(dimensions) values, which fit "
          + "\(fit) needs; use at most \(most).")
    }
  }
}
