/// A key of the configuration and the values that it takes in turn, such as `model.latents=2,5,10`.
public struct SweepVariation: Codable, Sendable, Equatable {
  /// The key's whole path.
  public let key: String
  /// What stands behind the equals sign for each value, as YAML.
  public let values: [String]

  /// What cannot differ between models that are compared: seeds have an option of their own, the rest makes no other model.
  private static let fixed = ["seed", "threads", "device", "evaluation"]

  /// Reads `key=value,value`; commas within brackets and quotes belong to a value.
  ///
  /// - Throws: ``LatentError`` where it is none, has no values or one of them twice.
  public init(_ text: String) throws(LatentError) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw LatentError("--over '\(text)' is no list of values; expected KEY=VALUE,VALUE such as model.latents=2,5,10.")
    }
    key = String(text[..<equals])
    values = Self.split(text[text.index(after: equals)...])
    if values.contains("") || values.isEmpty {
      throw LatentError("--over \(text): a value is empty; expected KEY=VALUE,VALUE such as model.latents=2,5,10.")
    }
    if let double = values.first(where: { value in values.count { $0 == value } > 1 }) {
      throw LatentError("--over \(key): the value '\(double)' is there twice; give each once.")
    }
    if let word = Self.fixed.first(where: { key == $0 || key.hasPrefix("\($0).") }) {
      throw LatentError(
        word == "seed"
          ? "--over seed: the seeds of a sweep are no choice between models; use --seeds."
          : "--over \(key): it makes no other model; set it for all runs by --set.")
    }
  }

  /// The last name of the key's path.
  var name: String { key.split(separator: ".").last.map(String.init) ?? key }

  private static func split(_ text: Substring) -> [String] {
    var (parts, depth, quote) = ([""], 0, nil as Character?)
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if "[{(".contains(character) {
        depth += 1
      } else if "]})".contains(character) {
        depth -= 1
      } else if character == ",", depth == 0 {
        parts.append("")
        continue
      }
      parts[parts.count - 1].append(character)
    }
    return parts.map { $0.trimmingPrefix(while: \.isWhitespace) }.map { String($0.trimmed) }
  }
}

extension Substring {
  /// Without spaces behind it.
  fileprivate var trimmed: Substring {
    var result = self
    while result.last?.isWhitespace == true { result.removeLast() }
    return result
  }
}
