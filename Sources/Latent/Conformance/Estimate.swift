package import Torch

/// A mean of draws with its standard error.
package struct Estimate {
  /// The mean.
  package let mean: Double
  /// Its standard error.
  package let error: Double

  /// Of at least two draws.
  package init(_ draws: [Double]) {
    let count = Double(draws.count)
    let mean = draws.reduce(0, +) / count
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    self.mean = mean
    error = (variance / count).squareRoot()
  }

  /// Of the elements of a tensor.
  package init(_ draws: Tensor) { self.init(draws.values(as: Double.self)) }

  /// Whether a value is within so many standard errors, with room for the rounding of draws that are all the same.
  package func agrees(with value: Double, errors: Double = 4) -> Bool {
    abs(mean - value) <= errors * error + 1e-6 * (1 + abs(value))
  }
}

/// The integral of a function by Simpson's rule with an even number of steps.
package func integral(
  from low: Double, to high: Double, steps: Int = 4000, _ function: (Tensor) -> Tensor
) -> Double {
  let width = (high - low) / Double(steps)
  let x = Tensor((0...steps).map { low + Double($0) * width })
  let weights = Tensor((0...steps).map { $0 == 0 || $0 == steps ? 1.0 : $0 % 2 == 1 ? 4 : 2 })
  return (function(x) * weights).sum().item * width / 3
}
