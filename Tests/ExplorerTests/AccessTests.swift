import Explorer
import Foundation
import Testing

@Suite("Who may ask the explorer")
struct AccessTests {
  @Test("Another host's name is refused: a foreign page could have led here by it")
  func hosts() async throws {
    let shared = try await Shared.asker
    for (host, status) in [("127.0.0.1", 403), ("0.0.0.0", 401)] {
      let asker = Asker(
        explorer: shared.explorer, access: Access(hosts: host == "0.0.0.0" ? [] : ["example.org"], token: "x"))
      #expect(try await asker.get("/api").status == status)
    }
    #expect(try await shared.get("/api").status == 200)
  }

  @Test("With a token, everything under /api wants it, and the page itself does not")
  func token() async throws {
    let access = Access(hosts: [], token: "0123456789abcdef")
    let asker = Asker(explorer: try await Shared.asker.explorer, access: access)
    #expect(try await asker.get("/").status == 200)
    for header in [nil, "Bearer", "Bearer x", "Bearer 0123456789abcdeF", "Basic 0123456789abcdef"] {
      let reply = try await asker.ask("GET", "/api/runs/0", headers: header.map { ["Authorization": $0] } ?? [:])
      #expect(try reply.status == 401 && reply.error().hasSuffix("."))
    }
    let bearer = ["Authorization": "Bearer 0123456789abcdef"]
    #expect(try await asker.ask("GET", "/api/runs/0", headers: bearer).status == 200)
    #expect(try await asker.get("/api/runs/0?token=0123456789abcdef").status == 401)
    #expect(try await asker.get("/api/events?token=0123456789abcdef").status == 200)
    #expect(try await asker.get("/api/events?token=wrong").status == 401)
  }

  @Test("Only another host than this machine for itself has a token, of 128 bits and never the same")
  func tokens() {
    for host in ["127.0.0.1", "localhost", "::1"] { #expect(Access(host: host).token == nil) }
    let tokens = (0..<20).compactMap { _ in Access(host: "0.0.0.0").token }
    #expect(Set(tokens).count == 20 && tokens.allSatisfy { $0.count == 32 })
  }

  @Test("Texts are the same where all letters are")
  func comparison() {
    #expect(Access.isSame("abc", "abc") && Access.isSame("", ""))
    for other in ["", "ab", "abd", "abcd", "ABC"] { #expect(!Access.isSame(other, "abc")) }
  }
}
