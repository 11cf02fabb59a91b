internal import Foundation

/// Numbers as a reader wants them: no more digits than mean something, a true minus sign, no trailing zeros.
extension ReportPage {
  /// A number in a few significant digits.
  static func text(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite else { return unbounded(value) }
    if value == value.rounded(), abs(value) < 1e6 { return value.fixed(0) }
    let magnitude = exponent(of: value)
    if magnitude >= 7 || magnitude < -4 {
      let mantissa = value / pow(10, Double(magnitude))
      return "\(text(mantissa, digits: min(digits, 3))) × 10\(superscript(magnitude))"
    }
    return trimmed(value.fixed(max(0, digits - 1 - magnitude)))
  }

  /// A number with as many decimals as its error allows: two digits of the error.
  ///
  /// - Returns: The number and its error, or an empty error where that is unknown or nothing.
  static func text(_ value: Double, error: Double) -> (value: String, error: String) {
    guard value.isFinite, error.isFinite, error > 0 else {
      return (value.isFinite && abs(value) < 1e6 ? nats(value) : text(value), error.isNaN ? "±\u{A0}–" : "")
    }
    let decimals = min(6, max(0, 1 - exponent(of: error)))
    return (value.fixed(decimals), "±\u{A0}" + error.fixed(decimals))
  }

  /// A number of nats with two decimals, three below one.
  static func nats(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e6 else { return text(value) }
    return value.fixed(abs(value) < 1 ? 3 : 2)
  }

  /// A number of nats that no draws went into, with the six decimals by which such numbers are told apart.
  static func exact(_ value: Double) -> String { value.fixed(6) }

  /// The numbers of a column with the same decimals, about five digits for the largest.
  static func column(_ values: [Double]) -> [String] {
    let largest = values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    guard largest < 1e7, largest == 0 || largest >= 1e-6 else { return values.map { text($0) } }
    let most = largest > 0 ? min(9, max(0, 4 - exponent(of: largest))) : 0
    let needed = (0...most).first { decimals in
      let scale = pow(10, Double(decimals))
      let full = pow(10, Double(most))
      return values.allSatisfy { !$0.isFinite || abs(($0 * scale).rounded() / scale - $0) * full < 0.5 }
    }
    return values.map { $0.isFinite ? $0.fixed(needed ?? most) : unbounded($0) }
  }

  /// A whole number with thin spaces between its thousands.
  static func text(_ count: Int) -> String {
    let digits = String(count.magnitude)
    guard digits.count > 4 else { return Double(count).fixed(0) }
    let grouped = digits.enumerated().reduce(into: "") { result, digit in
      if digit.offset > 0, (digits.count - digit.offset) % 3 == 0 { result += "\u{202F}" }
      result.append(digit.element)
    }
    return (count < 0 ? "−" : "") + grouped
  }

  private static func unbounded(_ value: Double) -> String { value.isNaN ? "–" : value > 0 ? "∞" : "−∞" }

  private static func exponent(of value: Double) -> Int { value == 0 ? 0 : Int(log10(abs(value)).rounded(.down)) }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var result = Substring(text)
    while result.hasSuffix("0") { result.removeLast() }
    if result.hasSuffix(".") { result.removeLast() }
    return String(result)
  }

  private static func superscript(_ exponent: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return (exponent < 0 ? "⁻" : "")
      + String(String(abs(exponent)).compactMap { $0.wholeNumberValue }.map { digits[$0] })
  }
}
