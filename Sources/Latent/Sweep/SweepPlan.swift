internal import Codecs
internal import Foundation
internal import Torch

/// The runs of a sweep, found to be trainable and comparable before any is trained.
public struct SweepPlan {
  /// One run.
  public struct Entry {
    /// The folder's name, made of the values.
    public let name: String
    /// One value for each key.
    public let values: [String]
    /// The seed of all draws.
    public let seed: UInt64
    /// Where it is kept.
    public let folder: RunFolder
    /// Everything that describes it.
    public let configuration: Configuration
  }

  /// The keys with their values.
  public let variations: [SweepVariation]
  /// The seeds that every combination is trained with.
  public let seeds: [UInt64]
  /// The folder of them all.
  public let folder: String
  /// In the order of the values, the last key's fastest, then of the seeds.
  public let entries: [Entry]
  /// How they share the machine.
  public let share: MachineShare
  /// The rows that all are judged on.
  let validation: Dataset
  /// The rows that nothing is chosen by.
  let test: Dataset?

  /// Plans a sweep; nothing is written.
  ///
  /// - Parameter atOnce: Runs at the same time; nil takes what suits the machine.
  /// - Throws: ``LatentError`` in one sentence where a run could not be trained, where runs could not be compared, or where the folder holds
  ///   something else.
  public init(_ grid: SweepGrid, atOnce: Int?, in folder: String) throws {
    (variations, seeds, self.folder) = (grid.variations, grid.seeds, RunFolder(folder).path)
    var planning = Planning()
    var entries: [Entry] = []
    for point in grid.points {
      let name = Self.name(variations, point.values, seed: seeds.count > 1 ? point.seed : nil)
      entries.append(
        Entry(
          name: name, values: point.values, seed: point.seed, folder: RunFolder("\(self.folder)/\(name)"),
          configuration: try planning.resolved(point.configuration, named: name)))
    }
    for (index, entry) in entries.enumerated() {
      guard
        let same = entries[..<index].first(where: { $0.name == entry.name || $0.configuration == entry.configuration })
      else { continue }
      throw LatentError(
        "'\(same.values.joined(separator: ", "))' and '\(entry.values.joined(separator: ", "))' would be the same run; give values that differ."
      )
    }
    guard let validation = planning.validation else {
      throw LatentError("there is nothing to train; give --over a value.")
    }
    (self.validation, test) = (validation, planning.test)
    let common = entries[0].configuration
    let share = MachineShare(
      of: entries.count, cores: try Device(named: common.device) == .cpu ? Engine.cores : max(1, common.threads),
      operations: planning.operations, bytes: planning.bytes, available: Memory.available, threads: common.threads,
      atOnce: atOnce)
    self.share = share
    self.entries = entries.map {
      var configuration = $0.configuration
      configuration.threads = share.threads
      return Entry(
        name: $0.name, values: $0.values, seed: $0.seed, folder: $0.folder, configuration: configuration)
    }
    try demandOwnFolder()
  }

  /// A folder's name such as `latents=5,batch=64,seed=1`.
  static func name(_ variations: [SweepVariation], _ values: [String], seed: UInt64?) -> String {
    let parts = zip(variations, values).map { variation, value in
      let isAlone = variations.count { $0.name == variation.name } == 1
      let safe = value.map { $0.isLetter || $0.isNumber || "+-._".contains($0) ? $0 : "-" }
      return "\(isAlone ? variation.name : variation.key)=\(String(String(safe).prefix(60)))"
    }
    return (parts + (seed.map { ["seed=\($0)"] } ?? [])).joined(separator: ",")
  }
}

/// What is learned of the runs while they are planned.
private struct Planning {
  var validation: Dataset?
  var test: Dataset?
  /// Of one step of the least run.
  var operations = Double.infinity
  var bytes = 0.0
  private var first: (trained: TrainedModel, name: String)?
  private var hash = ""
  private var loaded: (configuration: DataConfiguration, rows: (training: Dataset, test: Dataset?))?

  /// The configuration with everything filled in, if its run can be trained and compared with the others.
  mutating func resolved(_ configuration: Configuration, named name: String) throws -> Configuration {
    let rows: (training: Dataset, test: Dataset?)
    if let loaded, loaded.configuration == configuration.data {
      rows = loaded.rows
    } else {
      rows = try DataSource.load(configuration.data)
      loaded = (configuration.data, rows)
    }
    let setup = try TrainingSetup(configuration) { rows }
    guard let judged = setup.partition.validation, judged.count >= PairedDifference.fewest else {
      throw LatentError(
        "a sweep chooses by validation rows, and '\(name)' keeps \(counted(setup.partition.validation?.count ?? 0, "row")) for that; use --set "
          + "data.validation=0.1.")
    }
    let trained = setup.trained
    if let first {
      guard judged.hash == hash else {
        throw LatentError(
          "'\(first.name)' and '\(name)' cannot be compared: they keep different validation rows; vary what leaves the rows as they are."
        )
      }
      _ = try Comparability(of: [first.trained, trained], named: [first.name, name], on: judged)
    } else {
      _ = try Comparability(of: [trained], named: [name], on: judged)
      (first, hash, validation, test) = ((trained, name), judged.hash, judged, setup.partition.test)
    }
    let work = Threads.training(
      parameters: trained.model.parameterCount, rows: setup.configuration.training.batch,
      samples: try setup.configuration.objective.member().samples)
    operations = min(operations, work)
    let data = Double(setup.partition.training.count) * Double(trained.data.dimensions) * 4
    bytes = max(bytes, 2 * data + 20 * Double(trained.model.parameterCount))
    return setup.configuration
  }
}
