import Foundation
import Testing

/// A process whose output goes to files, so that it never waits for a reader.
final class RunningProcess {
  private let identifier: pid_t
  private let captured: String
  private var hasEnded = false

  /// Starts a program in a folder.
  init(_ program: String, _ arguments: [String], in folder: String) throws {
    captured = FileManager.default.temporaryDirectory.appendingPathComponent("latent-output-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: captured, withIntermediateDirectories: true)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "\(captured)/output", O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, "\(captured)/errors", O_WRONLY | O_CREAT, 0o600)
    // Threads of tests hold signals back, which their processes would inherit.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    // Several commands at once on few cores: threads that wait must not keep others from working.
    let environment = ProcessInfo.processInfo.environment.merging(["OMP_WAIT_POLICY": "passive"]) { $1 }
    var identifier: pid_t = 0
    // The shell only goes to the folder; the program takes its place and its number.
    let shell = "/bin/sh"
    let words = [shell, "-c", "cd \"$1\" && shift && exec \"$@\"", shell, folder, program] + arguments
    let code = Self.withCStrings(words) { words in
      Self.withCStrings(environment.map { "\($0)=\($1)" }) { variables in
        posix_spawn(&identifier, shell, &actions, &attributes, words, variables)
      }
    }
    self.identifier = identifier
    try #require(code == 0, "\(program) can be started: \(String(cString: strerror(code))).")
  }

  deinit {
    if !hasEnded {
      kill(identifier, SIGKILL)
      waitpid(identifier, nil, 0)
    }
    try? FileManager.default.removeItem(atPath: captured)
  }

  /// What standard error has got so far.
  var errors: String { text(of: "errors") }

  /// What standard output has got so far.
  var output: String { text(of: "output") }

  /// Whether a signal would be answered by the process itself, by Linux's account of it.
  func catches(_ signal: Int32) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("SigCgt:") }),
      let mask = UInt64(line.dropFirst("SigCgt:".count).trimmingCharacters(in: .whitespaces), radix: 16)
    else { return false }
    return mask >> UInt64(signal - 1) & 1 == 1
  }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(identifier, signal) }

  /// Waits for the end.
  func outcome(within seconds: Double, at location: SourceLocation = #_sourceLocation) throws -> Command.Outcome {
    let deadline = Date(timeIntervalSinceNow: seconds)
    var status: Int32 = 0
    while waitpid(identifier, &status, WNOHANG) == 0 {
      if Date() > deadline {
        let soFar = errors
        kill(identifier, SIGKILL)
        waitpid(identifier, &status, 0)
        hasEnded = true
        Issue.record("The command took more than \(seconds) s: \(soFar)", sourceLocation: location)
        break
      }
      usleep(2000)
    }
    hasEnded = true
    let signal = status & 0x7F
    let code = signal == 0 ? status >> 8 & 0xFF : 128 + signal
    return Command.Outcome(code: code, output: output, errors: errors)
  }

  /// Waits until something holds; whether it came to hold before the process ended and time ran out.
  func wait(within seconds: Double = 30, until condition: () -> Bool) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while !condition() {
      var information = siginfo_t()
      let isOver =
        waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_signo != 0
      if isOver || Date() > deadline { return condition() }
      usleep(1000)
    }
    return true
  }

  private func text(of name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: "\(captured)/\(name)") ?? Data(), as: UTF8.self)
  }

  private static func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
