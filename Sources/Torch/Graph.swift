internal import CTorch

/// Work on a device that is captured once and then asked for as a whole, in the same memory.
///
/// Captured work reads nothing back and draws nothing; its inputs are overwritten in place before it is replayed. Everything happens
/// within ``SideStream/run(_:)``.
public final class Graph {
  private let handle: ct_graph

  /// Whether work on a device can be captured: libtorch's CUDA with a build that found CUDA's headers.
  public static func isAvailable(on device: Device) -> Bool { ct_has_graphs(device.code) }

  /// Captures what `body` asks for; nothing of it is done yet.
  ///
  /// - Returns: The graph, and what the body gave: tensors that hold values after each ``replay()``.
  public static func capture<Result>(_ body: () -> Result) -> (graph: Graph, result: Result) {
    let graph = Graph()
    demand("capture", ct_graph_begin(graph.handle))
    let result = body()
    demand("capture", ct_graph_end(graph.handle))
    return (graph, result)
  }

  private init() {
    var out = ct_graph()
    demand("graph", ct_graph_make(&out))
    handle = out
  }

  deinit { ct_graph_free(handle) }

  /// Does what was captured.
  public func replay() { demand("replay", ct_graph_replay(handle)) }
}

/// A stream of work other than a device's default one, on which nothing can be captured.
public final class SideStream {
  private let handle: ct_stream

  /// A stream of a device that has some; see ``Graph/isAvailable(on:)``.
  public init(on device: Device) {
    var out = ct_stream()
    demand("stream", ct_stream_make(device.code, &out))
    handle = out
  }

  deinit { ct_stream_free(handle) }

  /// Runs `body` with its work on this stream: after all that was asked for before, and before all that is asked for later.
  public func run<Result>(_ body: () -> Result) -> Result {
    demand("stream", ct_stream_enter(handle))
    defer { demand("stream", ct_stream_leave(handle)) }
    return body()
  }
}
