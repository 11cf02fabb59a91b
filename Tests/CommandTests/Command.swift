import Foundation
import Testing

/// The command as its users have it: the executable beside this test's own, as a process of its own.
enum Command {
  /// What a finished process left.
  struct Outcome {
    /// The exit code; 128 and the signal's number where a signal ended it.
    let code: Int32
    let output: String
    let errors: String

    /// What was printed as one JSON object.
    func object(at location: SourceLocation = #_sourceLocation) throws -> [String: Any] {
      let object = try? JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
      return try #require(object, "\(output) is one JSON object.", sourceLocation: location)
    }
  }

  /// Where it is: in the folder of the test's executable, or above it where that is inside a bundle.
  static let path: String = {
    var folder = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    for _ in 0..<5 {
      folder.deleteLastPathComponent()
      let path = folder.appendingPathComponent("latent").path
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue { return path }
    }
    return "latent"
  }()

  /// Settings with which training the embedded digits takes a blink.
  static let tiny = [
    "threads=1", "data.rows=128", "training.epochs=2", "training.batch=32", "training.divergenceSchedule=constant",
    "model.latents=3", "model.encoder.hidden=[16]", "model.decoder.hidden=[16]", "evaluation.samples=4",
  ].flatMap { ["--set", $0] }

  /// Runs the command to its end.
  ///
  /// - Parameter seconds: After which it is killed, which fails the test.
  static func run(
    _ arguments: [String], in folder: String, within seconds: Double = 60,
    at location: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    try start(arguments, in: folder).outcome(within: seconds, at: location)
  }

  /// Runs the command, which has to succeed.
  @discardableResult
  static func succeed(
    _ arguments: [String], in folder: String, at location: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try run(arguments, in: folder, at: location)
    try #require(
      outcome.code == 0, "latent \(arguments.joined(separator: " ")): \(outcome.errors)", sourceLocation: location)
    return outcome
  }

  /// Starts the command.
  static func start(_ arguments: [String], in folder: String) throws -> RunningProcess {
    try RunningProcess(path, arguments, in: folder)
  }

  /// Whether a message is as every refusal has to be: one sentence on one line, in this program's words.
  static func expectOneSentence(_ outcome: Outcome, at location: SourceLocation = #_sourceLocation) {
    expectSentence(outcome.errors, at: location)
    #expect(outcome.output.isEmpty, "Nothing is printed on standard output.", sourceLocation: location)
  }

  static func expectSentence(_ text: String, at location: SourceLocation = #_sourceLocation) {
    #expect(text.hasPrefix("latent: ") && text.hasSuffix("\n"), "\(text) is a sentence.", sourceLocation: location)
    let line = text.dropLast()
    #expect(!line.contains("\n") && line.count < 500, "\(text) is one line.", sourceLocation: location)
    #expect(line.hasSuffix(".") || line.hasSuffix("?"), "\(text) ends as a sentence does.", sourceLocation: location)
    #expect(
      !line.contains("?.") && !line.contains("..") && !line.contains(": :"), "\(text) is tidy.",
      sourceLocation: location)
    for foreign in [
      "c10", "aten::", "at::", "Exception", "Fatal", ".cpp", ".swift", "Optional(", "Error(", "Stack dump",
    ] {
      #expect(!line.contains(foreign), "\(text) has nothing of the engine's.", sourceLocation: location)
    }
  }
}
