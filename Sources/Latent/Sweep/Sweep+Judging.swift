internal import Foundation
public import Torch

extension Sweep {
  /// Judges all runs of a sweep that were trained to their end.
  ///
  /// - Parameter problems: Why a run was not, by its name.
  /// - Parameter samples: K, the draws a row.
  /// - Parameter progress: Is told what is judged, and the part that is done.
  /// - Throws: ``LatentError`` where a run cannot be read.
  public static func judge(
    _ plan: SweepPlan, problems: [String: String], samples: Int, seed: UInt64 = 0, device: Device = .cpu,
    progress: (String, Double) -> Void = { _, _ in }
  ) throws -> Sweep {
    var result = Sweep(
      over: plan.variations, source: plan.validation.name, rows: plan.validation.count, testRows: plan.test?.count ?? 0,
      samples: samples, runs: [], points: [], isByParameters: true, notes: [])
    var judged: [Judged] = []
    for entry in plan.entries {
      var run = Run(run: entry.folder.path, values: entry.values, seed: entry.seed)
      if plan.state(of: entry) == .finished {
        let found = try Judged(entry, on: plan.validation, samples: samples, seed: seed, device: device) {
          progress("judging \(entry.name)", $0)
        }
        let manifest = try Manifest.read(entry.folder)
        (run.parameters, run.epochs, run.seconds) = (manifest.parameters, manifest.epochs, manifest.seconds)
        run.evaluation = found.evaluation
        judged.append(found)
      } else {
        run.problem = problems[entry.name] ?? "it was not trained to its end"
      }
      result.runs.append(run)
    }
    try result.conclude(plan, judged) { entry in
      guard let test = plan.test else { return nil }
      return try Judged(entry, on: test, samples: samples, seed: seed, device: device) {
        progress("judging \(entry.name) on test rows", $0)
      }
    }
    return result
  }

  private mutating func conclude(_ plan: SweepPlan, _ judged: [Judged], onTest: (SweepPlan.Entry) throws -> Judged?)
    throws
  {
    var groups: [[Judged]] = []
    for one in judged {
      if let place = groups.firstIndex(where: { $0[0].entry.values == one.entry.values }) {
        groups[place].append(one)
      } else {
        groups.append([one])
      }
    }
    let scores = groups.map { RowScores.mean(of: $0.map(\.scores)) }
    let means = scores.map(\.negativeLogLikelihood.mean)
    guard let best = means.indices.min(by: { means[$0] < means[$1] }) else { return }
    points = groups.indices.map { index in
      let group = groups[index]
      let seeds = group.map(\.scores.negativeLogLikelihood.mean)
      return Point(
        name: SweepPlan.name(plan.variations, group[0].entry.values, seed: nil), values: group[0].entry.values,
        runs: group.count, parameters: group[0].parameters, negativeELBO: scores[index].negativeELBO.mean,
        negativeLogLikelihood: means[index],
        standardError: (scores[index].negativeLogLikelihood.standardError.squared + seeds.standardError.squared)
          .squareRoot(),
        activeUnits: group.map { Double($0.evaluation.activeUnits) }.mean,
        seconds: group.map(\.seconds).mean,
        difference: index == best ? nil : Self.difference(group, groups[best], scores[index], scores[best]))
    }
    let parameters = points.map(\.parameters)
    isByParameters = Set(parameters).count > 1
    let place = Self.choice(differences: points.map(\.difference), parameters: parameters)
    self.best = points[best].name
    chosen = place.map { points[$0].name }
    for index in Set([best, place ?? best]) {
      let found = try groups[index].compactMap { try onTest($0.entry) }
      guard !found.isEmpty else { continue }
      let score = RowScores.mean(of: found.map(\.scores)).negativeLogLikelihood
      let seeds = found.map(\.scores.negativeLogLikelihood.mean)
      points[index].test = [
        score.mean, (score.standardError.squared + seeds.standardError.squared).squareRoot(),
      ]
    }
    notes = Self.notes(judged, groups: groups, seeds: plan.seeds.count)
  }

  /// Row by row, over the seeds that both have; what seeds differ by counts as well.
  private static func difference(
    _ one: [Judged], _ other: [Judged], _ scores: RowScores, _ others: RowScores
  ) -> PairedDifference {
    let rows = zip(scores.negativeLogLikelihood, others.negativeLogLikelihood).map(-)
    let bySeed = one.compactMap { run in
      other.first { $0.entry.seed == run.entry.seed }.map {
        run.scores.negativeLogLikelihood.mean - $0.scores.negativeLogLikelihood.mean
      }
    }
    let errors = (
      scores.negativeLogLikelihood.standardError, others.negativeLogLikelihood.standardError
    )
    return PairedDifference(
      of: rows, unpairedError: (errors.0.squared + errors.1.squared).squareRoot(), extra: bySeed.standardError.squared)
  }

  private static func notes(_ judged: [Judged], groups: [[Judged]], seeds: Int) -> [String] {
    var notes: [String] = []
    if groups.contains(where: { $0.count < seeds }) {
      notes.append("Some combinations have fewer runs than seeds, and are judged by those that there are.")
    }
    if seeds == 1 {
      notes.append(
        "Every combination was trained once: how much seeds differ is not known and not in the errors; --seeds 0,1,2 tells."
      )
    }
    var told: [String: [String]] = [:]
    var order: [String] = []
    for run in judged {
      for warning in run.evaluation.warnings {
        if told[warning] == nil { order.append(warning) }
        told[warning, default: []].append(run.entry.name)
      }
    }
    return notes
      + order.map { warning in
        let names = told[warning] ?? []
        return names.count == judged.count ? warning : "\(names.joined(separator: "; ")): \(warning)"
      }
  }
}

/// One run's numbers.
private struct Judged {
  let entry: SweepPlan.Entry
  let evaluation: Evaluation
  /// Of the data in their own units, where they are densities.
  let scores: RowScores
  let parameters: Int
  let seconds: Double

  init(
    _ entry: SweepPlan.Entry, on rows: Dataset, samples: Int, seed: UInt64, device: Device, progress: (Double) -> Void
  ) throws {
    let trained = try TrainedModel.load(entry.folder.path, device: device)
    let judged = try RowScores.judge(trained, on: rows, samples: samples, seed: seed, progress: progress)
    var evaluation = judged.evaluation
    try evaluation.diagnose(trained, on: rows, course: TrainingCourse(of: entry.folder.path), training: nil, seed: seed)
    let comparability = try Comparability(of: [trained], named: [entry.name], on: rows)
    self.entry = entry
    self.evaluation = evaluation
    scores = judged.scores.adding(comparability.jacobians[0])
    parameters = trained.model.parameterCount
    seconds = try Manifest.read(entry.folder).seconds
  }
}

extension Double {
  /// Its square.
  fileprivate var squared: Double { self * self }
}
