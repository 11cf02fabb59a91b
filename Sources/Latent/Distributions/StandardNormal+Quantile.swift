internal import Foundation

extension StandardNormal {
  /// Φ⁻¹(p), the number below which a share p of N(0, 1) lies.
  ///
  /// Found by halving an interval until it is as small as a double can be.
  /// - Parameter share: Above 0 and below 1; nearer to either than 1e-300 the result is −38 or 38.
  public static func quantile(_ share: Double) -> Double {
    if share > 0.5 { return -quantile(1 - share) }
    var (low, high) = (-38.0, 0.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
