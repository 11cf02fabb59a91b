import Explorer
import HTTPTypes
import Foundation
import Testing

@Suite("Training that is watched")
struct EventTests {
  private struct Number: Encodable { var value: Int }

  @Test("Who comes back gets every epoch that he missed, and only the newest of the rest")
  func missed() {
    let hub = EventHub(isLive: true)
    for epoch in 1...3 {
      hub.tell("progress", Number(value: epoch))
      hub.tell("epoch", Number(value: epoch))
      hub.tell("pictures", Number(value: epoch))
    }
    let all = hub.events(after: 0)
    #expect(all.map(\.name) == ["epoch", "epoch", "progress", "epoch", "pictures"])
    #expect(all.map(\.id) == all.map(\.id).sorted() && Set(all.map(\.id)).count == all.count)
    let first = all[0].id
    #expect(hub.events(after: first).map(\.name) == ["epoch", "progress", "epoch", "pictures"])
    #expect(hub.events(after: all[4].id).isEmpty)
    #expect(hub.hello == "{\"live\":true,\"epochs\":3}")
    hub.tell("ended", Number(value: 0), ends: true)
    #expect(hub.hello == "{\"live\":false,\"epochs\":3}")
    #expect(hub.events(after: all[4].id).map(\.json) == ["{\"value\":0}"])
  }

  @Test("A reader hears of news once, however much there is")
  func news() async {
    let hub = EventHub(isLive: true)
    var iterator = hub.news().makeAsyncIterator()
    _ = await iterator.next()
    for epoch in 1...1000 { hub.tell("epoch", Number(value: epoch)) }
    _ = await iterator.next()
    #expect(hub.events(after: 0).count == 1000)
  }

  @Test("An explorer of finished runs says that nothing is being trained")
  func finished() async throws {
    let reply = try await Shared.asker.get("/api/events")
    #expect(reply.headers[.contentType] == "text/event-stream")
    #expect(reply.text.contains("event: hello\ndata: {\"live\":false,\"epochs\":0}\n\n"))
  }

  @Test("Where too much is asked at once, some are told to come back, and nobody gets anything else")
  func overload() async throws {
    let asker = Asker(explorer: try await Explorer(runs: [Shared.path], settings: .init(threads: 1)))
    let statuses = try await withThrowingTaskGroup(of: (Int, String?).self) { group in
      for _ in 0..<200 {
        group.addTask {
          let reply = try await asker.post("score", ["rows": [["row": 0], ["row": 1]], "samples": 2000])
          return (reply.status, reply.headers[.retryAfter])
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses.allSatisfy { $0.0 == 200 || $0.0 == 503 && $0.1 == "1" })
    #expect(statuses.contains { $0.0 == 200 } && statuses.contains { $0.0 == 503 })
    #expect(try await asker.post("decode", ["z": [[0, 0]]]).status == 200, "It goes on afterwards.")
  }
}
