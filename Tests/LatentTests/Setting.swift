import Foundation
import Latent

/// A value as it is written in a configuration, so that tests can change settings that they do not know.
enum Setting: Codable, Equatable {
  case flag(Bool)
  case whole(Int)
  case number(Double)
  case word(String)
  case list([Setting])
  case fields([String: Setting])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .whole(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .word(value)
    } else if let value = try? container.decode([Setting].self) {
      self = .list(value)
    } else {
      self = .fields(try container.decode([String: Setting].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let value): try container.encode(value)
    case .whole(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .word(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .fields(let value): try container.encode(value)
    }
  }

  init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(Setting.self, from: JSONEncoder().encode(value))
  }

  func decoded<Value: Decodable>(as _: Value.Type) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(self))
  }

  /// As JSON, which is YAML as well.
  var text: String { String(decoding: (try? JSONEncoder().encode(self)) ?? Data(), as: UTF8.self) }

  subscript(key: String) -> Setting? {
    get { if case .fields(let fields) = self { fields[key] } else { nil } }
    set {
      guard case .fields(var fields) = self else { return }
      fields[key] = newValue
      self = .fields(fields)
    }
  }

  /// The value at a path with another one put there.
  func with(_ value: Setting?, at path: some Collection<String>) -> Setting {
    guard let key = path.first else { return value ?? self }
    var result = self
    result[key] = path.count == 1 ? value : self[key]?.with(value, at: path.dropFirst())
    return result
  }

  /// The paths of all values that have none below them.
  var leaves: [[String]] {
    guard case .fields(let fields) = self else { return [[]] }
    return fields.sorted { $0.key < $1.key }.flatMap { key, value in value.leaves.map { [key] + $0 } }
  }

  /// Other values that might make sense; words are asked for by what the refusal of an unknown one lists.
  func alternatives(refusing: (Setting) -> String?) -> [Setting] {
    switch self {
    case .flag(let value): return [.flag(!value)]
    case .whole(let value):
      return [
        .whole(value + 1), .whole(value + 2), .whole(value - 1), .number(Double(value) / 2),
        .number(Double(value) + 0.25),
      ]
    case .number(let value): return [.number(value / 2), .number(value + 0.25), .number(value + 1)]
    case .word:
      guard let refusal = refusing(.word("????????????????")) else { return [.word("any text")] }
      let listed = refusal.split(separator: "expected one of: ").last ?? ""
      return listed.split { $0 == "," || $0 == "." }.map { .word($0.trimmingCharacters(in: .whitespaces)) }
    case .list(let values): return [.list(values + values), .list([.whole(7), .whole(5)]), .list([.word("a")])]
    case .fields: return []
    }
  }
}

extension Choice {
  /// This choice with another valid value for each setting in turn, and the settings for which none was found.
  func variations() throws -> (found: [Self], fixed: [String]) {
    let setting = try Setting(encoding: self)
    var found: [Self] = []
    var fixed: [String] = []
    for path in setting.leaves where !path.isEmpty {
      func changed(to value: Setting) throws -> Self { try setting.with(value, at: path).decoded(as: Self.self) }
      let old = path.reduce(setting as Setting?) { $0?[$1] } ?? .fields([:])
      let others = old.alternatives { value in refusal { _ = try changed(to: value) } }
      let valid = others.compactMap { try? changed(to: $0) }.filter { $0 != self && (try? $0.validate()) != nil }
      if let first = valid.first { found.append(first) } else { fixed.append(path.joined(separator: ".")) }
    }
    return (found, fixed)
  }
}
