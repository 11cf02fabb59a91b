internal import Codecs
internal import Foundation

extension SweepPlan {
  /// How a run of the sweep stands.
  public enum State: Sendable, Equatable {
    /// Nothing of it is there.
    case new
    /// Begun, and to be gone on with.
    case begun
    /// Trained and judged.
    case finished
    /// Ended by what was not a finite number: why.
    case failed(String)
  }

  /// The file by which a sweep's folder is known.
  private var mark: String { "\(folder)/sweep.json" }

  /// What is kept of a plan.
  private struct Mark: Codable {
    var over: [SweepVariation]
    var seeds: [UInt64]
  }

  /// Refuses a folder that holds something else, or other runs under the same names.
  func demandOwnFolder() throws {
    let contents = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    if FileManager.default.fileExists(atPath: folder), !RunFolder.isFolder(folder) {
      throw LatentError("'\(folder)' is no folder; choose another --out.")
    }
    guard contents.isEmpty || FileManager.default.fileExists(atPath: mark) else {
      throw LatentError("'\(folder)' exists and is no folder of a sweep; choose another --out.")
    }
    for entry in entries where FileManager.default.fileExists(atPath: entry.folder.configuration) {
      let stored = try Configuration(preset: nil, file: entry.folder.configuration)
      // Each run is trained by one process, which its own configuration says and the sweep's need not.
      let ignored: Set<String> = ["threads", "device", "processes", "training.checkpointSeconds"]
      if let key = try stored.firstDifference(from: entry.configuration, apartFrom: ignored) {
        throw LatentError(
          "'\(entry.folder.path)' holds another run, whose \(key) is not the same; choose another --out, or repeat the sweep as it was."
        )
      }
    }
  }

  /// Makes the folder and marks it as a sweep's.
  public func begin() throws {
    try RunFolder.make(folder)
    try RunFolder.make("\(folder)/logs")
    let text = try JSON.text(of: Mark(over: variations, seeds: seeds), pretty: true)
    try AtomicFile.write(Array((text + "\n").utf8), to: mark)
  }

  /// Does something while no other process works on the same sweep.
  ///
  /// - Throws: ``LatentError`` where one does.
  public func whileHeld<Result>(_ body: () throws -> Result) throws -> Result {
    try RunFolder("\(folder)/logs").whileHeld(body)
  }

  /// Where what a run prints is kept.
  public func log(of entry: Entry) -> String { "\(folder)/logs/\(entry.name).txt" }

  /// How a run stands.
  public func state(of entry: Entry) -> State {
    guard FileManager.default.fileExists(atPath: entry.folder.configuration) else { return .new }
    guard let manifest = try? Manifest.read(entry.folder) else { return .begun }
    switch manifest.status {
    case .failed: return .failed(manifest.end)
    case .finished where FileManager.default.fileExists(atPath: entry.folder.reportContent): return .finished
    default: return .begun
    }
  }

  /// Makes the folder of a new run, so that resuming it starts it.
  public func prepare(_ entry: Entry) throws {
    guard state(of: entry) == .new else { return }
    // What was killed before it had a configuration has nothing to lose.
    entry.folder.abandon()
    try entry.folder.claim()
    try AtomicFile.write(Array(try entry.configuration.yaml().utf8), to: entry.folder.configuration)
  }
}
