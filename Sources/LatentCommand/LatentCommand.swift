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
      TrainCommand.self, EvaluateCommand.self, SampleCommand.self, ReconstructCommand.self, EncodeCommand.self,
      DataCommand.self, ListCommand.self,
    ])
}

/// Runs the command; what went wrong is one sentence on standard error and a code: 1 for a failure, 2 for wrong usage.
@main
enum Main {
  static func main() {
    Engine.prepare()
    do {
      var command = try LatentCommand.parseAsRoot()
      do {
        try command.run()
      } catch let error as CleanExit {
        LatentCommand.exit(withError: error)
      } catch let error as ExitCode {
        exit(error.rawValue)
      } catch let error as UsageError {
        Terminal.fail("\(error)", code: 2)
      } catch let error as ValidationError {
        Terminal.fail("\(error)", code: 2)
      } catch {
        Terminal.fail("\(error)", code: 1)
      }
    } catch {
      if LatentCommand.exitCode(for: error) == .success { LatentCommand.exit(withError: error) }
      Terminal.fail(LatentCommand.message(for: error), code: 2)
    }
  }
}

/// A mistake in how the command was called.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ error: any Error) { description = "\(error)" }
  init(_ description: String) { self.description = description }
}
