/// A configuration's value that is one of a few words.
public protocol NamedValue: RawRepresentable, CaseIterable, Codable, Sendable, Equatable where RawValue == String {}

extension NamedValue {
  /// Reads one of the words.
  ///
  /// - Throws: ``LatentError`` with the path, the word found and the nearest valid one.
  public init(from decoder: any Decoder) throws {
    let path = decoder.codingPath.map(\.stringValue).joined(separator: ".")
    let known = Self.allCases.map(\.rawValue)
    guard let word = try? decoder.singleValueContainer().decode(String.self) else {
      throw LatentError("\(path): expected one of: \(known.joined(separator: ", ")).")
    }
    guard let value = Self(rawValue: word) else {
      throw LatentError("\(path): '\(word)' is not known\(Suggestion.text(for: word, among: known)).")
    }
    self = value
  }
}
