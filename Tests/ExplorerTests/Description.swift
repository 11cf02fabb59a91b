import Explorer
import Foundation
import Testing

/// What openapi.json says of a route.
struct Described: Sendable, CustomTestStringConvertible {
  let method: String
  let path: String
  /// The example of a request, as JSON.
  let example: Data?
  /// Keys of a request.
  let keys: [String]
  /// What an answer has to hold.
  let required: [String]

  var testDescription: String { "\(method) \(path)" }
  /// The path with the first run in it.
  var first: String { path.replacingOccurrences(of: "{run}", with: "0") }
  var name: String { String(path.split(separator: "/").last ?? "") }

  /// The description as the explorer serves it.
  static func document() async throws -> [String: Any] { try await Shared.asker.get("/openapi.json").object() }

  /// All that it describes.
  static func all() async throws -> [Described] {
    let document = try await document()
    let paths = try #require(document["paths"] as? [String: [String: Any]])
    let schemas = try #require((document["components"] as? [String: Any])?["schemas"] as? [String: [String: Any]])
    return paths.sorted { $0.key < $1.key }.flatMap { path, operations in
      operations.compactMap { method, value -> Described? in
        guard let operation = value as? [String: Any] else { return nil }
        func content(_ value: Any?) -> [String: Any]? {
          ((value as? [String: Any])?["content"] as? [String: [String: Any]])?["application/json"]
        }
        let request = content(operation["requestBody"])
        var answer = content((operation["responses"] as? [String: Any])?["200"])?["schema"] as? [String: Any]
        if let name = (answer?["$ref"] as? String)?.split(separator: "/").last { answer = schemas[String(name)] }
        let properties = (request?["schema"] as? [String: Any])?["properties"] as? [String: Any]
        return Described(
          method: method.uppercased(), path: path,
          example: request?["example"].flatMap { try? JSONSerialization.data(withJSONObject: $0) },
          keys: properties?.keys.sorted() ?? [], required: answer?["required"] as? [String] ?? [])
      }
    }
  }
}
