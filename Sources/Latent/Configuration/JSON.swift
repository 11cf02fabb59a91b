internal import Foundation

/// Values as JSON text, with sorted keys, so that equal values give equal bytes.
enum JSON {
  static func text(of value: some Encodable, pretty: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// A value whose text may be of a version that knew fewer fields; those that it lacks are as in `defaults`.
  static func value<Value: Codable>(over defaults: Value, from text: String, name: String) throws -> Value {
    do {
      let stored = try JSONDecoder().decode(Tree.self, from: Data(text.utf8))
      return try Tree(encoding: defaults).overlaid(by: stored).decoded()
    } catch let error as LatentError {
      throw LatentError("'\(name)' was written by another version: \(error.description)")
    } catch {
      throw LatentError("'\(name)' was written by another version of this program or is damaged; train again.")
    }
  }

  static func value<Value: Decodable>(of _: Value.Type, from text: String, name: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    do {
      return try decoder.decode(Value.self, from: Data(text.utf8))
    } catch let error as LatentError {
      throw LatentError("'\(name)' was written by another version: \(error.description)")
    } catch {
      throw LatentError("'\(name)' was written by another version of this program or is damaged; train again.")
    }
  }
}
