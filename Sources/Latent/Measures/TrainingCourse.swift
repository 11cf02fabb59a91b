internal import Codecs
internal import Foundation

/// How a training's weight of the divergence went, as a diagnosis needs it.
public struct TrainingCourse: Sendable {
  /// β / α of the last step of each epoch.
  public var effectiveBetas: [Double]
  /// The epoch of the best weights, counted from 1.
  public var bestEpoch: Int

  /// The course of what was reported.
  init(_ history: [EpochReport], bestEpoch: Int) {
    effectiveBetas = history.map(\.effectiveBeta)
    self.bestEpoch = bestEpoch
  }

  /// What a run's folder keeps of it; nil where that is no run's folder or holds none.
  public init?(of path: String) {
    let folder = RunFolder(path)
    guard RunFolder.isFolder(path), let manifest = try? Manifest.read(folder),
      let metrics = try? CSV.read(folder.metrics, header: true), metrics.columns.contains("effectiveBeta"),
      let values = try? metrics.numbers(ofColumn: metrics.column(named: "effectiveBeta"))
    else { return nil }
    effectiveBetas = values
    bestEpoch = manifest.bestEpoch
  }
}
