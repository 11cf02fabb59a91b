internal import Torch

/// How several trainings share a machine: so many at once, each with so many threads.
///
/// A run on one thread loses nothing to waiting, so that as many runs as there are cores, each on one thread, do the most where there are enough
/// of them. Where there are fewer, and a step is enough work to share (see ``Threads``), each takes its part of the cores.
public struct MachineShare: Sendable, Equatable {
  /// Runs at once.
  public let runs: Int
  /// Threads of each.
  public let threads: Int

  /// Bytes that a process takes before it has read anything.
  private static let base = 4e8

  /// A share.
  ///
  /// - Parameters:
  ///   - runs: How many there are in all.
  ///   - cores: The cores that may be used.
  ///   - operations: Multiplications and additions of one step of the least run.
  ///   - bytes: The memory that the data and the largest model take.
  ///   - available: The memory that there is.
  ///   - threads: What was asked for; 0 leaves it to this.
  ///   - atOnce: What was asked for; nil leaves it to this.
  public init(
    of runs: Int, cores: Int, operations: Double, bytes: Double, available: Double, threads asked: Int, atOnce: Int?
  ) {
    let fitting = max(1, Int(min(1e6, available * 0.8 / (Self.base + bytes))))
    let free = asked > 0 ? max(1, cores / asked) : cores
    self.runs = max(1, min(runs, atOnce ?? min(free, fitting)))
    threads =
      asked > 0 ? asked : operations < Threads.worthSharing ? 1 : max(1, cores / self.runs)
  }
}
