/// What the divergence consists of, as a bar and in numbers.
extension ReportPage {
  static func split(_ content: ReportContent) -> String {
    guard let split = content.evaluation.divergenceSplit else { return "" }
    let parts = parts(of: split)
    return HTML.section(
      "Parts of the divergence", id: "split",
      """
      <p class="about">Divergence = mutual information + KL(q(z) ‖ p(z)), nats per row. q(z) is the aggregate posterior, the mean of \
      q(z|x) over these \(text(content.evaluation.rows)) rows. With the reconstruction the parts add up to −ELBO. By \
      \(text(split.draws)) draws from q(z); ± is one standard error of them.</p>
      \(bar(of: parts))
      <dl class="numbers">
      \(parts.map { number("\(key($0)) \($0.name)", $0.shown.value, $0.shown.error, $0.explanation) }.joined(separator: "\n"))
      </dl>
      """)
  }

  /// A part of the divergence as the page shows it.
  private struct Part {
    let name: String
    let value: Double
    let error: Double
    /// The number of its colour.
    let colour: Int
    /// HTML.
    let explanation: String

    /// Chance may put what is 0 just below it.
    var shown: (value: String, error: String) { text(abs(value) < error ? abs(value) : value, error: error) }
  }

  private static func parts(of split: DivergenceSplit) -> [Part] {
    let limit = "at most ln N = \(nats(split.mutualInformationLimit))"
    let information = Part(
      name: "Mutual information", value: split.mutualInformation, error: split.mutualInformationError, colour: 1,
      explanation: "What a code says about which row it is of, \(limit)."
        + (split.isAtLimit ? " It is nearly there: with more rows there would be more." : ""))
    guard let correlation = split.totalCorrelation, let alone = split.marginalDivergence else {
      let aggregate = Part(
        name: "Aggregate from prior", value: split.aggregateDivergence, error: split.aggregateDivergenceError,
        colour: 2,
        explanation: "KL(q(z) ‖ p(z)): how far the codes of all rows together are from the prior.")
      return [information, aggregate]
    }
    return [
      information,
      Part(
        name: "Total correlation", value: correlation, error: split.totalCorrelationError ?? 0, colour: 2,
        explanation:
          "KL(q(z) ‖ Π q(z<sub>d</sub>)): how much latents depend on each other. With the next part it is KL(q(z) ‖ p(z)), "
          + "\(nats(split.aggregateDivergence))."),
      Part(
        name: "Latents alone", value: alone, error: split.marginalDivergenceError ?? 0, colour: 3,
        explanation: "Σ KL(q(z<sub>d</sub>) ‖ p(z<sub>d</sub>)): how far each latent alone is from the prior."),
    ]
  }

  private static func key(_ part: Part) -> String { "<span class=\"part part-\(part.colour)\"></span>" }

  /// One bar of the parts' widths; nothing where there is no divergence to divide.
  private static func bar(of parts: [Part]) -> String {
    let total = parts.reduce(0) { $0 + max(0, $1.value) }
    guard total > 1e-3 else { return "" }
    let pieces = parts.map { part in
      let share = (max(0, part.value) / total * 10_000).rounded() / 100
      return "<span class=\"part-\(part.colour)\" style=\"width: \(share)%\"></span>"
    }
    let description = parts.map { "\($0.name) \($0.shown.value)" }.joined(separator: ", ")
    return "<div class=\"parts\" role=\"img\" aria-label=\"\(description)\">\(pieces.joined())</div>"
  }
}
