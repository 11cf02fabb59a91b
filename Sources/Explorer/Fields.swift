internal import Foundation

/// The named values of a request, each of which has to be known and to make sense.
struct Fields: Sendable {
  private let values: [String: JSONValue]
  /// What messages call the object, such as `from.`; empty for the body itself.
  private let path: String

  /// Reads a body.
  ///
  /// - Parameter keys: What it may hold.
  init(_ bytes: Data, keys: [String]) throws(ExplorerError) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: bytes) else {
      throw .wrong("the body is not valid JSON; send one object such as {\"\(keys.first ?? "rows")\": …}.")
    }
    try self.init(value, at: "", keys: keys)
  }

  init(_ value: JSONValue, at path: String, keys: [String]) throws(ExplorerError) {
    guard case .object(let fields) = value else {
      throw .wrong("\(path.isEmpty ? "the body" : path) is \(value.words); expected an object.")
    }
    self.path = path.isEmpty ? "" : path + "."
    values = fields
    if let unknown = fields.keys.sorted().first(where: { !keys.contains($0) }) {
      throw .wrong(
        "\(self.path)\(JSONValue.text(unknown).words.dropFirst().dropLast()) is no known key; expected "
          + "\(keys.joined(separator: ", ")).")
    }
  }

  /// Whether a key is there and not null.
  func has(_ key: String) -> Bool {
    if case .null? = values[key] { return false }
    return values[key] != nil
  }

  subscript(key: String) -> JSONValue? { has(key) ? values[key] : nil }

  private func missing(_ key: String, _ expected: String) -> ExplorerError {
    .wrong("\(path)\(key) is missing; give \(expected).")
  }

  private func wrong(_ key: String, _ value: JSONValue, _ expected: String) -> ExplorerError {
    .wrong("\(path)\(key) is \(value.words); expected \(expected).")
  }

  /// A whole number of a range.
  func integer(_ key: String, in range: ClosedRange<Int>, default standard: Int? = nil) throws(ExplorerError) -> Int {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let value = self[key] else {
      guard let standard else { throw missing(key, expected) }
      return standard
    }
    guard case .number(let number) = value, let whole = Int(exactly: number), range.contains(whole) else {
      throw wrong(key, value, expected)
    }
    return whole
  }

  /// A finite number of a range.
  func number(_ key: String, in range: ClosedRange<Double>, default standard: Double? = nil) throws(ExplorerError)
    -> Double
  {
    let expected = "a number from \(brief(range.lowerBound)) to \(brief(range.upperBound))"
    guard let value = self[key] else {
      guard let standard else { throw missing(key, expected) }
      return standard
    }
    guard case .number(let number) = value, range.contains(number) else { throw wrong(key, value, expected) }
    return number
  }

  /// One of some words.
  func word(_ key: String, among words: [String], default standard: String) throws(ExplorerError) -> String {
    guard let value = self[key] else { return standard }
    guard case .text(let text) = value, words.contains(text) else {
      throw wrong(key, value, words.map { "“\($0)”" }.joined(separator: " or "))
    }
    return text
  }

  /// A text that is not empty.
  func text(_ key: String, most: Int = 200) throws(ExplorerError) -> String {
    guard let value = self[key] else { throw missing(key, "a text") }
    guard case .text(let text) = value, !text.isEmpty, text.count <= most else {
      throw wrong(key, value, "a text of 1 to \(most) letters")
    }
    return text
  }

  /// A list of values.
  func list(_ key: String, count: ClosedRange<Int>) throws(ExplorerError) -> [JSONValue] {
    let expected =
      "a list of \(count.lowerBound == count.upperBound ? "" : "\(count.lowerBound) to ")\(count.upperBound)"
    guard let value = self[key] else { throw missing(key, expected) }
    guard case .list(let list) = value else { throw wrong(key, value, expected) }
    guard count.contains(list.count) else { throw .wrong("\(path)\(key) holds \(list.count); expected \(expected).") }
    return list
  }

  /// A list of whole numbers.
  func integers(_ key: String, count: ClosedRange<Int>, in range: ClosedRange<Int>) throws(ExplorerError) -> [Int] {
    var result: [Int] = []
    for (index, value) in try list(key, count: count).enumerated() {
      guard case .number(let number) = value, let whole = Int(exactly: number), range.contains(whole) else {
        throw wrong("\(key)[\(index)]", value, "a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      result.append(whole)
    }
    return result
  }

  /// A list of finite numbers within a distance of 0.
  func numbers(_ key: String, count: ClosedRange<Int>, within limit: Double) throws(ExplorerError) -> [Double] {
    try Self.numbers(list(key, count: count), at: path + key, within: limit)
  }

  static func numbers(_ list: [JSONValue], at path: String, within limit: Double) throws(ExplorerError) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(list.count)
    for (index, value) in list.enumerated() {
      guard case .number(let number) = value, abs(number) <= limit else {
        throw .wrong("\(path)[\(index)] is \(value.words); expected a number from \(brief(-limit)) to \(brief(limit)).")
      }
      result.append(number)
    }
    return result
  }
}

/// A number without needless digits.
func brief(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
