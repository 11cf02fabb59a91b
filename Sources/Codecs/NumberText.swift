/// Numbers as people write them in tables.
enum NumberText {
  /// The number that a text is, or nil when it is none.
  ///
  /// Digits, sign, point and exponent, as well as `inf` and `infinity` in any case; white space at the ends is no part.
  static func parse(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    var position = text.startIndex
    let end = text.endIndex
    let base = text.base
    guard position < end else { return nil }
    let isNegative = base[position] == 0x2D
    if isNegative || base[position] == 0x2B { position += 1 }
    var (mantissa, digits, scale): (UInt64, Int, Int) = (0, 0, 0)
    var hasDigits = false
    var hasPoint = false
    while position < end {
      let byte = base[position]
      if byte >= 0x30 && byte <= 0x39 {
        hasDigits = true
        if digits > 0 || byte != 0x30 { digits += 1 }
        if digits <= 18 {
          mantissa = 10 * mantissa + UInt64(byte - 0x30)
          if hasPoint { scale -= 1 }
        }
      } else if byte == 0x2E && !hasPoint {
        hasPoint = true
      } else {
        break
      }
      position += 1
    }
    guard hasDigits else { return isInfinity(text[position...]) ? (isNegative ? -.infinity : .infinity) : nil }
    if position < end {
      guard base[position] | 0x20 == 0x65, let exponent = exponent(text[(position + 1)...]) else { return nil }
      scale += exponent
    }
    // Both factors are exact up to here, so that one rounding gives the nearest number.
    if digits <= 18 && mantissa <= 1 << 53 && abs(scale) <= 22 {
      let value = scale < 0 ? Double(mantissa) / powers[-scale] : Double(mantissa) * powers[scale]
      return isNegative ? -value : value
    }
    return Double(String(decoding: text, as: UTF8.self))
  }

  /// The shortest text that reads back as the same number.
  static func format<Number: BinaryFloatingPoint & CustomStringConvertible>(_ value: Number) -> String {
    if value.isNaN { return "" }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    var digits = text
    let isNegative = digits.first == 0x2D
    if isNegative || digits.first == 0x2B { digits.removeFirst() }
    guard !digits.isEmpty else { return nil }
    var value = 0
    for byte in digits {
      guard byte >= 0x30 && byte <= 0x39 else { return nil }
      value = min(10 * value + Int(byte - 0x30), 1 << 20)
    }
    return isNegative ? -value : value
  }

  private static func isInfinity(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard text.count == 3 || text.count == 8 else { return false }
    return ["inf", "infinity"].contains(String(decoding: text, as: UTF8.self).lowercased())
  }

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]
}
