import Explorer
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

/// Asks an explorer without sockets.
struct Asker: Sendable {
  let explorer: Explorer
  var access = Access(host: "127.0.0.1")

  /// What was answered.
  struct Reply: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as an object.
    func object(at location: SourceLocation = #_sourceLocation) throws -> [String: Any] {
      try #require(
        JSONSerialization.jsonObject(with: body) as? [String: Any], "\(text.prefix(200)) is an object.",
        sourceLocation: location)
    }

    /// The sentence of a refusal.
    func error(at location: SourceLocation = #_sourceLocation) throws -> String {
      try #require(object(at: location)["error"] as? String, "There is a sentence.", sourceLocation: location)
    }

    func numbers(_ key: String) throws -> [[Double]] {
      try #require(try object()[key] as? [[Double]], "\(key) is rows: \(text.prefix(300))")
    }

    func text(_ key: String) throws -> String { try #require(try object()[key] as? String, "\(key) is a text") }

    func bytes(_ key: String) throws -> [UInt8] { [UInt8](try #require(Data(base64Encoded: try text(key)))) }

    func floats(_ key: String) throws -> [Float] {
      let bytes = try bytes(key)
      return stride(from: 0, to: bytes.count, by: 4).map { start in
        Float(bitPattern: bytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
      }
    }
  }

  func ask(
    _ method: String, _ path: String, _ body: Data? = nil, headers: [String: String] = [:]
  ) async throws -> Reply {
    var fields: HTTPFields = body == nil ? [:] : [.contentType: "application/json"]
    for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
    let (method, sent) = (HTTPRequest.Method(rawValue: method) ?? .get, fields)
    return try await ExplorerServer.application(explorer, access).test(.router) { client in
      let reply = try await client.execute(
        uri: path, method: method, headers: sent, body: body.map { ByteBuffer(bytes: $0) })
      return Reply(status: reply.status.code, headers: reply.headers, body: Data(reply.body.readableBytesView))
    }
  }

  func get(_ path: String) async throws -> Reply { try await ask("GET", path) }

  /// Asks the first run for something.
  func post(_ name: String, _ body: Any, run: Int = 0) async throws -> Reply {
    try await ask("POST", "/api/runs/\(run)/\(name)", JSONSerialization.data(withJSONObject: body))
  }
}
