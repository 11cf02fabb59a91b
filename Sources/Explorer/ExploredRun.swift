internal import Foundation
internal import Latent
internal import Synchronization

/// A run that the explorer shows: its name and the owner of its model.
final class ExploredRun: Sendable {
  let name: String
  let path: String
  let owner: ModelOwner
  private let state: Mutex<State>

  /// What can be known of a run without its owner.
  struct State: Sendable {
    var shape: [Int]?
    var latents = 0
    /// About how many multiplications and additions a row takes.
    var operations = 0.0
    /// Whether there is a model to be asked.
    var isReady = false

    var dimensions: Int { shape?.reduce(1, *) ?? 0 }
    var isPicture: Bool { (shape?.count ?? 0) > 1 }
  }

  init(_ path: String) {
    self.path = path
    let last = (path as NSString).standardizingPath as NSString
    name =
      last.lastPathComponent == "model.safetensors"
      ? (last.deletingLastPathComponent as NSString).lastPathComponent : last.lastPathComponent
    owner = ModelOwner(name: "model")
    state = Mutex(State())
  }

  /// What the model is like.
  ///
  /// - Throws: ``ExplorerError`` while it is being trained.
  func shape() throws(ExplorerError) -> State {
    let state = state.withLock { $0 }
    guard state.isReady else { throw ModelOwner.training }
    return state
  }

  /// What a row is, and whether there is a model to be asked.
  var known: State { state.withLock { $0 } }

  /// Says what the rows are before there is a model.
  func announce(shape: [Int]) { state.withLock { $0.shape = shape } }

  /// `grey`, `color` or `table`; nil where it is not known yet.
  var kind: String? {
    guard let shape = known.shape else { return nil }
    return shape.count == 1 ? "table" : shape.count == 3 && shape[2] == 3 ? "color" : "grey"
  }

  /// Reads the data and makes the card before anybody asks.
  func prepare() {
    Task.detached { [owner, name, path] in _ = try? await owner.work { try $0.card(name: name, path: path) } }
  }

  /// Reads the model.
  func open(device: String, threads: Int) async throws {
    let found = try await owner.open(path, device: device, threads: threads)
    state.withLock { $0 = found }
  }
}
