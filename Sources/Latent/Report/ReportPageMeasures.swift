/// What came of the run: the measures with their errors, and what a reader should know of them.
extension ReportPage {
  static func measures(_ content: ReportContent) -> String {
    let evaluation = content.evaluation
    let warnings = evaluation.warnings.map { "<li>\(HTML.escaped($0))</li>" }.joined(separator: "\n")
    let notice = warnings.isEmpty ? "" : "\n<ul class=\"warnings\" aria-label=\"Warnings\">\n\(warnings)\n</ul>"
    guard evaluation.rows > 0 else {
      return notice.isEmpty ? "" : HTML.section("Measures", id: "measures", notice)
    }
    let rows = "\(text(evaluation.rows)) \(HTML.escaped(content.part)) \(evaluation.rows == 1 ? "row" : "rows")"
    return HTML.section(
      "Measures", id: "measures",
      """
      <p class="about">Of \(rows), in nats per row; lower is better. ± is one standard error.</p>
      <dl class="numbers lead-numbers">
      \(evaluation.hasBound ? bound(evaluation) + "\n" + likelihood(evaluation) : reconstruction(evaluation))
      </dl>
      <dl class="numbers">
      \(parts(evaluation))
      </dl>\(notice)
      """)
  }

  private static func bound(_ evaluation: Evaluation) -> String {
    let shown = text(evaluation.negativeELBO, error: evaluation.negativeELBOError)
    return number(
      "−ELBO", shown.value, shown.error,
      "Reconstruction + divergence, the bound that training lowers. The error is that of the draws of z, these rows given."
    )
  }

  private static func likelihood(_ evaluation: Evaluation) -> String {
    guard evaluation.samples > 0 else { return number("−log p(x)", "–", "", "Not estimated.") }
    let shown = text(evaluation.negativeLogLikelihood, error: evaluation.standardError)
    let sampling = text(evaluation.negativeLogLikelihood, error: evaluation.samplingError).error
    let general =
      sampling.isEmpty ? "" : " As a statement about all rows of which these are a sample the error is \(sampling)."
    return number(
      "−log p(x)", shown.value, shown.error,
      "Importance sampling, K = \(text(evaluation.samples)) draws a row, effective \(text(evaluation.effectiveSamples, digits: 3)) "
        + "(median). The error is that of the draws.\(general)")
  }

  private static func reconstruction(_ evaluation: Evaluation) -> String {
    number(
      "Reconstruction", nats(evaluation.reconstruction), "", "−E<sub>q</sub> log p(x|z): what the latents leave open.")
  }

  private static func activity(_ evaluation: Evaluation) -> String {
    number(
      "Active units", text(evaluation.activeUnits), "of \(text(evaluation.latents))",
      "Latents whose posterior mean varies over rows by more than \(text(Evaluation.activityThreshold)) (variance).")
  }

  private static func parts(_ evaluation: Evaluation) -> String {
    if !evaluation.hasBound { return ([activity(evaluation)] + errors(evaluation)).joined(separator: "\n") }
    let isEstimated = evaluation.samples > 0
    let gap = isEstimated ? text(evaluation.gap, error: evaluation.gapError ?? 0) : ("–", "")
    let parts = [
      reconstruction(evaluation),
      number("Divergence", nats(evaluation.divergence), "", "KL(q(z|x) ‖ p(z)): what the latents carry."),
      number(
        "Gap", gap.0, gap.1,
        "−ELBO − (−log p(x)): how far q(z|x) is from the true posterior."),
      activity(evaluation),
      number(
        "Bits per dimension", isEstimated ? text(evaluation.bitsPerDimension) : "–", "",
        "−log p(x) / (D ln 2), of the values as scaled."),
    ]
    return (parts + tail(evaluation) + errors(evaluation)).joined(separator: "\n")
  }

  /// How far the importance weights are to be trusted.
  private static func tail(_ evaluation: Evaluation) -> [String] {
    guard let tail = evaluation.tail else { return [] }
    return [
      number(
        "Tail k̂", text(tail.median, digits: 2), "",
        "Shape of the importance weights' tail, the median over rows. It is above 0.7, so that −log p(x) is not to be relied on, for "
          + "\(text(tail.shareAbove * 100, digits: 3)) % of the rows.")
    ]
  }

  /// How far reconstructions are from the rows.
  private static func errors(_ evaluation: Evaluation) -> [String] {
    guard let error = evaluation.reconstructionError else { return [] }
    let shown = text(error.rootMeanSquare, error: error.standardError)
    let wrong = error.wrongShare.map { " \(text($0 * 100, digits: 3)) % of the elements are nearest to a wrong level." }
    return [
      number(
        "Error of reconstructions", shown.value, shown.error,
        "Root mean square of an element, in the data's units.\(wrong ?? "") The error is that over rows.")
    ]
  }

  /// One number; the explanation is HTML.
  static func number(_ name: String, _ value: String, _ error: String, _ explanation: String) -> String {
    let error = error.isEmpty ? "" : " <span class=\"error\">\(error)</span>"
    return """
      <div><dt>\(name)</dt><dd class="value">\(value)\(error)</dd><dd class="note">\(explanation)</dd></div>
      """
  }
}
