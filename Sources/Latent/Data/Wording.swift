internal import Foundation

/// A number in at most four significant digits.
func short(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
  if value == value.rounded(), abs(value) < 1e9 { return String(Int(value)) }
  return String(format: "%.4g", value)
}

/// A number of things, in the singular or the plural.
func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}

/// Names in quotes, the first few of many.
func listed(_ names: [String], limit: Int = 8) -> String {
  let shown = names.prefix(limit).map { "“\($0)”" }.joined(separator: ", ")
  return names.count > limit ? shown + " and \(names.count - limit) more" : shown
}

/// The extents of a shape as people write them.
func extents(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " × ") }
