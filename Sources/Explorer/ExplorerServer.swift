internal import Dispatch
internal import Foundation
package import Hummingbird
internal import HummingbirdCore
internal import Latent
internal import Logging
internal import NIOCore
internal import Synchronization

/// An explorer that listens.
public final class ExplorerServer: Sendable {
  /// What a browser opens.
  public let link: String
  private let task: Task<Void, any Error>

  /// Starts to listen.
  ///
  /// - Parameters:
  ///   - host: A name of this machine; any but its own for itself needs the token in the link.
  ///   - port: 0 takes one that is free.
  /// - Throws: ``LatentError`` where the port is taken or the host is none of this machine.
  public init(_ explorer: Explorer, host: String = "127.0.0.1", port: Int = 0) throws {
    let access = Access(host: host)
    let outcome = Outcome()
    let application = Self.application(explorer, access, host: host, port: port) { outcome.set(.success($0)) }
    task = Task.detached {
      do {
        try await application.run()
        outcome.set(.failure(LatentError("the explorer has stopped.")))
      } catch {
        outcome.set(.failure(Self.reason(error, host: host, port: port)))
        throw error
      }
    }
    let bound = try outcome.wait()
    let name = host.contains(":") ? "[\(host)]" : host
    link = "http://\(name):\(bound)/" + (access.token.map { "?token=\($0)" } ?? "")
  }

  deinit { task.cancel() }

  /// Ends it at once, with all that is still open.
  public func stop() { task.cancel() }

  /// The application, which can be asked without a socket too.
  package static func application(
    _ explorer: Explorer, _ access: Access, host: String = "127.0.0.1", port: Int = 0,
    onRunning: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> some ApplicationProtocol {
    var logger = Logger(label: "latent")
    logger.logLevel = .critical
    return Application(
      responder: ExplorerResponder(explorer: explorer, access: access),
      server: .http1(configuration: .init(idleTimeout: .seconds(120))),
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: port), availableConnectionsDelegate: MaximumAvailableConnections(512)),
      onServerRunning: { channel in onRunning(channel.localAddress?.port ?? port) }, logger: logger)
  }

  private static func reason(_ error: any Error, host: String, port: Int) -> LatentError {
    guard let error = error as? IOError else {
      return LatentError(
        "the explorer cannot listen on \(host) port \(port): \(error); choose another --host or --port.")
    }
    switch error.errnoCode {
    case EADDRINUSE: return LatentError("port \(port) of \(host) is taken; choose another --port, or leave it out.")
    case EACCES: return LatentError("port \(port) may not be listened on; choose a --port from 1024 on.")
    case EADDRNOTAVAIL: return LatentError("'\(host)' is no address of this machine; choose another --host.")
    default: return LatentError("the explorer cannot listen on \(host) port \(port): \(error.description).")
    }
  }

  /// The port, or why there is none, for which somebody waits.
  private final class Outcome: Sendable {
    private let result = Mutex<Result<Int, LatentError>?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    func set(_ value: Result<Int, LatentError>) {
      result.withLock { if $0 == nil { $0 = value } }
      isThere.signal()
    }

    func wait() throws -> Int {
      isThere.wait()
      return try result.withLock { $0 }?.get() ?? 0
    }
  }
}
