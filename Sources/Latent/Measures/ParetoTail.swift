internal import Foundation

/// The shape k̂ of a generalized Pareto distribution fitted to the largest importance weights of a row.
///
/// Weights whose tail has the shape k have finite moments up to 1/k: above ½ no variance, so that a standard error means little, and from
/// 0.7 on the estimate is not to be relied on with any number of draws that can be had.
/// - SeeAlso: Vehtari, Simpson, Gelman, Yao & Gabry, “Pareto Smoothed Importance Sampling”, 2024; Zhang & Stephens, “A New and Efficient
///   Estimation Method for the Generalized Pareto Distribution”, 2009.
package struct ParetoTail {
  /// Above it an estimate is not to be relied on.
  package static let threshold = 0.7

  /// The logarithms of the M + 1 largest weights; the smallest of them is where the tail begins.
  private var largest: GreatestValues

  /// The tail of K weights: the M = min(K/5, 3 √K) largest, rounded up.
  package init(draws: Int) {
    let length = min(Double(draws) / 5, 3 * Double(draws).squareRoot()).rounded(.up)
    largest = GreatestValues(capacity: Int(length) + 1)
  }

  /// Adds a weight by its logarithm.
  package mutating func add(_ logWeight: Double) { largest.add(logWeight) }

  /// k̂; nil where fewer than five weights lie above where the tail begins: there is none to speak of.
  package var shape: Double? {
    guard let least = largest.values.min(), let greatest = largest.values.max(), greatest.isFinite else { return nil }
    // In units of the largest weight: a shape has no scale.
    let start = exp(least - greatest)
    let excesses = largest.values.map { exp($0 - greatest) - start }.filter { $0 > 0 }.sorted()
    return excesses.count < 5 ? nil : Self.shape(ofExcesses: excesses)
  }

  /// The estimate of Zhang & Stephens with the weakly informative prior of Vehtari et al.: ten excesses of shape ½.
  ///
  ///     k(θ) = 1/n Σ ln(1 − θ xᵢ),   θ̂ the mean of θ over a grid weighted by its profile likelihood,   k̂ = (n k(θ̂) + 10 · ½) / (n + 10)
  ///
  /// - Parameter excesses: Above 0, in ascending order, at least two.
  static func shape(ofExcesses excesses: [Double]) -> Double {
    let count = Double(excesses.count)
    let grid = 30 + Int(count.squareRoot())
    let quartile = excesses[Int(count / 4 + 0.5) - 1]
    let greatest = excesses[excesses.count - 1]
    func k(_ theta: Double) -> Double { excesses.reduce(0) { $0 + log1p(-theta * $1) } / count }
    let thetas = (1...grid).map {
      1 / greatest + (1 - (Double(grid) / (Double($0) - 0.5)).squareRoot()) / (3 * quartile)
    }
    let profile = thetas.map { theta -> Double in
      let shape = k(theta)
      return count * (log(-theta / shape) - shape - 1)
    }
    var weights = profile.map { own in 1 / profile.reduce(0) { $0 + exp($1 - own) } }
    let negligible = 10 * Double.ulpOfOne
    weights = weights.map { $0 >= negligible ? $0 : 0 }
    let theta = zip(thetas, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
    return (count * k(theta) + 5) / (count + 10)
  }
}
