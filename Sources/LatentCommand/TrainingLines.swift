internal import Foundation
internal import Latent

/// Training as a person follows it: a bar on a terminal, at most a line a second elsewhere.
struct TrainingLines {
  private let epochs: Int
  private var lastLine = ContinuousClock.now - .seconds(10)
  private var last: EpochReport?
  private var lastWasShown = true

  init(configuration: Configuration) { epochs = configuration.training.epochs }

  mutating func show(_ report: TrainingReport) {
    switch report {
    case .progress(let progress): draw(progress)
    case .epoch(let epoch):
      last = epoch
      lastWasShown = false
      if lastLine.duration(to: .now) >= .seconds(1) { printLast() }
      let parts = epoch.validation.isEmpty ? epoch.training : epoch.validation
      draw(Double(epoch.epoch), rate: epoch.rowsPerSecond, parts: parts)
    case .ended: if !lastWasShown { printLast() }
    }
  }

  private mutating func printLast() {
    guard let last else { return }
    Terminal.note("epoch \(last.epoch)/\(epochs)  \(terms(last))\(last.isBest ? "  best" : "")")
    lastLine = .now
    lastWasShown = true
  }

  private func draw(_ progress: TrainingProgress) {
    let done = Double(progress.epoch - 1) + Double(progress.batch) / Double(max(progress.batches, 1))
    draw(done, rate: progress.rowsPerSecond, parts: progress.terms)
  }

  private func draw(_ done: Double, rate: Double, parts: [NamedNumber]) {
    let seconds = (last?.seconds ?? 0) / Double(max(last?.epoch ?? 1, 1)) * (Double(epochs) - done)
    Terminal.draw(
      Terminal.bar(done / Double(epochs)), "\(Int(done))/\(epochs)", last == nil ? "" : "\(Self.time(seconds)) left",
      "\(Int(rate)) rows/s", Self.sum(parts, digits: 2))
  }

  private func terms(_ epoch: EpochReport) -> String {
    let training =
      epoch.isBound ? "training −ELBO \(epoch.trainingNegativeELBO.fixed(3))" : "training \(Self.sum(epoch.training))"
    let measures = epoch.measures.map { "  \($0.name) \($0.value.brief)" }.joined()
    return (epoch.validation.isEmpty ? training : "\(training)  validation \(Self.sum(epoch.validation))") + measures
  }

  /// The terms; where they have a divergence, −ELBO is the sum of the first two, and others stand behind.
  private static func sum(_ terms: [NamedNumber], digits: Int = 3) -> String {
    let parts = terms.map { "\($0.name) \($0.value.fixed(digits))" }
    guard terms.contains(where: { $0.name == "divergence" }) else { return parts.joined(separator: " + ") }
    let rest = parts.dropFirst(2).map { ", \($0)" }.joined()
    return "−ELBO \(terms.negativeELBO.fixed(digits)) = \(parts.prefix(2).joined(separator: " + "))\(rest)"
  }

  private static func time(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
