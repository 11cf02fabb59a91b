internal import Foundation
internal import Torch

/// The memory that work needs, as far as it can be foreseen.
enum Memory {
  /// Refuses a model that is certain not to fit.
  ///
  /// Each parameter is there with its gradient, its best value and the optimizer's two moments; each row of a batch at least with the
  /// decoder's outputs and their gradients, and with every other row where the objective compares rows.
  /// - Throws: ``LatentError`` that says what is needed and what there is.
  static func demandRoom(for configuration: Configuration, data: DataDescription, on device: Device) throws {
    guard device == .cpu else { return }
    let model = try VAE(configuration.model, shape: data.shape, with: .measuring)
    let outputs = Double(data.dimensions) * Double(model.likelihood.featuresPerElement)
    let parameters = Double(model.parameterCount) * 5 * 4
    let pairs = try configuration.objective.member().pairs(
      batch: configuration.training.batch, latents: configuration.model.latents)
    let batch = (Double(configuration.training.batch) * outputs * 2 + pairs) * 4
    guard parameters + batch > available else { return }
    throw LatentError(
      parameters > batch
        ? "a model of \(model.parameterCount) parameters takes \(gigabytes(parameters)) of memory to train and there are "
          + "\(gigabytes(available)); make model.latents or the networks' hidden layers smaller."
        : "batches of \(configuration.training.batch) rows take \(gigabytes(batch)) of memory and there are \(gigabytes(available)); "
          + "make training.batch smaller.")
  }

  /// Refuses rows that are certain not to fit, twice: as they are made and as they are written.
  static func demandRoom(forRows rows: Int, of dimensions: Int) throws(LatentError) {
    let bytes = Double(rows) * Double(dimensions) * 2 * 4
    guard bytes > available else { return }
    throw LatentError(
      "\(rows) rows of \(dimensions) values take \(gigabytes(bytes)) of memory and there are \(gigabytes(available)); make fewer at once."
    )
  }

  /// Bytes that this process can still have: those of the machine, or those that its control group leaves.
  static var available: Double {
    func number(_ path: String) -> Double? {
      FileManager.default.contents(atPath: path).flatMap {
        Double(String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }
    let machine = Double(ProcessInfo.processInfo.physicalMemory)
    let group = number("/sys/fs/cgroup/memory.max") ?? number("/sys/fs/cgroup/memory/memory.limit_in_bytes") ?? machine
    return min(machine, group)
  }

  private static func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e9).brief) GB" }
}

extension TrainedModel {
  /// Refuses a number of observations that memory cannot hold.
  public func demandRoom(forRows rows: Int) throws(LatentError) {
    try Memory.demandRoom(forRows: rows, of: data.dimensions)
  }
}
