import Explorer
import HTTPTypes
import Foundation
import Testing

@Suite("Routes of the explorer")
struct RouteTests {
  @Test("openapi.json describes exactly the routes that there are")
  func complete() async throws {
    let described = Set(try await Described.all().map { "\($0.method) \($0.path)" })
    #expect(described == Set(Route.names.map { "\($0.method) \($0.path)" }))
  }

  @Test("Every described route answers its example with what is required")
  func examples() async throws {
    let asker = try await Shared.asker
    for route in try await Described.all() {
      let reply = try await asker.ask(route.method, route.first, route.example)
      #expect(reply.status == 200, "\(route.testDescription): \(reply.text.prefix(300))")
      guard route.path != "/api/events" else { continue }
      let object = try reply.object()
      for key in route.required { #expect(object[key] != nil, "\(route.testDescription) answers \(key).") }
    }
  }

  @Test("No value of any key is answered by 500, and every refusal is a sentence")
  func fuzz() async throws {
    let asker = try await Shared.asker
    let odd: [Any] = [
      NSNull(), true, -1, 0, 1e300, 0.5, 9_007_199_254_740_993, "", "x", [Any](), [NSNull()], [[Any]()], [[1, 2, 3]],
      [1e38, 1],
      [[1e38, 1]], [["row": 1e10]], [["row": 0, "z": [0, 0]]], [["values": [1]]], ["row": 99_999], ["z": [1e99, 0]],
      ["z": ["a"]], [String: Any](), ["row": -1], String(repeating: "é", count: 5000), Array(repeating: 0, count: 501),
    ]
    var (refused, count) = (0, 0)
    for route in try await Described.all() where route.method == "POST" {
      let example = try #require(route.example)
      let fields = try #require(try JSONSerialization.jsonObject(with: example) as? [String: Any])
      for key in route.keys + ["unknown"] {
        for value in odd {
          let body = fields.merging([key: value]) { $1 }
          let reply = try await asker.post(route.name, body)
          count += 1
          guard reply.status != 200 else { continue }
          refused += 1
          #expect(reply.status == 400, "\(route.name) \(key) \(value): \(reply.status) \(reply.text)")
          let error = try reply.error()
          #expect(error.hasSuffix(".") && !error.contains("\n") && error.count < 600, "\(error)")
        }
      }
      for body in [
        "", "{", "[]", "null", "\"x\"", "{\"z\":1e999}", "{\"a\":\"\\ud800\"}", String(repeating: "[", count: 5000),
      ] {
        let reply = try await asker.ask("POST", route.first, Data(body.utf8))
        // Sampling and grids have defaults for all that they can be told.
        #expect(reply.status == 400, "\(route.name) \(body.prefix(20)): \(reply.status)")
      }
      let noise = Data((0..<300).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) })
      #expect(try await asker.ask("POST", route.first, noise).status == 400)
    }
    #expect(refused > count / 2, "\(refused) of \(count) made no sense.")
  }

  @Test("A wrong method, run, path, media type or size has a status of its own")
  func statuses() async throws {
    let asker = try await Shared.asker
    #expect(try await asker.get("/api/runs/0/decode").status == 405)
    #expect(try await asker.ask("POST", "/api/runs/0/map", Data("{}".utf8)).status == 405)
    #expect(try await asker.ask("DELETE", "/").status == 405)
    #expect(try await asker.ask("PUT", "/api").status == 405)
    for path in [
      "/api/runs/1", "/api/runs/7/map", "/api/runs/", "/api/runs/-1", "/api/runs/0x0", "/api/runs/٣", "/api/nothing",
      "/api/runs/0/map/x",
    ] {
      let reply = try await asker.get(path)
      #expect(reply.status == 404, "\(path) \(reply.status)")
      #expect(try reply.error().hasSuffix("."))
    }
    let form = ["Content-Type": "application/x-www-form-urlencoded"]
    #expect(try await asker.ask("POST", "/api/runs/0/decode", Data("{}".utf8), headers: form).status == 415)
    let large = Data(repeating: 32, count: 9 << 20)
    #expect(try await asker.ask("POST", "/api/runs/0/decode", large).status == 413)
  }

  @Test(
    "Nothing but the page's own files can be asked for",
    arguments: [
      "/assets/../openapi.json", "/assets/%2e%2e/openapi.json", "/assets/..%2fopenapi.json", "/assets//openapi.json",
      "/../../etc/passwd", "/assets/%00", "/assets/index.html%00.js", "/assets/", "/assets/\\..\\x", "/etc/passwd",
      "//etc/passwd", "/assets/....//x", "/assets/plotly.min.js/",
    ])
  func paths(path: String) async throws {
    let reply = try await Shared.asker.get(path)
    #expect(reply.status == 404, "\(path) \(reply.status)")
  }

  @Test("The page comes with a tag by which it is not sent twice")
  func tags() async throws {
    let asker = try await Shared.asker
    let page = try await asker.get("/")
    #expect(page.status == 200 && page.headers[.contentType] == "text/html; charset=utf-8")
    let tag = try #require(page.headers[.eTag])
    let again = try await asker.ask("GET", "/", headers: ["If-None-Match": tag])
    #expect(again.status == 304 && again.body.isEmpty)
    #expect(try await asker.ask("GET", "/", headers: ["If-None-Match": "\"other\""]).status == 200)
  }

  @Test("Every answer says what a page may load", arguments: ["/", "/api", "/api/runs/0", "/nothing", "/api/events"])
  func headers(path: String) async throws {
    let headers = try await Shared.asker.get(path).headers
    let policy = try #require(headers[.contentSecurityPolicy])
    #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'self'") && !policy.contains("unsafe"))
    #expect(headers[.xContentTypeOptions] == "nosniff")
    #expect(headers[.cacheControl] == "no-cache")
  }
}
