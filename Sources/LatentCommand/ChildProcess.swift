internal import Foundation
internal import Latent

/// This program, started once more as a process of its own.
struct ChildProcess {
  private let identifier: pid_t

  /// Starts the program with other arguments.
  ///
  /// It has a process group of its own, so that Ctrl-C at the terminal reaches it by ``send(_:)`` alone, and once.
  /// - Parameter log: Where all that it prints goes.
  /// - Throws: ``LatentError`` where it cannot be started.
  init(_ arguments: [String], log: String) throws(LatentError) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o666)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    let program = Bundle.main.executablePath ?? CommandLine.arguments[0]
    let words = ([program] + arguments).map { strdup($0) }
    defer { words.forEach { free($0) } }
    var started: pid_t = 0
    let code = posix_spawn(&started, program, &actions, &attributes, words + [nil], environ)
    guard code == 0 else {
      throw LatentError("another process of '\(program)' cannot be started: \(String(cString: strerror(code))).")
    }
    identifier = started
  }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(identifier, signal) }

  /// Whether it has ended; once it has, it must not be asked again.
  func hasEnded() -> Bool {
    var status: Int32 = 0
    return waitpid(identifier, &status, WNOHANG) != 0
  }
}
