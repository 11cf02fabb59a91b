internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension ExplorerResponder {
  /// Seconds between comments that keep a connection open and show whether somebody still reads.
  private static let pause = 10.0

  /// What training tells, as server-sent events, for as long as somebody reads.
  func events(_ request: Request, _ context: Context) -> Response {
    let hub = explorer.hub
    let seen = request.headers[HTTPField.Name("Last-Event-ID") ?? .server].flatMap { Int($0) } ?? 0
    let hello = hub.hello
    let hasSocket = context.hasSocket
    let body = ResponseBody { writer in
      try await writer.write(ByteBuffer(string: "retry: 1000\nevent: hello\ndata: \(hello)\n\n"))
      // Without a socket nobody could ever leave: what there is is all.
      guard hasSocket else {
        try await writer.write(ByteBuffer(string: hub.events(after: seen).map(\.text).joined()))
        return try await writer.finish(nil)
      }
      let ticking = Task {
        while !Task.isCancelled {
          try await Task.sleep(for: .seconds(Self.pause))
          hub.knock()
        }
      }
      defer { ticking.cancel() }
      var last = seen
      for await _ in hub.news() {
        let events = hub.events(after: last)
        last = events.last?.id ?? last
        try await writer.write(ByteBuffer(string: events.isEmpty ? ": still here\n\n" : events.map(\.text).joined()))
      }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: [.contentType: "text/event-stream"], body: body)
  }
}
