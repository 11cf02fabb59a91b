internal import Foundation
internal import Synchronization

/// What training tells, kept for those who come later.
///
/// Nothing piles up for a reader who is slow: it is only told that there is news, and fetches what it has not seen. Epochs are all kept; of
/// progress and pictures only the newest.
package final class EventHub: Sendable {
  /// Something that was told.
  package struct Event: Sendable {
    package let id: Int
    package let name: String
    package let json: String

    /// As server-sent events are written.
    var text: String { "id: \(id)\nevent: \(name)\ndata: \(json)\n\n" }
  }

  private struct State {
    var isLive: Bool
    var last = 0
    var epochs: [Event] = []
    var newest: [String: Event] = [:]
    var readers: [Int: AsyncStream<Void>.Continuation] = [:]
    var lastReader = 0
  }

  private let state: Mutex<State>

  /// - Parameter isLive: Whether something is being trained.
  package init(isLive: Bool) { state = Mutex(State(isLive: isLive)) }

  var isLive: Bool { state.withLock { $0.isLive } }

  /// What a reader is told first.
  package var hello: String { state.withLock { "{\"live\":\($0.isLive),\"epochs\":\($0.epochs.count)}" } }

  /// Keeps an event and says that there is news.
  package func tell(_ name: String, _ value: some Encodable, ends: Bool = false) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    guard let json = try? encoder.encode(value) else { return }
    state.withLock { state in
      state.last += 1
      let event = Event(id: state.last, name: name, json: String(decoding: json, as: UTF8.self))
      if name == "epoch" { state.epochs.append(event) } else { state.newest[name] = event }
      if ends { state.isLive = false }
      for reader in state.readers.values { reader.yield() }
    }
  }

  /// What was told after an event, in its order.
  package func events(after id: Int) -> [Event] {
    state.withLock { state in
      (state.epochs + state.newest.values).filter { $0.id > id }.sorted { $0.id < $1.id }
    }
  }

  /// A word for every time that there is news, until the reader goes.
  package func news() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let number = state.withLock { state in
      state.lastReader += 1
      state.readers[state.lastReader] = continuation
      return state.lastReader
    }
    continuation.onTermination = { [weak self] _ in self?.forget(number) }
    continuation.yield()
    return stream
  }

  /// Wakes every reader, so that those who have gone are noticed.
  func knock() { state.withLock { for reader in $0.readers.values { reader.yield() } } }

  private func forget(_ number: Int) { state.withLock { $0.readers[number] = nil } }
}
