internal import Foundation
internal import Torch

/// Multinomial logistic regression that pays for weights, so that it uses few inputs.
///
///     min over W, b of −1/n Σ_i ln softmax(c_i W + b)[v_i] + λ Σ |W|,   λ = 0.01
///
/// Inputs are first brought to mean 0 and deviation 1 (1/n) over the training rows; one that does not vary is not used. Solved by proximal
/// gradient steps with momentum that starts anew when it leads upwards, until no optimality condition is missed by more than 1e-9.
/// - SeeAlso: Beck & Teboulle, “A Fast Iterative Shrinkage-Thresholding Algorithm”, 2009; O'Donoghue & Candès, “Adaptive Restart for
///   Accelerated Gradient Schemes”, 2015.
struct SparseClassifier {
  /// Σ over values of |W|, for each input.
  let importances: [Double]
  /// The share of test rows that are told right.
  let accuracy: Double

  static let penalty = 0.01
  private static let tolerance = 1e-9
  private static let limit = 20_000

  /// - Parameters:
  ///   - inputs: Shape `[n, L]`, `float64`.
  ///   - values: The class of each row, below `count`.
  init(training: (inputs: Tensor, values: [Int]), test: (inputs: Tensor, values: [Int]), count: Int) {
    let rows = Double(training.values.count)
    let mean = training.inputs.mean(over: 0)
    let deviation = (training.inputs - mean).squared().mean(over: 0).squareRoot()
    let varies = (deviation .> 1e-12).to(type: .float64)
    let scale = varies / (deviation + 1 - varies)
    let x = (training.inputs - mean) * scale
    let y = Tensor(training.values.map(Int64.init)).oneHot(classes: count).to(type: .float64)

    // The slope of the loss is steep at most ½ λ_max(XᵀX / n) and ½ in the intercepts, which are centred against X.
    let spectrum = x.transposed().times(x).symmetricEigen().values
    let steepness = 0.5 * max(spectrum.maximum().item / rows, 1)
    var (w, b) = (Tensor.zeros([x.extent(1), count], type: .float64), Tensor.zeros([count], type: .float64))
    var (wAhead, bAhead, momentum) = (w, b, 1.0)
    for _ in 0..<Self.limit {
      let error = ((x.times(wAhead) + bAhead).softmax() - y) / rows
      let (wSlope, bSlope) = (x.transposed().times(error), error.sum(over: 0))
      let moved = wAhead - wSlope / steepness
      let wNext = moved.sign() * (moved.absolute() - Self.penalty / steepness).rectified()
      let bNext = bAhead - bSlope / steepness
      let missed =
        max(
          (wNext - wAhead).absolute().maximum().item, (bNext - bAhead).absolute().maximum().item) * steepness
      let uphill =
        ((wAhead - wNext) * (wNext - w)).sum().item + ((bAhead - bNext) * (bNext - b)).sum().item
      let next = uphill > 0 ? 1 : (1 + (1 + 4 * momentum * momentum).squareRoot()) / 2
      let carry = uphill > 0 ? 0 : (momentum - 1) / next
      wAhead = wNext + (wNext - w) * carry
      bAhead = bNext + (bNext - b) * carry
      (w, b, momentum) = (wNext, bNext, next)
      if missed < Self.tolerance { break }
    }
    importances = w.absolute().sum(over: 1).values()
    let scores = ((test.inputs - mean) * scale).times(w) + b
    let answers = scores.indexOfMaximum().values(as: Int64.self)
    accuracy = Double(zip(answers, test.values).count { Int($0) == $1 }) / Double(test.values.count)
  }
}
