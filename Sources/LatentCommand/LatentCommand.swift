internal import ArgumentParser
internal import Foundation
internal import Latent
internal import Torch

/// The command `latent`.
struct LatentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latent",
    abstract: "Trains, judges and uses variational autoencoders.",
    discussion: """
      All numbers are in nats per row; a weight of 1 on the divergence is the ELBO.

      Example:
        latent train                        train the embedded digits with all defaults
        latent train photos/ --set model.latents=32
        latent evaluate runs/photos-1
      """,
    version: Release.version,
    subcommands: [
      TrainCommand.self, SweepCommand.self, EvaluateCommand.self, CheckCommand.self, CompareCommand.self,
      ExploreCommand.self, SampleCommand.self, ReconstructCommand.self, EncodeCommand.self, DecodeCommand.self,
      TraverseCommand.self, ManifoldCommand.self, MapCommand.self, InterpolateCommand.self,
      EditCommand.self, ImputeCommand.self, ClusterCommand.self, ProbeCommand.self,
      DisentangleCommand.self, DataCommand.self, BenchCommand.self, SelftestCommand.self,
      ListCommand.self,
    ])
}

/// Runs the command; what went wrong is one sentence on standard error and a code: 1 for a failure, 2 for wrong usage.
@main
enum Main {
  static func main() {
    Engine.prepare()
    do {
      var command = try Launch.group.together { try LatentCommand.parseAsRoot() }
      try (command as? any FileWriting)?.refuseWrongDestinations()
      try command.run()
    } catch let failure as SharedFailure {
      guard failure.isTeller, let error = failure.own else { exit(failure.own.map(code) ?? 1) }
      end(error)
    } catch let error as ExitCode {
      exit(error.rawValue)
    } catch {
      guard Launch.group.size == 1 || code(for: error) == 0 else {
        // The others know nothing of it and would wait for this process.
        Terminal.write("latent: \(Launch.group.place): \(error)\n")
        Launch.group.abort(code: code(for: error))
      }
      end(error)
    }
  }

  /// Says what went wrong, or what was asked for in place of work, and ends the process.
  private static func end(_ error: any Error) -> Never {
    switch code(for: error) {
    case 0 where !Launch.isShown: exit(0)
    case 0: LatentCommand.exit(withError: error)
    case 2 where !(error is UsageError): Terminal.fail(Usage.sentence(for: error), code: 2)
    case let code: Terminal.fail("\(error)", code: code)
    }
  }

  private static func code(for error: any Error) -> Int32 {
    if let code = error as? ExitCode { return code.rawValue }
    if error is UsageError { return 2 }
    return switch LatentCommand.exitCode(for: error) {
    case .success: 0
    case .validationFailure: 2
    default: 1
    }
  }
}

/// What the parser says of a call that it cannot read, as one sentence.
private enum Usage {
  static func sentence(for error: any Error) -> String {
    let verbs = LatentCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
    if let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), !(verbs + ["help"]).contains(word) {
      return "'\(word)' is no verb\(Suggestion.text(for: word, among: verbs)); see 'latent --help'."
    }
    let message = LatentCommand.message(for: error).replacing(". Did you mean ", with: "; did you mean ")
      .replacing(" ...'", with: "'")
    if message.hasSuffix(".") || message.hasSuffix("?") { return message }
    let hint = LatentCommand.fullMessage(for: error).firstMatch(of: /See '(.+?)' for more information/)?.output.1
    return message + (hint.map { "; see '\($0)'." } ?? ".")
  }
}

/// A verb that writes files whose endings say how.
protocol FileWriting {
  /// Where it writes; nil where it was not asked to.
  var destinations: [String?] { get }

  /// Refuses a path whose ending says nothing that the verb can write.
  func checkEndings() throws(LatentError)
}

extension FileWriting {
  /// Refuses wrong endings as wrong usage, and folders that are not there, before anything is loaded.
  fileprivate func refuseWrongDestinations() throws {
    do { try checkEndings() } catch { throw UsageError(error) }
    for path in destinations.compactMap(\.self) { try Output.demandFolder(of: path) }
  }
}

/// A mistake in how the command was called.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ error: any Error) { description = "\(error)" }
  init(_ description: String) { self.description = description }
}
