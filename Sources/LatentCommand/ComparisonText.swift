internal import Foundation
internal import Latent

/// A comparison as a person reads it.
enum ComparisonText {
  static func text(_ comparison: Comparison) -> String {
    let which = comparison.part == "all" ? "rows" : "\(comparison.part) rows"
    let heading =
      "\(comparison.runs.count) \(comparison.runs.count == 1 ? "run" : "runs"), judged on the same \(comparison.rows) \(which) of "
      + "\(comparison.source) with the same \(comparison.samples) draws a row:"
    let measures = table(
      [
        "run", "likelihood", "found by", "latents", "reconstruction", "−ELBO", "−log p(x)",
      ] + (comparison.hasExact ? ["exactly"] : []) + (comparison.hasAngle ? ["largest angle"] : []) + [
        "gap", "active", "epochs", "seconds", "rows/s",
      ],
      comparison.runs.map { entry in
        let e = entry.evaluation
        return [
          entry.run, entry.likelihood, entry.method, "\(e.latents)", e.reconstruction.fixed(3),
          number(e.negativeELBO, error: e.negativeELBOError), number(e.negativeLogLikelihood, error: e.standardError),
        ] + (comparison.hasExact ? [e.exactLogLikelihood.map { (-$0).fixed(6) } ?? "–"] : [])
          + (comparison.hasAngle ? [entry.largestAngle.map { "\($0.significant)°" } ?? "–"] : []) + [
            number(e.gap, error: e.gapError),
            "\(e.activeUnits) of \(e.latents)", "\(entry.epochs)", entry.seconds.fixed(1),
            "\(Int(entry.rowsPerSecond))",
          ]
      }, texts: 3)
    let notes = comparison.notes.map { "  note: \($0)" }
    let legend =
      "  in nats per row; ± is one standard error of the draws, these rows given"
      + (comparison.hasExact ? "; exactly: −log p(x) of a linear-Gaussian model, no draws" : "")
      + (comparison.hasAngle
        ? "; largest angle: from the plane of the exact principal components, at the last epoch" : "")
    return
      ([heading] + measures + [legend] + notes + differences(comparison) + gradients(comparison)
      + recognition(comparison)).joined(
        separator: "\n")
  }

  private static func differences(_ comparison: Comparison) -> [String] {
    guard let differences = comparison.differences else { return [] }
    func cells(_ difference: PairedDifference) -> [String] {
      [
        "\(difference.mean.signed(3)) ± \(difference.standardError.fixed(3))",
        "\(difference.interval[0].signed(3)) … \(difference.interval[1].signed(3))",
      ]
    }
    let rows = differences.entries.map { entry in
      [entry.run, entry.negativeLogLikelihood.verdict] + cells(entry.negativeLogLikelihood) + cells(entry.negativeELBO)
        + [entry.negativeLogLikelihood.unpairedError.fixed(3)]
    }
    return [
      "", "Row by row on these \(comparison.rows) rows, each run less \(differences.reference):",
    ]
      + table(
        ["run", "by −log p(x)", "−log p(x)", "95 % interval", "−ELBO", "95 % interval", "± unpaired"], rows, texts: 2)
      + differences.entries.filter { $0.negativeLogLikelihood.isWithinNoise }.map {
        "  The difference between \($0.run) and \(differences.reference) is within noise: these rows do not show which is better."
      } + [
        "  below 0 is better; ± is the standard error of the mean over rows, draws included, as a statement about all such rows"
          + (differences.entries.count > 1 ? "; each interval is for itself, not for all at once" : ""),
        "  the numbers are \(words(differences)); by draws, −log p(x) is too high on average, and the more so the larger the gap: see whether a "
          + "difference stays with more --samples",
      ]
  }

  private static func words(_ differences: Differences) -> String {
    switch differences.measure {
    case .probability: "log probabilities, which no scaling touches"
    case .score: "scores, no densities: the Bernoulli's formula on greys"
    case .density: "log densities\(differences.isRescaled ? " of the data in their own units, ln |scale| counted" : "")"
    }
  }

  /// A number and perhaps its error; a dash where it is not defined.
  private static func number(_ value: Double, error: Double? = nil) -> String {
    value.isNaN ? "–" : ([value] + (error.map { [$0] } ?? [])).map { $0.fixed(3) }.joined(separator: " ± ")
  }

  private static func gradients(_ comparison: Comparison) -> [String] {
    guard let first = comparison.runs.first?.gradients.first else { return [] }
    let rows = comparison.runs.flatMap { entry in
      entry.gradients.map { gradient in
        [entry.run, gradient.estimator, gradient.isUnbiased ? "" : "biased"]
          + gradient.groups.map {
            $0.variance == 0 ? "0" : String(format: "%.2e ± %.0e", $0.variance, $0.standardError)
          }
      }
    }
    return [
      "",
      "Variance of each estimator's gradient, the mean over parameters, from \(first.draws) gradients on \(first.rows) rows:",
    ] + table(["run", "estimator", ""] + first.groups.map(\.name), rows, texts: 3)
  }

  private static func recognition(_ comparison: Comparison) -> [String] {
    guard let recognition = comparison.recognition else { return [] }
    let score = recognition.score
    let rows =
      comparison.runs.flatMap { entry in entry.recognized.map { cells(entry.run, $0, of: recognition) } }
      + [cells("real rows", recognition.real, of: recognition)]
      + recognition.nonsense.map { cells("nonsense", $0, of: recognition) }
    return [
      "",
      "Draws that a classifier of the \(recognition.classes.count) labels recognizes, one of them with probability ≥ \(recognition.threshold.significant):",
    ] + table(["shown", "of", "rows", "recognized", "confident", "effective classes", "classes ≥ 1 %"], rows, texts: 2)
      + [
        "  trained on \(recognition.trainingRows) rows, and shown splices and noise made of them as none of the labels; right about "
          + "\((100 * score.accuracy).fixed(1)) ± \((100 * score.accuracyError).fixed(1)) % of \(recognition.real.rows) held-out rows",
        "  confident: as sure of one label if there were nothing but labels, as a plain classifier assumes",
        "  effective classes: e^H of the classes recognized, 1 where all draws are of one; ± is one standard error of the draws",
      ]
  }

  private static func cells(_ shown: String, _ share: Recognition.Share, of recognition: Recognition) -> [String] {
    [
      shown, share.of, "\(share.rows)", "\((100 * share.recognized).fixed(1)) ± \((100 * share.error).fixed(1)) %",
      "\((100 * share.confident).fixed(1)) ± \((100 * share.confidentError).fixed(1)) %",
      "\(share.effectiveClasses.fixed(1)) of \(recognition.classes.count)",
      "\(share.commonClasses) of \(recognition.classes.count)",
    ]
  }

  /// Columns, the first few of which are texts and stand to the left.
  static func table(_ header: [String], _ rows: [[String]], texts: Int) -> [String] {
    let width = header.indices.map { column in
      ([header] + rows).map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return ([header] + rows).map { cells in
      let padded = cells.enumerated().map { column, cell in
        let space = String(repeating: " ", count: width[column] - cell.count)
        return column < texts ? cell + space : space + cell
      }
      var line = "  " + padded.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }
}
