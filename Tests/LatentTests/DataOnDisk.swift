import Foundation
import Latent

/// The published data sets that some claims are checked on, where they are at hand.
enum DataOnDisk {
  static let folder =
    ProcessInfo.processInfo.environment["LATENT_DATA"]
    ?? URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("../../../shared/data").standardizedFileURL.path

  static let reason = "needs the published data sets in ../shared/data or the folder that LATENT_DATA names"

  static func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(path)") }

  static func load(
    _ path: String, _ change: (inout DataConfiguration) -> Void = { _ in }
  ) throws -> (training: Dataset, test: Dataset?) {
    var configuration = DataConfiguration()
    configuration.source = "\(folder)/\(path)"
    change(&configuration)
    return try DataSource.load(configuration)
  }
}
