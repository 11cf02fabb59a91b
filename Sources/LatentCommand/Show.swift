internal import Explorer
internal import Foundation
internal import Latent
internal import Torch

/// An explorer beside a training in the same process.
struct Show {
  let explorer: Explorer
  private let server: ExplorerServer

  /// Starts it and says where.
  init(of run: Run, _ listening: ListeningOptions) throws {
    explorer = Explorer(
      training: run,
      settings: .init(device: run.trained.device.description, threads: run.configuration.threads))
    server = try listening.serve(explorer)
    Terminal.note("Explorer: \(server.link)")
    listening.openBrowser(server.link)
  }

  /// Says why training has ended without a model to show, and leaves readers a moment to hear it.
  func say(_ sentence: String) {
    explorer.sayEnded(sentence)
    usleep(200_000)
  }

  /// Shows the model that was trained, until Ctrl-C.
  func goOn() throws -> Never {
    fflush(nil)
    let explorer = explorer
    try Waiting.result { try await explorer.endTraining("Training is over; the model can be explored.") }
    Terminal.note("The explorer goes on with the trained model; Ctrl-C ends it.")
    Listening.untilInterrupted()
  }
}
