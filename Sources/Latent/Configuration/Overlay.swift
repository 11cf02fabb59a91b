internal import Foundation

extension Tree {
  /// A value's fields as they would be written.
  init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(Tree.self, from: JSONEncoder().encode(value))
  }

  /// This tree with a user's values laid over it.
  ///
  /// Where the user chooses another `kind`, that choice replaces the default one with all of its fields: what those may be is known
  /// to the family that reads them.
  ///
  /// - Throws: ``LatentError`` that names an unknown key by its path and the nearest known one.
  func overlaid(by user: Tree, path: String = "") throws(LatentError) -> Tree {
    guard case .object(var fields) = self else { return user }
    if let kind = fields["kind"] { return overlaidChoice(kind: kind, fields: fields, user: user) }
    guard case .object(let changes) = user else {
      throw LatentError(
        "\(path.isEmpty ? "configuration" : path): expected named values (\(fields.keys.sorted().joined(separator: ", "))), found \(user)."
      )
    }
    for (key, value) in changes.sorted(by: { $0.key < $1.key }) {
      let place = path.isEmpty ? key : "\(path).\(key)"
      guard let old = fields[key] else {
        throw LatentError("\(place): unknown key\(Self.remedy(for: key, among: fields.keys.sorted())).")
      }
      fields[key] = try old.overlaid(by: value, path: place)
    }
    return .object(fields)
  }

  /// `; there is 'x.y'` where a configuration has the key elsewhere, else what is near of the keys that are valid here.
  private static func remedy(for key: String, among known: [String]) -> String {
    let places = (try? Tree(encoding: Configuration()))?.places(of: key) ?? []
    guard !places.isEmpty, places.count < 4 else { return Suggestion.text(for: key, among: known) }
    return "; there is \(places.map { "'\($0)'" }.joined(separator: " and "))"
  }

  /// The dotted paths that end in a key, sorted by names.
  private func places(of key: String) -> [String] {
    guard case .object(let fields) = self else { return [] }
    return fields.sorted { $0.key < $1.key }.flatMap { name, value in
      (name == key ? [name] : []) + value.places(of: key).map { "\(name).\($0)" }
    }
  }

  private func overlaidChoice(kind: Tree, fields: [String: Tree], user: Tree) -> Tree {
    switch user {
    case .text: return user == kind ? self : .object(["kind": user])
    case .object(let changes):
      guard changes["kind"] == nil || changes["kind"] == kind else { return user }
      return .object(fields.merging(changes) { $0.overlaidSetting(by: $1) })
    default: return user
    }
  }

  /// A setting of a choice, which may be a choice itself: written as its name, or as named values with a `kind`.
  private func overlaidSetting(by user: Tree) -> Tree {
    switch self {
    case .object(let fields): fields["kind"].map { overlaidChoice(kind: $0, fields: fields, user: user) } ?? user
    case .text:
      if case .object = user { overlaidChoice(kind: self, fields: ["kind": self], user: user) } else { user }
    default: user
    }
  }

  /// A value of a type whose fields are all here.
  ///
  /// - Throws: ``LatentError`` that names the path, the value found and what would be right.
  func decoded<Value: Decodable>(as _: Value.Type = Value.self, path: String = "") throws -> Value {
    func place(_ keys: [any CodingKey]) -> String {
      ([path] + keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }).filter { !$0.isEmpty }.joined(
        separator: "."
      )
      .replacingOccurrences(of: ".[", with: "[")
    }
    if let (keys, value) = leaves.first(where: { !$0.value.isFinite }) {
      throw LatentError("\(place(keys)): expected a finite number, found \(value).")
    }
    do {
      return try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(self))
    } catch DecodingError.typeMismatch(let type, let context) {
      throw LatentError("\(place(context.codingPath)): expected \(Self.name(of: type))\(found(context.codingPath)).")
    } catch DecodingError.valueNotFound(let type, let context) {
      throw LatentError("\(place(context.codingPath)): expected \(Self.name(of: type)), found nothing.")
    } catch DecodingError.keyNotFound(let key, let context) {
      throw LatentError("\(place(context.codingPath + [key])): expected a value, found nothing.")
    } catch DecodingError.dataCorrupted(let context) {
      guard context.codingPath.isEmpty, let keys = misfit(as: Value.self) else {
        throw LatentError("\(place(context.codingPath)): the value does not fit\(found(context.codingPath)).")
      }
      throw LatentError(
        "\(place(keys)): expected a whole number\(found(keys).contains("-") ? " that is not negative" : "")\(found(keys))."
      )
    } catch let error as LatentError {
      throw LatentError((path.isEmpty ? "" : "\(path).") + error.description)
    }
  }

  /// The place of the number that its type cannot hold, such as 1.5 for a whole one, of which Foundation does not say where it is.
  private func misfit<Value: Decodable>(as _: Value.Type) -> [any CodingKey]? {
    let suspects = leaves.filter { $0.value.isFraction || $0.value.isNegative }
    let harmless = suspects.reduce(self) { $0.replacing($1.keys[...], by: .integer(1)) }
    return suspects.first { keys, value in
      do {
        _ = try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(harmless.replacing(keys[...], by: value)))
        return false
      } catch { return true }
    }?.keys
  }

  private func found(_ keys: [any CodingKey]) -> String {
    let value = keys.reduce(self as Tree?) { tree, key in
      switch tree {
      case .object(let fields): fields[key.stringValue]
      case .list(let values): key.intValue.flatMap { values.indices.contains($0) ? values[$0] : nil }
      default: nil
      }
    }
    return value.map { ", found \($0)" } ?? ""
  }

  private static func name(of type: Any.Type) -> String {
    switch type {
    case is Int.Type, is UInt64.Type: "a whole number"
    case is Double.Type: "a number"
    case is Bool.Type: "true or false"
    case is String.Type: "text"
    case is [Any].Type: "a list"
    default: "another type"
    }
  }
}
