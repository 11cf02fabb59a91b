internal import Foundation

/// Numbers as people read them, with a true minus sign and none before 0; and as files and settings hold them.
extension Double {
  /// With so many digits behind the point.
  package func fixed(_ digits: Int) -> String { String(format: "%.\(digits)f", self).withMinusSign }

  /// The same with a sign in any case, as differences have one.
  package func signed(_ digits: Int) -> String { (self > 0 ? "+" : "") + fixed(digits) }

  /// Up to four significant digits, without trailing zeros.
  package var significant: String { String(format: "%.4g", self).withMinusSign }

  /// Up to six significant digits, without trailing zeros.
  package var brief: String { plain.withMinusSign }

  /// The same with a hyphen for the minus sign, as what is read by programs has it.
  var plain: String { String(format: "%.6g", self) }
}

extension String {
  /// A number's text whose hyphen is a minus sign, which what is rounded to 0 does without.
  fileprivate var withMinusSign: String {
    guard hasPrefix("-") else { return self }
    let magnitude = dropFirst()
    return magnitude.allSatisfy { $0 == "0" || $0 == "." } ? String(magnitude) : "−" + magnitude
  }
}
