/// A number of things, in the singular or the plural.
package func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}

/// Names in quotes, the first few of many.
package func listed(_ names: [String], limit: Int = 8) -> String {
  let shown = names.prefix(limit).map { "“\($0)”" }.joined(separator: ", ")
  return names.count > limit ? shown + " and \(names.count - limit) more" : shown
}

/// The extents of a shape as people write them.
package func extents(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " × ") }
