internal import Foundation
public import Latent
internal import Torch

/// Tells an explorer's readers how training goes; it does not touch the training.
///
/// Pictures are made between steps, by draws of their own, and so seldom that they take a fiftieth of the time at the most.
public struct TrainingBroadcast {
  private let run: Run
  private let hub: EventHub
  private let shown: Dataset
  private let form: Form
  private var lastProgress = ContinuousClock.now - .seconds(1)
  private var nextPictures = ContinuousClock.now

  /// Rows and samples of a picture.
  private static let count = 12
  /// Seconds between two words on an epoch's progress.
  private static let pause = Duration.milliseconds(250)

  /// A broadcast of a run that is about to be trained; epochs that it has done before are told at once.
  public init(of run: Run, to explorer: Explorer) {
    self.run = run
    hub = explorer.hub
    let rows = run.partition.validation ?? run.partition.training
    shown = rows.rows(Array(0..<min(Self.count, rows.count)))
    form = run.trained.data.isPicture ? .pixels : .values
    for epoch in run.training.history { hub.tell("epoch", epoch) }
  }

  /// Tells what training reports.
  public mutating func show(_ report: TrainingReport) {
    switch report {
    case .progress(let progress):
      guard lastProgress.duration(to: .now) > Self.pause else { return }
      lastProgress = .now
      hub.tell(
        "progress",
        Answer([
          "epoch": progress.epoch, "batch": progress.batch, "batches": progress.batches, "terms": progress.terms,
          "rowsPerSecond": progress.rowsPerSecond, "epochs": run.configuration.training.epochs,
        ]))
    case .epoch(let epoch):
      hub.tell("epoch", epoch)
      let started = ContinuousClock.now
      guard started >= nextPictures else { return }
      tellPictures(epoch.epoch)
      let cost = started.duration(to: .now)
      nextPictures = .now + max(.seconds(1), cost * 50)
    case .ended: break
    }
  }

  private func tellPictures(_ epoch: Int) {
    let trained = run.trained
    let noise = Noise(seed: run.configuration.seed, stream: "explorer", on: trained.device)
    guard let reconstructions = try? trained.reconstructions(of: shown, .mean, using: noise) else { return }
    let samples = trained.samples(Self.count, .mean, using: noise)
    func value(_ values: Tensor) -> any Encodable & Sendable { Observations(values, as: form, of: trained).value }
    let data = trained.data
    hub.tell(
      "pictures",
      Answer([
        "epoch": epoch, "count": shown.count, "as": form.rawValue, "shape": data.shape, "columns": data.columns,
        "originals": value(shown.values), "reconstructions": value(reconstructions), "samples": value(samples),
      ]))
  }
}
