internal import Latent

/// A sweep as a person reads it.
enum SweepText {
  static func text(_ sweep: Sweep) -> String {
    guard !sweep.points.isEmpty else { return "No run was trained to its end." }
    let rows = sweep.points.map { point in
      point.values + [
        point.negativeELBO.fixed(3), "\(point.negativeLogLikelihood.fixed(3)) ± \(point.standardError.fixed(3))",
        point.difference.map { "\($0.mean.fixed(3)) ± \($0.standardError.fixed(3))" } ?? "–",
        point.activeUnits == point.activeUnits.rounded() ? "\(Int(point.activeUnits))" : point.activeUnits.fixed(1),
        "\(point.parameters)", point.seconds.fixed(1), "\(point.runs)",
        [point.name == sweep.best ? "best" : nil, point.name == sweep.chosen ? "choice" : nil].compactMap(\.self)
          .joined(
            separator: ", "),
      ]
    }
    let header =
      sweep.over.map(\.key) + ["−ELBO", "−log p(x)", "less the best", "active", "parameters", "seconds", "runs", ""]
    return
      ([
        "\(sweep.runs.count) \(sweep.runs.count == 1 ? "run" : "runs"), judged on the same \(sweep.rows) validation rows of \(sweep.source) with the same \(sweep.samples) draws a row:"
      ] + ComparisonText.table(header, rows, texts: sweep.over.count)
      + [
        "  in nats per row, means over seeds; ± is a standard error as a statement about all such rows and seeds; that of the difference from the",
        "  best is of pairs of rows. Seconds are of runs side by side.",
      ] + sweep.notes.map { "  note: \($0)" } + choice(sweep)).joined(separator: "\n")
  }

  private static func choice(_ sweep: Sweep) -> [String] {
    guard let best = sweep.best, let chosen = sweep.chosen else { return [] }
    let order =
      sweep.isByParameters
      ? "simpler is fewer parameters" : "all have as many parameters, so that the first of the values is taken"
    let tests = sweep.points.compactMap { point in
      point.test.map {
        "  \(point.name): −log p(x) \($0[0].fixed(3)) ± \($0[1].fixed(3)) on \(sweep.testRows) test rows"
      }
    }
    return [
      "Best: \(best).",
      "Choice: \(chosen), the simplest within one standard error, of the paired difference, of the best; \(order).",
    ] + tests
  }
}
