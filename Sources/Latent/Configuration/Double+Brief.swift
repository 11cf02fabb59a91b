internal import Foundation

extension Double {
  /// Up to six significant digits, without trailing zeros.
  var brief: String { String(format: "%.6g", self) }
}
