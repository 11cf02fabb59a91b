internal import Codecs
internal import Foundation

/// The page of a comparison: one HTML file that opens from disk, with the charts' library beside it.
public enum ComparisonPage {
  /// Writes the page and, where it was built in, `plotly.min.js` into the same folder.
  ///
  /// - Parameter gallery: Samples and maps of the same runs, which become part of the page.
  /// - Throws: ``LatentError`` where the name does not end in `.html`, or a codec's error where it cannot be written.
  public static func write(_ comparison: Comparison, gallery: ComparisonGallery? = nil, to path: String) throws {
    guard path.lowercased().hasSuffix(".html") else {
      throw LatentError("'\(path)' is no page; give a name that ends in .html.")
    }
    let folder = (path as NSString).deletingLastPathComponent
    let page = try html(comparison, gallery, hasCharts: Page.placeLibrary(in: folder))
    try AtomicFile.write(Array(page.utf8), to: path)
  }

  /// The page.
  package static func html(_ comparison: Comparison, _ gallery: ComparisonGallery? = nil, hasCharts: Bool) throws
    -> String
  {
    let sections = [
      measures(comparison), differences(comparison), samples(comparison, gallery), recognition(comparison),
      maps(comparison, gallery),
      curves(comparison), gradients(comparison), trainings(comparison),
    ]
    let runs = "\(comparison.runs.count) \(comparison.runs.count == 1 ? "run" : "runs")"
    return Page(
      title: runs, eyebrow: "comparison of runs",
      heading: "\(runs), judged on the same \(ReportPage.text(comparison.rows)) rows",
      lead:
        "The \(HTML.escaped(comparison.part == "all" ? "" : comparison.part + " "))rows of \(HTML.escaped(comparison.source)), "
        + "with the same \(ReportPage.text(comparison.samples)) draws a row for every run.",
      sections: sections, data: try data(comparison, gallery),
      scripts: [ReportPage.script, ReportPage.chartScript, ReportPage.markScript, script],
      library: Page.libraryBeside(hasCharts)
    ).html
  }

  private static func measures(_ comparison: Comparison) -> String {
    let rows = comparison.runs.map { entry -> [String] in
      let e = entry.evaluation
      func number(_ value: Double, _ error: Double) -> String {
        let text = ReportPage.text(value, error: error)
        return value.isNaN ? text.value : "\(text.value) \(text.error)"
      }
      return [
        entry.run, number(e.negativeELBO, e.negativeELBOError), ReportPage.nats(e.reconstruction),
        ReportPage.nats(e.divergence), number(e.negativeLogLikelihood, e.standardError),
      ] + (comparison.hasExact ? [e.exactLogLikelihood.map { ReportPage.exact(-$0) } ?? "–"] : [])
        + (comparison.hasAngle ? [entry.largestAngle.map { "\(ReportPage.text($0))°" } ?? "–"] : []) + [
          number(e.gap, e.gapError ?? 0), "\(e.activeUnits) of \(e.latents)",
        ]
    }
    let notes = comparison.notes.map { "<li>\(HTML.escaped($0))</li>" }.joined(separator: "\n")
    return HTML.section(
      "Measures", id: "measures",
      """
      <p class="about">Nats per row; lower is better. ± is one standard error of the draws of z, these rows given.</p>
      \(HTML.table(
        "Measures of the runs",
        header: ["run", "−ELBO", "reconstruction", "divergence", "−log p(x)"]
          + (comparison.hasExact ? ["exactly"] : []) + (comparison.hasAngle ? ["largest angle"] : []) + ["gap", "active units"], rows: rows))
      \(comparison.hasExact
        ? "<p class=\"about\">Exactly: −log p(x) of a linear-Gaussian model, computed without draws.</p>" : "")
      \(comparison.hasAngle
        ? "<p class=\"about\">Largest angle: from the plane of the exact principal components, at the last epoch.</p>" : "")
      \(notes.isEmpty ? "" : "<ul class=\"warnings\" aria-label=\"Notes\">\n\(notes)\n</ul>")
      """)
  }

