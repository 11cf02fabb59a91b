internal import Foundation
internal import Torch

/// How far rows are from what the model makes of their posterior means, in the data's own units.
///
///     √(1/(N D) Σ (x − x̂)²),   x̂ = E[x|z], z = E[z|x]
///
/// It is what `latent reconstruct` shows, and no bound on anything: unlike −ELBO it has no price for what the latents carry.
public struct ReconstructionError: Codable, Sendable, Equatable {
  /// The root of the mean squared error of an element. Of rows made black and white it is of 0 and 1, not of the data's greys.
  public var rootMeanSquare = 0.0
  /// Its standard error over rows.
  public var standardError = 0.0
  /// That of each column of a table; empty for pictures.
  public var perColumn: [Double] = []
  /// The share of elements whose nearest level to x̂ is another than theirs, where the likelihood describes levels; else nil.
  public var wrongShare: Double?
  /// Its standard error over rows.
  public var wrongShareError: Double?

  /// Nothing judged.
  public init() {}
}

/// The rows seen so far.
struct ReconstructionErrors {
  private let data: DataDescription
  /// The mean over elements, of each row.
  private var squares: [Double] = []
  private var wrong: [Double] = []
  private var columns = [Double]()
  private var isWhole = true

  init(of data: DataDescription) { self.data = data }

  mutating func add(_ x: Tensor, reconstructed: Tensor, by likelihood: any Likelihood) {
    let (x, mean) = (x.to(type: .float64), reconstructed.to(type: .float64))
    isWhole = isWhole && likelihood.isDiscrete && (x - x.rounded()).absolute().maximum().item == 0
    if isWhole { wrong += ((mean - x).absolute() .> 0.5).to(type: .float64).mean(over: -1).values() }
    let isRaw = data.binarization == .none
    let difference = isRaw ? data.scaling.toRaw(mean) - data.scaling.toRaw(x) : mean - x
    let errors = difference.squared()
    squares += errors.mean(over: -1).values()
    guard !data.isPicture else { return }
    let sums = errors.sum(over: 0).values(as: Double.self)
    columns = columns.isEmpty ? sums : zip(columns, sums).map(+)
  }

  var result: ReconstructionError {
    let count = Double(squares.count)
    func estimate(_ values: [Double]) -> (mean: Double, error: Double) {
      var moments = RunningMoments()
      for value in values { moments.add(value) }
      return (moments.mean, moments.varianceOfMean.squareRoot())
    }
    let square = estimate(squares)
    var result = ReconstructionError()
    result.rootMeanSquare = square.mean.squareRoot()
    // Of the root by the delta method.
    result.standardError = square.mean > 0 ? square.error / (2 * result.rootMeanSquare) : 0
    result.perColumn = columns.map { ($0 / count).squareRoot() }
    if isWhole {
      let share = estimate(wrong)
      (result.wrongShare, result.wrongShareError) = (share.mean, share.error)
    }
    return result
  }
}
