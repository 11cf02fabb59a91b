internal import Foundation
internal import Torch

/// Looks at a model while it is trained, and tells each fault once, when it first lasts.
///
/// A look costs one pass of 200 rows. It is taken after epochs that lie by a tenth further apart each time, once warm-ups have ended; what two
/// looks in a row find is told. What is found does not touch the training.
public struct TrainingWatch {
  private let run: Run
  private let rows: Dataset
  private let start: Double
  private var next: Int
  private var suspected: Set<Finding.Fault> = []
  private var told: Set<Finding.Fault> = []

  /// What is told apart while weights still change: the rest needs the end.
  private static let faults: Set<Finding.Fault> = [.collapse, .ignoredLatents, .varianceFloor, .posteriorClamp]
  private static let most = 200

  /// A watch over a run that is about to be trained.
  ///
  /// - Throws: ``LatentError`` where a schedule is none.
  public init(over run: Run) throws(LatentError) {
    self.run = run
    rows = run.partition.validation ?? run.partition.training
    let epochs = run.configuration.training.epochs
    start = try run.configuration.training.divergenceSchedule.member().warmUpEnd(epochs: epochs)
    // The first epochs of any training look bad.
    next = max(run.training.history.count + 1, Int(start.rounded(.up)) + max(3, epochs / 5))
  }

  /// Looks, where it is time to.
  ///
  /// - Returns: Sentences: what lasts and was not told before, and what was told and is gone.
  public mutating func see(_ report: TrainingReport) -> [String] {
    guard case .epoch(let epoch) = report, epoch.epoch >= next, epoch.fit == nil else { return [] }
    next = max(epoch.epoch + 1, Int(Double(epoch.epoch) * 1.1))
    let configuration = run.configuration
    guard
      var diagnosis = try? CollapseDiagnosis(
        of: run.trained, on: rows, course: nil, training: nil, seed: configuration.seed, most: Self.most)
    else { return [] }
    diagnosis.conclude(configuration)
    let found = diagnosis.findings.filter { Self.faults.contains($0.fault) }
    let lasting = found.filter { suspected.contains($0.fault) && !told.contains($0.fault) }
    let faults = Set(found.map(\.fault))
    let gone = Finding.Fault.allCases.filter { told.contains($0) && !faults.contains($0) && !suspected.contains($0) }
    suspected = faults
    told = told.union(lasting.map(\.fault)).subtracting(gone)
    return lasting.map { "warning: epoch \(epoch.epoch): \($0.sentence)" }
      + gone.map { "epoch \(epoch.epoch): no sign of \($0.rawValue) any more" }
  }
}