  private static func curves(_ comparison: Comparison) -> String {
    func has(_ values: KeyPath<Comparison.Curves, [Double]>) -> Bool {
      comparison.runs.contains { !$0.curves[keyPath: values].isEmpty }
    }
    func figure(_ id: String, _ title: String) -> String {
      HTML.chart(
        id, title: title, description: "\(title) over epochs, a line for each of \(comparison.runs.count) runs.",
        kind: "large")
    }
    // A run without a divergence has no −ELBO; its reconstruction is what there is to compare.
    let isBound = comparison.runs.allSatisfy(\.evaluation.hasBound)
    let figures = [
      has(\.validation) ? figure("validation-curves", "−ELBO of validation rows") : "",
      has(\.training) ? figure("training-curves", "−ELBO of training rows while the weights changed") : "",
      !isBound && has(\.validationReconstruction)
        ? figure("validation-reconstructions", "Reconstruction of validation rows") : "",
      !isBound ? figure("training-reconstructions", "Reconstruction of training rows while the weights changed") : "",
    ]
    return HTML.section(
      "Curves", id: "curves", isDrawn: true,
      """
      <p class="about">Nats per row over epochs.\(fits(comparison)) A click on a name hides its line, a double click shows only that one.</p>
      <div class="key"><button type="button" id="beyond" aria-pressed="false" hidden>First epochs in full</button></div>
      \(figures.joined(separator: "\n"))
      """)
  }

  /// What an epoch is where parameters are not found by gradients.
  private static func fits(_ comparison: Comparison) -> String {
    let fits = comparison.runs.filter { $0.fit != GradientFit.kind }
    guard !fits.isEmpty else { return "" }
    let atOnce = comparison.runs.contains { $0.epochs == 1 } && comparison.runs.contains { $0.epochs > 1 }
    return
      " Runs that were found by a fit in place of gradients have iterations, which are counted as epochs here: their lines say what an "
      + "iteration brings, and compare with the others only where they end."
      + (atOnce ? " A run of one epoch has no course: it is a dotted line at its value." : "")
  }

  private static func gradients(_ comparison: Comparison) -> String {
    let rows = comparison.runs.flatMap { entry in
      entry.gradients.flatMap { gradient in
        gradient.groups.map { group in
          [
            entry.run, gradient.estimator, gradient.isUnbiased ? "no" : "yes", group.name,
            ReportPage.text(group.parameters), ReportPage.text(group.variance, digits: 3),
            "± " + ReportPage.text(group.standardError, digits: 2),
          ]
        }
      }
    }
    guard let first = comparison.runs.first?.gradients.first else { return "" }
    return HTML.section(
      "Variance of the gradients", id: "gradients",
      """
      <p class="about">The mean over parameters of the variance of each estimator’s gradient over draws of z, for each run’s \
      model as it is, from \(first.draws) gradients on the same \(first.rows) rows. A biased estimator is wrong however little it varies.</p>
      \(HTML.chart(
        "gradient-bars", description: "Bars: the variance of each estimator's gradient, by run, on a logarithmic scale.",
        kind: "large drawn"))
      \(HTML.table(
        "Variance of the gradients", header: ["run", "estimator", "biased", "part", "parameters", "variance", "error"],
        rows: rows))
      """)
  }

  private static func trainings(_ comparison: Comparison) -> String {
    let rows = comparison.runs.map { entry -> [String] in
      [
        entry.run, entry.likelihood, entry.objective, entry.method, ReportPage.text(entry.evaluation.latents),
        ReportPage.text(entry.parameters), ReportPage.text(entry.trainingRows), ReportPage.text(entry.epochs),
        ReportPage.text(entry.bestEpoch), ReportPage.text(entry.seconds, digits: 3),
        ReportPage.text(Int(entry.rowsPerSecond)), entry.machine,
      ]
    }
    return HTML.section(
      "Trainings", id: "trainings",
      HTML.table(
        "How the runs were trained",
        header: [
          "run", "likelihood", "objective", "found by", "latents", "parameters", "training rows", "epochs",
          "weights of epoch", "seconds", "rows a second", "machine",
        ], rows: rows))
  }
}
