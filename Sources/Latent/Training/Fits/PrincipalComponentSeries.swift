internal import Torch

/// The probabilistic principal components of some rows for any number of latents, from one decomposition.
struct PrincipalComponentSeries {
  private let data: PrincipalComponents
  private let most: Int
  private let top: (values: Tensor, vectors: Tensor)?

  /// - Parameter rows: Shape `[rows, D]`.
  init(_ rows: Tensor) {
    data = PrincipalComponents(of: rows)
    most = min(data.count, data.dimensions) - 1
    top = most > 0 ? data.top(most) : nil
  }

  /// Numbers of latents worth a trial, in ascending order: 1, 2, 3, 5, 7, 10, 15 and so on, and D − 1, which leaves a Gaussian of full
  /// covariance.
  var latents: [Int] {
    let grid = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500]
    return Set(grid + [data.dimensions - 1]).filter { $0 >= 1 && $0 <= most }.sorted()
  }

  /// The model of greatest likelihood; nil where the rows have no room for so many latents.
  func model(_ latents: Int) -> LinearGaussianModel? {
    guard let top, (1...most).contains(latents) else { return nil }
    return PPCAFit.model(
      data,
      top: (
        top.values.narrowed(along: 0, from: 0, count: latents),
        top.vectors.narrowed(along: 1, from: 0, count: latents)
      ))
  }
}
