internal import Foundation

/// The folder that a run writes, by the names of its parts.
public struct RunFolder: Sendable, Equatable {
  /// The folder.
  public let path: String

  /// A run's folder, which need not exist yet.
  public init(_ path: String) { self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path }

  /// The resolved configuration.
  public var configuration: String { "\(path)/config.yaml" }
  /// The best weights, ready to use.
  public var model: String { "\(path)/model.safetensors" }
  /// What an exact resume needs.
  public var checkpoint: String { "\(path)/checkpoint/state.safetensors" }
  /// Every term of every epoch.
  public var metrics: String { "\(path)/metrics.csv" }
  /// Seed, versions, data, device, times.
  public var manifest: String { "\(path)/manifest.json" }
  /// The folder of the page and its pictures.
  public var report: String { "\(path)/report" }
  /// The page.
  public var reportPage: String { "\(report)/index.html" }
  /// What the page is written from.
  package var reportContent: String { "\(report)/content.json" }

  /// Whether a path is an existing folder.
  public static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Makes a folder where there is none.
  static func make(_ path: String) throws(LatentError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch { throw cannotMake(path) }
  }

  /// Refuses a folder that already holds something.
  func demandNew() throws(LatentError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let contents = try? FileManager.default.contentsOfDirectory(atPath: path)
    guard contents?.isEmpty == true else {
      throw LatentError(
        FileManager.default.fileExists(atPath: configuration)
          ? "the run folder '\(path)' exists; choose another --out, or go on with it by latent train --resume \(path)."
          : "'\(path)' exists and is no empty folder; choose another --out.")
    }
  }

  /// Takes the folder for a new run; of several runs that try at once, one gets it.
  func claim() throws(LatentError) {
    try demandNew()
    try Self.make(path)
    guard try Self.makeAlone(checkpointFolder) else {
      try demandNew()
      throw Self.cannotMake(path)
    }
  }

  /// Takes the first of `runs/NAME-1`, `runs/NAME-2` … that does not exist.
  static func claimNext(named name: String) throws(LatentError) -> RunFolder {
    try make("runs")
    var number = 1
    while try !makeAlone("runs/\(name)-\(number)") { number += 1 }
    let folder = RunFolder("runs/\(name)-\(number)")
    try folder.claim()
    return folder
  }

  /// Gives back a folder in which nothing has been kept.
  func abandon() {
    for file in [configuration, manifest] { unlink(file) }
    for folder in [checkpointFolder, path] { rmdir(folder) }
  }

  /// Removes what writes left behind that a crash cut short.
  func tidy() {
    for folder in [path, checkpointFolder, report] {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      where name.hasPrefix(".") && name.hasSuffix(".part") { unlink("\(folder)/\(name)") }
    }
  }

  /// Does something while nobody else does such a thing with this folder; the system lets go of it when a process ends, however it ends.
  ///
  /// - Throws: ``LatentError`` where somebody else is at it.
  func whileHeld<Result>(_ body: () throws -> Result) throws -> Result {
    let hold = try hold()
    defer { withExtendedLifetime(hold) {} }
    return try body()
  }

  /// A hold on the folder, which lasts as long as it lives.
  ///
  /// - Throws: ``LatentError`` where somebody else has one.
  func hold() throws(LatentError) -> Hold {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    let hold = Hold(file: file)
    // Some file systems know no locks.
    guard file < 0 || flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      throw LatentError("'\(path)' is being trained by another process; wait for its end, or stop it first.")
    }
    return hold
  }

  /// What the system lets go of when the process ends.
  final class Hold {
    private let file: Int32

    init(file: Int32) { self.file = file }

    deinit {
      guard file >= 0 else { return }
      // Closing alone would leave the lock to a child that another thread has just forked and that has not begun its program yet.
      flock(file, LOCK_UN)
      close(file)
    }
  }

  private var checkpointFolder: String { "\(path)/checkpoint" }

  /// Makes a folder unless somebody else has.
  private static func makeAlone(_ path: String) throws(LatentError) -> Bool {
    if mkdir(path, 0o777) == 0 { return true }
    if errno == EEXIST { return false }
    throw cannotMake(path)
  }

  private static func cannotMake(_ path: String) -> LatentError {
    LatentError("the folder '\(path)' cannot be made; choose a place that can be written to, with room on its disk.")
  }
}
