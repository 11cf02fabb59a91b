/// The sections of attributes that were judged.
extension ReportPage {
  /// For each attribute: rows with less to more of it, and the probability that a classifier gives it.
  static func judgements(_ content: ReportContent) -> String {
    content.judgements.enumerated().map { index, judged in
      let judgement = judged.judgement
      return HTML.section(
        "Attribute: \(HTML.escaped(judgement.attribute))", id: "attribute-\(index + 1)",
        """
        <p class="about">\(HTML.escaped(words(judgement)))</p>
        <div class="judged">
        \(picture(judged))
        \(HTML.chart("judgement-\(index)", title: "Probability of the attribute over λ", description: description(judgement)))
        \(table(judgement))
        </div>
        <p class="about">\(HTML.escaped(caveats(judgement)))</p>
        """)
    }.joined(separator: "\n")
  }

  private static func words(_ judgement: AttributeJudgement) -> String {
    let score = judgement.score
    return """
      Rows that nothing was fitted to are encoded, moved along the attribute’s direction e, decoded at z + λe, and shown to a classifier \
      (\(judgement.network)) that was trained on \(text(judgement.rows[0])) raw rows, stopped by \(text(judgement.rows[1])), and never saw the \
      model. On the \(text(judgement.rows[2])) judged rows as they are it is right on \
      \(percent(score.accuracy, error: score.accuracyError)).
      """
  }

  private static func caveats(_ judgement: AttributeJudgement) -> String {
    let shift = text(judgement.reconstructionShift.value, error: judgement.reconstructionShift.error)
    let returned = judgement.reconstructedScore
    let course = "As λ grows the mean probability \(judgement.course)"
    return """
      \(course); \(percent(judgement.risingRows)) of the rows rise or stay at each. ± is one standard error over rows. Reconstruction alone \
      (λ = 0) changes a row’s probability by \(shift.value) \(shift.error) on average, and the classifier is right on \
      \(percent(returned.accuracy, error: returned.accuracyError)) of reconstructions.
      """
  }

  private static func picture(_ judged: ReportContent.Judged) -> String {
    guard !judged.picture.isEmpty, let first = judged.judgement.points.first, let last = judged.judgement.points.last
    else { return "" }
    let ends = "λ from \(text(first.amount)) to \(text(last.amount))"
    return """
      <p class="about">The original is the first of each line; then \(ends).</p>
      <figure class="sheet"><img src="\(HTML.escaped(judged.picture))" \
      alt="Lines of pictures: an original, then its decodings with \(ends)"></figure>
      """
  }

  private static func table(_ judgement: AttributeJudgement) -> String {
    func cells(_ name: String, _ mean: AttributeJudgement.Mean) -> [String] {
      let (value, error) = text(mean.value, error: mean.error)
      return [name, value, error]
    }
    return HTML.table(
      "Probability of \(judgement.attribute)", header: ["λ", "mean probability", "error"],
      rows: [cells("original", judgement.originals)]
        + judgement.points.map { cells(text($0.amount, digits: 3), $0.probability) })
  }

  private static func description(_ judgement: AttributeJudgement) -> String {
    "The mean probability of \(judgement.attribute) over λ: "
      + judgement.points.map { "\(text($0.probability.value, digits: 2)) at \(text($0.amount, digits: 3))" }
      .joined(separator: ", ") + "."
  }

  private static func percent(_ part: Double) -> String { "\(text(100 * part, digits: 3))\u{A0}%" }

  private static func percent(_ part: Double, error: Double) -> String {
    let (value, error) = text(100 * part, error: 100 * error)
    return "\(value) \(error)\u{A0}%"
  }

  static let judgementScript = #"""
    "use strict";

    function drawJudgements() {
      data.judgements.forEach((judgement, index) => {
        chart("judgement-" + index, (colours) => ({
          traces: [{
            type: "scatter", mode: "lines+markers", x: judgement.amounts, y: judgement.probabilities,
            error_y: { type: "data", array: judgement.errors, color: colours.first, thickness: 1.5, width: 4 },
            line: { color: colours.first, width: 2 }, marker: { size: 8, color: colours.first },
            customdata: judgement.errors, hovertemplate: "λ = %{x:.3~g}<br>%{y:.3f} ± %{customdata:.3f}<extra></extra>",
          }],
          layout: layout(colours, {
            shapes: judgement.original == null ? [] : [{
              type: "line", xref: "paper", x0: 0, x1: 1, y0: judgement.original, y1: judgement.original,
              line: { color: colours.muted, width: 1.25, dash: "dot" },
            }],
            annotations: judgement.original == null ? [] : [{
              xref: "paper", x: 0.01, y: judgement.original, yanchor: "bottom", xanchor: "left", showarrow: false,
              text: "originals", font: { size: 12, color: colours.muted },
            }],
            xaxis: axis(colours, { title: axisTitle("λ", colours), showgrid: false, showline: true }),
            yaxis: axis(colours, {
              title: axisTitle("mean probability of " + shorten(judgement.attribute, 30), colours), range: [-0.02, 1.02],
              zeroline: true,
            }),
          }),
        }));
      });
    }
    """#
}
