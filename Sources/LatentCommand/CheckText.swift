internal import Latent

/// A check of samples as a person reads it.
enum CheckText {
  static func text(_ check: ModelCheck, heading: String) -> String {
    let rows = check.part == "all" ? "rows" : "\(check.part) rows"
    return
      (["\(heading), samples from \(check.prior) beside \(check.memorization.heldOutRows) \(rows) of \(check.data):"]
      + copies(check) + told(check.twoSampleTest) + calibration(check) + statistics(check.statistics)
      + check.notes.map { "  note: \($0)" }).joined(separator: "\n")
  }

  private static func line(_ name: String, _ value: String, _ note: String = "") -> String {
    let text = "    \(name.padded(to: 24))\(value)"
    return note.isEmpty ? text : "\(text.padded(to: 52))  \(note)"
  }

  private static func percent(_ value: Double) -> String { "\((100 * value).fixed(1)) %" }

  private static func percent(_ value: ValueWithError) -> String {
    "\((100 * value.value).fixed(1)) ± \((100 * value.error).fixed(1)) %"
  }

  private static func chance(_ pValue: Double) -> String { pValue < 0.001 ? "p < 0.001" : "p = \(pValue.fixed(3))" }

  private static func copies(_ check: ModelCheck) -> [String] {
    let found = check.memorization
    func distances(_ name: String, _ distances: Memorization.Distances) -> String {
      line(
        name, distances.median.text,
        "a quarter below \(distances.lowerQuartile.significant), above \(distances.upperQuartile.significant)"
          + (distances.copies > 0 ? "; \(distances.copies) are 0" : ""))
    }
    func excess(_ name: String, _ excess: Memorization.Excess, _ which: String) -> String {
      line(
        name, percent(excess.part),
        "\(chance(excess.pValue)); \(excess.nearTraining.significant) of \(excess.samples) \(which) nearest to a training row"
      )
    }
    return [
      "  copies of training rows: \(found.isCopying ? "YES" : "no sign of them")",
      excess("copied", found.copied, "close samples"),
      excess("leaning to training", found.leaning, "samples"),
      "    distance to the nearest of \(found.trainingRows) training rows, Euclidean, scaled values, median:",
      distances("  samples (\(check.decoding)s)", found.sampleDistances),
      distances("  held-out rows", found.heldOutDistances),
      line(
        "  samples / rows", found.medianRatio.text,
        "a sample is nearer than a row in \(percent(found.nearer.probability)) of pairs; 50 % where alike"),
    ]
  }

  private static func told(_ test: TwoSampleTest) -> [String] {
    [
      "  told from rows by classifiers: \(test.isTold ? "YES" : "no"), \(chance(test.pValue)) for all of them",
      "    \(test.network), of \(test.trainingRows) training rows and samples, shown \(test.testRows) held-out rows and samples:",
    ]
      + test.trials.enumerated().map { index, trial in
        line(
          "  classifier \(index + 1)",
          "area \(trial.area.text)",
          "0.5 ± \(trial.nullDeviation.fixed(3)) where alike, \(chance(trial.pValue)); right on \(percent(trial.accuracy))"
        )
      }
  }

  private static func calibration(_ check: ModelCheck) -> [String] {
    let found = check.calibration
    func intervals(_ name: String, _ calibration: Calibration) -> String {
      line(name, "50 %: \(percent(calibration.half))", "90 %: \(percent(calibration.most))")
    }
    let kind = check.isPicture ? "pixels" : "columns"
    return [
      "  calibration: \(found.rejectedColumns) of \(found.columns.count) \(kind) unlike the draws (5 % for all, Holm)",
      "    how often central intervals hold the value, \(found.rows) rows, \(found.draws) draws:",
      intervals("  draws of p(x)", found), intervals("  draws given the row", check.reconstruction),
      "    farthest from their draws (difference of cumulative shares):",
    ]
      + found.worst.prefix(3).map {
        line(
          "  \($0.name)", $0.distance.fixed(3),
          "\(chance($0.pValue)); 50 %: \(percent($0.half)), 90 %: \(percent($0.most))")
      }
  }

  private static func statistics(_ statistics: MarginalStatistics) -> [String] {
    var lines = [
      "  statistics more than 2 standard errors apart (4.6 % where alike): means \(percent(statistics.meansApart)), deviations "
        + percent(statistics.deviationsApart)
        + (statistics.correlations.map { ", correlations \(percent($0.apart))" } ?? "")
    ]
    guard let correlations = statistics.correlations else { return lines }
    lines += correlations.worst.prefix(3).map {
      let pair = $0.correlation
      return
        "      \($0.columns.joined(separator: " and ")): \(pair.rows.text) among rows, \(pair.samples.text) among samples"
    }
    return lines
  }
}
