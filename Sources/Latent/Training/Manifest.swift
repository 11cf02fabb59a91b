internal import Codecs
internal import Foundation
internal import Torch

/// Where a run came from and how it went.
public struct Manifest: Codable, Sendable, Equatable {
  /// How a run stands.
  public enum Status: String, Codable, Sendable {
    /// Steps are being taken, or were when the process ended without a word.
    case running
    /// Stopped by its user; it can be resumed.
    case interrupted
    /// Trained to its end.
    case finished
    /// Stopped because something was not a finite number.
    case failed
  }

  /// This program's version.
  public var version = Release.version
  /// libtorch's version.
  public var libtorch = Engine.version
  /// The seed.
  public var seed: UInt64 = 0
  /// Where the model was computed.
  public var device = "cpu"
  /// The threads that one operation was spread over, in each process.
  public var threads = 0
  /// The processes that trained together.
  public var processes = 1
  /// Where the data came from.
  public var source = ""
  /// What it was recognized as.
  public var format = ""
  /// A digest of the training rows' values.
  public var dataHash = ""
  /// Rows trained on.
  public var trainingRows = 0
  /// Rows validated on.
  public var validationRows = 0
  /// Rows kept for the test.
  public var testRows = 0
  /// Trained numbers of the model.
  public var parameters = 0
  /// When the run was started.
  public var started = ""
  /// When the folder was last written.
  public var updated = ""
  /// Epochs done.
  public var epochs = 0
  /// The epoch of the weights in `model.safetensors`.
  public var bestEpoch = 0
  /// Seconds of training and validation.
  public var seconds = 0.0
  /// How the run stands.
  public var status = Status.running
  /// Why it ended, in words.
  public var end = ""

  /// An empty manifest.
  public init() {}

  /// Now, in UTC.
  static func now() -> String { ISO8601DateFormatter().string(from: Date()) }

  /// Reads a run's manifest.
  public static func read(_ folder: RunFolder) throws -> Manifest {
    guard let bytes = FileManager.default.contents(atPath: folder.manifest) else {
      throw LatentError("'\(folder.path)' holds no manifest.json; give the folder of a run.")
    }
    return try JSON.value(over: Manifest(), from: String(decoding: bytes, as: UTF8.self), name: folder.manifest)
  }

  func write(_ folder: RunFolder) throws {
    try AtomicFile.write(Array((try JSON.text(of: self, pretty: true) + "\n").utf8), to: folder.manifest)
  }
}
