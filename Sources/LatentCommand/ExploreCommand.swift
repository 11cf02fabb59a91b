internal import ArgumentParser
internal import Dispatch
internal import Explorer
internal import Foundation
internal import Latent
internal import Synchronization

/// `latent explore`.
struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Shows runs in a browser, to see and steer what they learned.",
    usage: "latent explore <runs> ... [<options>]",
    discussion: """
      Listens on this machine alone, prints a link and opens a browser where there is one; Ctrl-C ends it. Other programs can ask \
      the same routes, which /openapi.json describes. With another --host the link holds a token, without which nothing is answered.

      Example:
        latent explore runs/digits-1
        latent explore runs/mnist-1 runs/mnist-2 --port 8000
      """)

  @Argument(help: "The folders of runs, or model.safetensors files.")
  var runs: [String]

  @OptionGroup var listening: ListeningOptions

  @Option(help: "Where to compute: cpu, cuda or cuda:N.")
  var device = "cpu"

  @Option(
    parsing: .unconditional,
    help: "The threads of one operation; 0 takes as many as there are cores, or one for little work.")
  var threads = 0

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (0...1024).contains(threads) else {
      throw ValidationError("--threads \(threads): expected 1 to 1024, or 0 for all cores.")
    }
  }

  func run() throws {
    Interrupt.listen()
    let settings = Explorer.Settings(device: device, threads: threads)
    let paths = runs
    let explorer = try Waiting.result { try await Explorer(runs: paths, settings: settings) }
    let server = try listening.serve(explorer)
    if output.json {
      try output.printLine(Listening(url: server.link, runs: explorer.names))
    } else {
      print("Explorer: \(server.link)")
    }
    fflush(nil)
    if !output.json { Terminal.note("Ctrl-C ends it.") }
    listening.openBrowser(server.link)
    Listening.untilInterrupted()
  }
}

/// Where an explorer listens.
struct ListeningOptions: ParsableArguments {
  private static let loopback = "127.0.0.1"

  @Option(help: "The address to listen on; any but this machine's own for itself needs the token in the link.")
  var host = loopback

  @Option(parsing: .unconditional, help: "The port; 0 takes one that is free.")
  var port = 0

  @Flag(name: .customLong("no-open"), help: "Do not open a browser (default: open one where there is a display).")
  var staysClosed = false

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port \(port): expected 1 to 65535, or 0 for one that is free.")
    }
    guard !host.isEmpty else { throw ValidationError("--host is empty; give an address, or leave it out.") }
  }

  /// An option that was given, as it is written.
  var given: String? {
    port != 0 ? "--port" : host != ListeningOptions.loopback ? "--host" : staysClosed ? "--no-open" : nil
  }

  func serve(_ explorer: Explorer) throws -> ExplorerServer { try ExplorerServer(explorer, host: host, port: port) }

  /// Opens the link where a person sits at a terminal with a display.
  func openBrowser(_ link: String) {
    let environment = ProcessInfo.processInfo.environment
    let hasDisplay = ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0]?.isEmpty == false }
    guard !staysClosed, hasDisplay, isatty(STDOUT_FILENO) == 1 else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["xdg-open", link]
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try? process.run()
  }
}

/// What `latent explore` says for machines.
struct Listening: Encodable {
  var url: String
  var runs: [String]

  /// Waits for Ctrl-C or a polite kill, and ends the process with whatever is still open or at work.
  static func untilInterrupted(code: Int32 = 0) -> Never {
    while !Interrupt.isAsked { usleep(50_000) }
    Terminal.clear()
    fflush(nil)
    // Threads may be at work on models: nothing is taken away under them.
    _exit(code)
  }
}

/// Asynchronous work that a synchronous command waits for.
enum Waiting {
  static func result<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
    let isDone = DispatchSemaphore(value: 0)
    let result = Box<Value>()
    Task.detached {
      do {
        let value = try await body()
        result.value.withLock { $0 = .success(value) }
      } catch { result.value.withLock { $0 = .failure(error) } }
      isDone.signal()
    }
    isDone.wait()
    guard let found = result.value.withLock({ $0 }) else { throw LatentError("nothing came of the work.") }
    return try found.get()
  }

  private final class Box<Value: Sendable>: Sendable {
    let value = Mutex<Result<Value, any Error>?>(nil)
  }
}
