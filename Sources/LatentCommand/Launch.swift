internal import ArgumentParser
internal import Foundation
internal import Latent

/// The processes that mpirun started as one command.
enum Launch {
  /// Those that this process works with; only training is shared, and every other verb is for one process alone.
  static let group: ProcessGroup = {
    guard CommandLine.arguments.dropFirst().first == TrainCommand.configuration.commandName, ProcessGroup.isStarted
    else { return .alone }
    do { return try ProcessGroup.join() } catch {
      // What one says all would say; mpirun ends those that wait.
      if ProcessGroup.startedRank > 0 { sleep(2) } else { Terminal.write("latent: \(error)\n") }
      exit(1)
    }
  }()

  /// Whether it is this process that shows how work goes on.
  static var isShown: Bool { group.isFirst }

  /// What a message begins with where it is not the first process that speaks.
  static var speaker: String { group.isFirst ? "" : "\(group.place): " }
}
