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

  /// Whether a path is an existing folder.
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Makes a folder where there is none.
  static func make(_ path: String) throws(LatentError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw LatentError("the folder '\(path)' cannot be made; choose a place that can be written to, with room on its disk.")
    }
  }

  /// Refuses a folder that already holds something.
  func demandNew() throws(LatentError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let contents = try? FileManager.default.contentsOfDirectory(atPath: path)
    guard contents?.isEmpty == true else {
      throw LatentError(
        FileManager.default.fileExists(atPath: configuration)
          ? "the run folder '\(path)' exists; choose another --out, or go on with it by --resume \(path)."
          : "'\(path)' exists and is no empty folder; choose another --out.")
    }
  }

  /// The first of `runs/NAME-1`, `runs/NAME-2` … that does not exist.
  public static func next(named name: String) -> RunFolder {
    var number = 1
    while FileManager.default.fileExists(atPath: "runs/\(name)-\(number)") { number += 1 }
    return RunFolder("runs/\(name)-\(number)")
  }
}
