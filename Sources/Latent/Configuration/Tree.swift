internal import Foundation
internal import Yams

/// A configuration as it is written: text, numbers, lists and named values, before anything is known of their meaning.
enum Tree: Equatable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([Tree])
  case object([String: Tree])

  /// The value at a dotted path such as `model.latents`.
  subscript(path: String) -> Tree? {
    path.split(separator: ".").reduce(self) { (tree: Tree?, key) in
      guard case .object(let fields)? = tree else { return nil }
      return fields[String(key)]
    }
  }
}

extension Tree {
  /// Reads YAML, of which JSON is a part.
  ///
  /// - Parameter name: What errors call the text.
  init(yaml: String, name: String) throws(LatentError) {
    do {
      self = try Yams.compose(yaml: yaml).map(Tree.init(node:)) ?? .object([:])
    } catch {
      throw LatentError("\(name) is not valid YAML\((error as? YamlError).map(Self.reason) ?? ""); correct it there.")
    }
  }

  /// What is wrong and where, such as `: did not find expected ',' or ']' in line 2`.
  private static func reason(_ error: YamlError) -> String {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ": \(problem) in line \(mark.line), column \(mark.column)"
    case .reader(let problem, _, _, _): ": \(problem)"
    case .duplicatedKeysInMapping(let keys, let context):
      ": \(Set(keys).sorted().map { "'\($0)'" }.joined(separator: ", ")) is given twice in the part that "
        + "starts in line \(context.mark.line)"
    default: ""
    }
  }

  private init(node: Node) {
    switch node {
    case .mapping(let mapping):
      self = .object(
        [String: Tree](mapping.map { ($0.key.string ?? "", Tree(node: $0.value)) }, uniquingKeysWith: { $1 }))
    case .sequence(let sequence): self = .list(sequence.map(Tree.init(node:)))
    case .scalar, .alias:
      switch node.any {
      case let value as Bool: self = .boolean(value)
      case let value as Int: self = .integer(value)
      case let value as Double: self = .number(value)
      case let value as String: self = .text(value)
      case is NSNull: self = .null
      default: self = .text(node.string ?? "")
      }
    }
  }

  /// A tree that holds one value at a dotted path.
  init(path: String, value: Tree) {
    self = path.split(separator: ".", omittingEmptySubsequences: false).reversed().reduce(value) {
      .object([String($1): $0])
    }
  }
}

extension Tree: Codable {
  init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: Key.self) {
      self = .object(
        try container.allKeys.reduce(into: [:]) { $0[$1.stringValue] = try container.decode(Tree.self, forKey: $1) })
      return
    }
    if var container = try? decoder.unkeyedContainer() {
      var list: [Tree] = []
      while !container.isAtEnd { list.append(try container.decode(Tree.self)) }
      self = .list(list)
      return
    }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let fields):
      var container = encoder.container(keyedBy: Key.self)
      for (name, value) in fields { try container.encode(value, forKey: Key(name)) }
    case .list(let values):
      var container = encoder.unkeyedContainer()
      for value in values { try container.encode(value) }
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .boolean(let value): try encode(value, to: encoder)
    case .integer(let value): try encode(value, to: encoder)
    case .number(let value): try encode(value, to: encoder)
    case .text(let value): try encode(value, to: encoder)
    }
  }

  private func encode(_ value: some Encodable, to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

extension Tree: CustomStringConvertible {
  /// As a person would write it.
  var description: String {
    switch self {
    case .null: "nothing"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): "'\(value)'"
    case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
    case .object(let fields):
      "{\(fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    }
  }
}
