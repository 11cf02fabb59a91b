internal import Foundation
internal import Torch

/// Everything that an exact resume needs, in one file.
///
/// Tensors: `model.…`, `best.…`, `optimizer.…`, `estimator.…` and the state of the noise of each process. Metadata: the counters and the
/// configuration.
enum Checkpoint {
  private static let configurationKey = "latent.configuration"
  private static let stateKey = "latent.state"
  private static func noiseName(_ rank: Int) -> String { rank == 0 ? "noise" : "noise.\(rank)" }

  /// What the file holds for a training, the same in all processes, which all ask for it.
  static func contents(of training: Training) throws -> Safetensors {
    func prefixed(_ prefix: String, _ tensors: [(name: String, tensor: Tensor)]) -> [(name: String, tensor: Tensor)] {
      tensors.map { ("\(prefix).\($0.name)", $0.tensor) }
    }
    let noises = training.group.gather(training.noise.state)
    return Safetensors(
      prefixed("model", training.model.state) + prefixed("best", training.best)
        + prefixed("optimizer", training.optimizer.state)
        + prefixed("estimator", training.estimator.state)
        + noises.enumerated().map { (noiseName($0), Tensor($1, shape: [$1.count])) },
      metadata: [
        configurationKey: try JSON.text(of: training.configuration), stateKey: try JSON.text(of: training.state),
      ])
  }

  /// Puts a training where the file's was.
  ///
  /// - Throws: ``LatentError`` where the file belongs to another configuration or is not whole.
  static func restore(_ training: Training, from file: Safetensors, name: String) throws {
    guard let configuration = file.metadata[configurationKey], let state = file.metadata[stateKey],
      file[noiseName(0)] != nil
    else { throw LatentError("'\(name)' is no checkpoint of this program; start again without --resume.") }
    let (group, count) = (training.group, (0...).first { file[noiseName($0)] == nil } ?? 0)
    guard count == group.size, let noise = file[noiseName(group.rank)] else {
      throw LatentError(
        "checkpoint '\(name)' is of \(counted(count, "process", "processes")), and \(group.size) cannot go on exactly; "
          + (count == 1 ? "start it without mpirun." : "start it by mpirun -n \(count)."))
    }
    let stored = try JSON.value(over: Configuration(), from: configuration, name: name)
    if let path = try training.configuration.firstDifference(
      from: stored, apartFrom: ["training.epochs", "threads", "device", "processes"])
    {
      throw LatentError(
        "checkpoint '\(name)' belongs to another configuration: '\(path)' differs; resume with the run's own, or start a new run."
      )
    }
    func tensors(_ prefix: String) -> [(name: String, tensor: Tensor)] {
      file.tensors.filter { $0.name.hasPrefix("\(prefix).") }.map {
        (String($0.name.dropFirst(prefix.count + 1)), $0.tensor)
      }
    }
    let counters = try JSON.value(of: TrainingState.self, from: state, name: name)
    guard counters.isPossible(rows: training.data.count) else {
      throw LatentError(
        "checkpoint '\(name)' counts epochs, steps or rows that no run can have counted; start again without --resume.")
    }
    training.state = counters
    try training.model.load(tensors("model"))
    try overwrite(training.best, with: tensors("best"), name: name)
    try overwrite(training.optimizer.state, with: tensors("optimizer"), name: name)
    try overwrite(training.estimator.state, with: tensors("estimator"), name: name)
    try training.noise.restore(noise.values(as: UInt8.self))
  }

  private static func overwrite(
    _ targets: [(name: String, tensor: Tensor)], with sources: [(name: String, tensor: Tensor)], name: String
  ) throws(LatentError) {
    guard targets.count == sources.count,
      zip(targets, sources).allSatisfy({ $0.name == $1.name && $0.tensor.shape == $1.tensor.shape })
    else { throw LatentError("checkpoint '\(name)' does not fit this model; start again without --resume.") }
    withoutGradients { for (target, source) in zip(targets, sources) { target.tensor.copy(from: source.tensor) } }
  }
}
