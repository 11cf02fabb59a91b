internal import Foundation

/// A method and a path, and what answers them.
package struct Route: Sendable {
  /// Of HTTP.
  let method: String
  /// With `{run}` for a run's number.
  let path: String
  /// Whether it may take seconds, so that it is broken off when the client goes.
  var isLong = false
  /// How long an answer may take: longer where it is noticed that nobody waits for it.
  var seconds: Int { isLong ? 120 : 30 }
  /// Answers, as JSON.
  let answer: @Sendable (Call) async throws -> Data

  static func get(_ name: String, _ answer: @escaping @Sendable (Call) async throws -> Data) -> Route {
    Route(method: "GET", path: "/api/runs/{run}\(name.isEmpty ? "" : "/\(name)")", answer: answer)
  }

  static func post(
    _ name: String, isLong: Bool = false, _ answer: @escaping @Sendable (Call) async throws -> Answer
  ) -> Route {
    Route(method: "POST", path: "/api/runs/{run}/\(name)", isLong: isLong) { try await answer($0).json }
  }

  /// What there is to ask, by method and path.
  package static var names: [(method: String, path: String)] {
    all.map { ($0.method, $0.path) } + ["/api", "/api/events", "/openapi.json"].map { ("GET", $0) }
  }

  /// The routes of a run; a new one adds a line here and its description to openapi.json.
  static let all: [Route] = [
    .get("") { call in try await call.run.owner.work { [run = call.run] in try $0.card(name: run.name, path: run.path) }
    },
    .get("map") { try await $0.map() },
    .get("scores") { try await $0.scores().json },
    .get("report") { try await $0.run.owner.work { try $0.reportAnswer() } },
    .get("attributes") { try await $0.attributes().json },
    .post("attributes") { try await $0.addAttribute() },
    .post("rows") { try await $0.rows() },
    .post("encode") { try await $0.encode() },
    .post("decode") { try await $0.decode() },
    .post("sample") { try await $0.sample() },
    .post("reconstruct") { try await $0.reconstruct() },
    .post("traverse") { try await $0.traverse() },
    .post("interpolate") { try await $0.interpolate() },
    .post("manifold") { try await $0.manifold() },
    .post("impute", isLong: true) { try await $0.impute() },
    .post("edit") { try await $0.edit() },
    .post("score", isLong: true) { try await $0.score() },
  ]
}
