internal import Foundation
public import Latent
internal import Synchronization

/// Runs that are shown in a browser, and training that is watched there.
///
///     let explorer = try await Explorer(runs: ["runs/mine"])
///     let server = try ExplorerServer(explorer)
///     print(server.link)
public final class Explorer: Sendable {
  /// How models are used.
  public struct Settings: Sendable {
    /// Where models are computed: `cpu`, `cuda` or `cuda:N`.
    public var device: String
    /// The threads of one operation; 0 for as many as it is worth.
    public var threads: Int

    /// The defaults.
    public init(device: String = "cpu", threads: Int = 0) { (self.device, self.threads) = (device, threads) }
  }

  let runs: [ExploredRun]
  let hub: EventHub
  private let settings: Settings

  /// Reads the models of runs.
  ///
  /// - Parameter paths: Run folders or model files; at least one.
  /// - Throws: ``LatentError`` where one holds no model that can be read.
  public init(runs paths: [String], settings: Settings = Settings()) async throws {
    self.settings = settings
    hub = EventHub(isLive: false)
    runs = paths.map(ExploredRun.init)
    for run in runs { try await run.open(device: settings.device, threads: settings.threads) }
    for run in runs { run.prepare() }
  }

  /// Shows a run that is about to be trained here.
  ///
  /// - SeeAlso: ``TrainingBroadcast``
  public init(training run: Run, settings: Settings = Settings()) {
    self.settings = settings
    hub = EventHub(isLive: true)
    runs = [ExploredRun(run.folder.path)]
    runs[0].announce(shape: run.trained.data.shape)
  }

  /// The names of the runs.
  public var names: [String] { runs.map(\.name) }

  /// Reads the model of the run that was trained, and says that training has ended.
  ///
  /// - Parameter reason: A sentence.
  /// - Throws: ``LatentError`` where the model cannot be read.
  public func endTraining(_ reason: String) async throws {
    defer { sayEnded(reason) }
    try await runs[0].open(device: settings.device, threads: settings.threads)
    runs[0].prepare()
  }

  /// Says that training has ended without a model.
  ///
  /// - Parameter reason: A sentence.
  public func sayEnded(_ reason: String) {
    hub.tell("ended", Answer(["reason": reason, "folder": runs[0].path]), ends: true)
  }

  /// What the explorer shows, as JSON.
  func overview() throws -> Data {
    try Answer([
      "version": Release.version, "live": hub.isLive,
      "runs": runs.map { run in
        let known = run.known
        var answer = Answer([
          "name": run.name, "path": run.path, "ready": known.isReady, "training": !known.isReady && hub.isLive,
        ])
        answer.add("kind", run.kind)
        answer.add("shape", known.shape)
        return answer
      },
    ]).json
  }
}
