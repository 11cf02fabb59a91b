internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// Who may ask: those who name the host that is listened on and, where that is not this machine alone, know the token.
package struct Access: Sendable {
  /// Names that the Host header may hold, without ports; empty for any.
  let hosts: Set<String>
  /// What has to be known; nil where everybody on this machine may ask.
  package let token: String?

  /// Names of this machine for itself.
  static let loopback: Set<String> = ["localhost", "127.0.0.1", "::1"]

  /// Access to an explorer that listens on a host.
  package init(host: String) {
    let isLoopback = Self.loopback.contains(host)
    // Whoever listens on all interfaces is reached by names that are not known here; the token keeps strangers out.
    hosts =
      isLoopback ? Self.loopback : ["0.0.0.0", "::"].contains(host) ? [] : Self.loopback.union([host.lowercased()])
    token = isLoopback ? nil : Self.newToken()
  }

  package init(hosts: Set<String>, token: String?) { (self.hosts, self.token) = (hosts, token) }

  /// 128 random bits.
  private static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Refuses strangers.
  func check(_ request: Request) throws(ExplorerError) {
    let host = Self.name(request.head.authority ?? request.headers[HTTPField.Name("Host") ?? .server] ?? "")
    guard hosts.isEmpty || hosts.contains(host) else {
      throw ExplorerError(.forbidden, "the explorer is not called “\(host.prefix(60))”; open the link that it printed.")
    }
    // The page itself holds no secret, and has to be there before it can send a token.
    let path = request.uri.path
    guard let token, path.hasPrefix("/api") else { return }
    let header = request.headers[.authorization].flatMap {
      $0.lowercased().hasPrefix("bearer ") ? String($0.dropFirst(7)) : nil
    }
    let query = path == "/api/events" ? request.uri.queryParameters.get("token") : nil
    guard Self.isSame(header ?? query ?? "", token) else {
      throw ExplorerError(.unauthorized, "the token is missing or wrong; open the link that the explorer printed.")
    }
  }

  /// A host without its port.
  private static func name(_ authority: String) -> String {
    let text = authority.lowercased()
    if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
    return text.split(separator: ":", omittingEmptySubsequences: false).count > 2
      ? text : String(text.prefix { $0 != ":" })
  }

  /// Whether two texts are the same, in a time that does not say where they differ.
  package static func isSame(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    var difference = a.count ^ b.count
    for index in b.indices { difference |= Int((index < a.count ? a[index] : 0) ^ b[index]) }
    return difference == 0
  }
}
