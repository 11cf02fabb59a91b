internal import Foundation
internal import Latent

extension ValueWithError {
  /// The number ± its error, both with as many decimals as two digits of the error have; the number alone where it has no error.
  var text: String {
    guard error > 0, error.isFinite else { return value.significant }
    let decimals = min(6, max(0, 1 - Int(log10(error).rounded(.down))))
    return "\(value.fixed(decimals)) ± \(error.fixed(decimals))"
  }
}
