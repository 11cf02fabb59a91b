internal import Codecs
internal import Foundation

/// The page of a sweep: one HTML file that opens from disk, with the charts' library beside it.
public enum SweepPage {
  /// Writes `index.html` and, where it was built in, `plotly.min.js` into a folder.
  ///
  /// - Throws: A codec's error where it cannot be written to.
  public static func write(_ sweep: Sweep, to folder: String) throws {
    let page = try html(sweep, hasCharts: Page.placeLibrary(in: folder))
    try AtomicFile.write(Array(page.utf8), to: "\(folder)/index.html")
  }

  /// The page.
  package static func html(_ sweep: Sweep, hasCharts: Bool) throws -> String {
    let keys = HTML.escaped(sweep.over.map(\.key).joined(separator: " and "))
    return Page(
      title: "Sweep over \(keys)", eyebrow: "sweep", heading: "Over \(keys)",
      lead:
        "\(sweep.runs.count) \(sweep.runs.count == 1 ? "run" : "runs"), judged on the same \(ReportPage.text(sweep.rows)) validation rows "
        + "of \(HTML.escaped(sweep.source)), with the same \(ReportPage.text(sweep.samples)) draws a row.",
      sections: [choice(sweep), table(sweep), runs(sweep)], data: try data(sweep),
      scripts: [ReportPage.chartScript, script], library: Page.libraryBeside(hasCharts),
      missing: "The chart needs the file plotly.min.js beside this page, which is not there.",
      withoutScripts: "The chart needs JavaScript."
    ).html
  }

  private static func choice(_ sweep: Sweep) -> String {
    guard let best = sweep.points.first(where: { $0.name == sweep.best }),
      let chosen = sweep.points.first(where: { $0.name == sweep.chosen })
    else { return "" }
    func test(_ point: Sweep.Point) -> String {
      guard let test = point.test else { return "" }
      let shown = ReportPage.text(test[0], error: test[1])
      return " On \(ReportPage.text(sweep.testRows)) test rows: \(shown.value) \(shown.error)."
    }
    func number(_ name: String, _ point: Sweep.Point, _ note: String) -> String {
      let shown = ReportPage.text(point.negativeLogLikelihood, error: point.standardError)
      return ReportPage.number(
        "\(name): \(HTML.escaped(point.name))", shown.value, shown.error, note + test(point))
    }
    let rule = "the simplest within one standard error, of the paired difference, of the best: \(order(sweep))."
    let caution = "The least −log p(x) of validation rows, which is a little too good, as it was chosen by them."
    let numbers =
      best.name == chosen.name
      ? number("Best and choice", best, "\(caution) It is also \(rule)")
      : number("Best", best, caution) + "\n" + number("Choice", chosen, rule.prefix(1).uppercased() + rule.dropFirst())
    return HTML.section(
      "Choice", id: "choice",
      """
      <p class="about">−log p(x), nats per row; lower is better. ± is its standard error as a statement about all such rows\
      \(sweep.points.contains { $0.runs > 1 } ? " and seeds" : "").</p>
      <dl class="numbers lead-numbers">
      \(numbers)
      </dl>
      """)
      + HTML.section(
        "−log p(x) over the values", id: "course", isDrawn: true,
        """
        <p class="about">The whiskers are one standard error of the difference from the best, row by row.</p>
        <p class="key" aria-hidden="true"><span class="dot samples">choice</span> <span class="dot data">best</span></p>
        \(HTML.chart("sweep", description: "Dots: −log p(x) over the values, with whiskers; the table below has the numbers.", kind: "large"))
        """)
  }

  /// What simple means.
  static func order(_ sweep: Sweep) -> String {
    sweep.isByParameters
      ? "simpler is fewer parameters" : "all have as many parameters, so that the first of the values is taken"
  }

  private static func table(_ sweep: Sweep) -> String {
    let rows = sweep.points.map { point -> [String] in
      let likelihood = ReportPage.text(point.negativeLogLikelihood, error: point.standardError)
      let difference = point.difference.map { ReportPage.text($0.mean, error: $0.standardError) }
      let marks = [point.name == sweep.best ? "best" : nil, point.name == sweep.chosen ? "choice" : nil]
      return [
        point.name, ReportPage.nats(point.negativeELBO), "\(likelihood.value) \(likelihood.error)",
        difference.map { "\($0.value) \($0.error)" } ?? "–", ReportPage.text(point.activeUnits, digits: 3),
        ReportPage.text(point.parameters), ReportPage.text(point.seconds, digits: 3), ReportPage.text(point.runs),
        marks.compactMap(\.self).joined(separator: ", "),
      ]
    }
    guard !rows.isEmpty else { return "" }
    let notes = sweep.notes.map { "<li>\(HTML.escaped($0))</li>" }.joined(separator: "\n")
    return HTML.section(
      "Values", id: "values",
      """
      <p class="about">Nats per row, means over seeds. Less the best: −log p(x) less that of the best, row by row, with the standard error of the pairs. \
      Seconds are of runs side by side.</p>

      """
        + HTML.table(
          "Measures of each combination",
          header: [
            "value", "−ELBO", "−log p(x)", "less the best", "active units", "parameters", "seconds", "runs", "",
          ],
          rows: rows)
        + (notes.isEmpty ? "" : "\n<ul class=\"warnings\" aria-label=\"Notes\">\n\(notes)\n</ul>"))
  }

  private static func runs(_ sweep: Sweep) -> String {
    let rows = sweep.runs.map { run -> [String] in
      [
        (run.run as NSString).lastPathComponent, "\(run.seed)", run.problem ?? "trained to its end",
        run.epochs.map { ReportPage.text($0) } ?? "–",
        run.evaluation.map { ReportPage.nats($0.negativeLogLikelihood) } ?? "–",
      ]
    }
    return HTML.section(
      "Runs", id: "runs",
      "<p class=\"about\">Each is a run like any other, with a page of its own in its folder.</p>\n"
        + HTML.table(
          "Every run", header: ["run", "seed", "how it stands", "epochs", "−log p(x), as scaled"], rows: rows))
  }
}
