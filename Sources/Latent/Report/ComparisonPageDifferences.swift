/// The section of a comparison's page that sets runs against one of them, row by row.
extension ComparisonPage {
  static func differences(_ comparison: Comparison) -> String {
    guard let differences = comparison.differences else { return "" }
    func cells(_ difference: PairedDifference) -> [String] {
      let mean = ReportPage.text(difference.mean, error: difference.standardError)
      let ends = difference.interval.map { ReportPage.text($0, error: difference.standardError).value }
      return ["\(mean.value) \(mean.error)", "\(ends[0]) … \(ends[1])"]
    }
    let rows = differences.entries.map { entry in
      [entry.run, entry.negativeLogLikelihood.verdict] + cells(entry.negativeLogLikelihood) + cells(entry.negativeELBO)
    }
    let noise = differences.entries.filter { $0.negativeLogLikelihood.isWithinNoise }.map {
      "<li>The difference between \(HTML.escaped($0.run)) and \(HTML.escaped(differences.reference)) is within noise: these rows do "
        + "not show which is better.</li>"
    }
    return HTML.section(
      "Differences", id: "differences",
      """
      <p class="about">Each run less \(HTML.escaped(differences.reference)), row by row on the same \(ReportPage.text(comparison.rows)) rows: what \
      makes a row hard for both drops out. Nats per row; below 0 is better. \(kind(differences)) ± is the standard error of the mean over rows, \
      draws included, as a statement about all such rows; the interval holds the true difference in 95 of 100 samples of \
      rows\(differences.entries.count > 1 ? ", each for itself" : ""). By draws, −log p(x) is too \
      high on average, and the more so the larger the gap: see whether a difference stays with more draws.</p>
      \(HTML.chart(
        "difference-dots",
        description: "Dots with intervals: −log p(x) of each run less that of the reference; the table below has the numbers.",
        kind: "small"))
      \(HTML.table(
        "Differences from the reference",
        header: ["run", "by −log p(x)", "−log p(x)", "95 % interval", "−ELBO", "95 % interval"], rows: rows))
      \(noise.isEmpty ? "" : "<ul class=\"warnings\" aria-label=\"Within noise\">\n\(noise.joined(separator: "\n"))\n</ul>")
      """)
  }

  private static func kind(_ differences: Differences) -> String {
    switch differences.measure {
    case .probability: "The numbers are log probabilities, which no scaling touches."
    case .score: "The numbers are scores and no densities: the Bernoulli’s formula on greys."
    case .density where differences.isRescaled:
      "The runs scale the data differently: log densities are of the data in their own units, ln |scale| counted."
    case .density: "The numbers are log densities."
    }
  }
}
