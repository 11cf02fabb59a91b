internal import Foundation

/// A value of JSON, before anything is known of its meaning.
enum JSONValue: Decodable, Sendable {
  case null
  case number(Double)
  case text(String)
  case boolean(Bool)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    // Numbers first: there are many of them.
    if let number = try? single.decode(Double.self) {
      self = .number(number)
    } else if var values = try? decoder.unkeyedContainer() {
      var list: [JSONValue] = []
      list.reserveCapacity(values.count ?? 0)
      while !values.isAtEnd { list.append(try values.decode(JSONValue.self)) }
      self = .list(list)
    } else if let fields = try? decoder.container(keyedBy: Key.self) {
      self = .object(
        try fields.allKeys.reduce(into: [:]) { $0[$1.stringValue] = try fields.decode(JSONValue.self, forKey: $1) })
    } else if let text = try? single.decode(String.self) {
      self = .text(text)
    } else if single.decodeNil() {
      self = .null
    } else {
      self = .boolean(try single.decode(Bool.self))
    }
  }

  /// What it is, in words.
  var words: String {
    switch self {
    case .null: "null"
    case .number(let value): Int(exactly: value).map(String.init) ?? "\(value)"
    case .text(let value): "“\(value.count > 40 ? String(value.prefix(40)) + "…" : value)”"
    case .boolean(let value): "\(value)"
    case .list: "a list"
    case .object: "an object"
    }
  }
}

/// A name of a field.
struct Key: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}
