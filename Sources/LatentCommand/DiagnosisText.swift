internal import Latent

extension EvaluationText {
  /// What a diagnosis measured, beside what the measures say.
  ///
  /// - Parameter hasBound: Whether the posterior has a density, and so an ELBO.
  static func diagnosis(_ diagnosis: CollapseDiagnosis, hasBound: Bool) -> [(String, String, String)] {
    let gap = diagnosis.generalizationGap.map {
      (
        "beyond training", "\($0.fixed(3)) ± \((diagnosis.generalizationGapError ?? 0).fixed(3))",
        "\(hasBound ? "−ELBO" : "−log p(x|z)") less that of training rows, both by one draw of at most \(CollapseDiagnosis.most) rows"
      )
    }
    let beta = diagnosis.effectiveBeta.map { beta -> (String, String, String) in
      let course = [
        (diagnosis.bestEffectiveBeta, "at the epoch of these weights"),
        (diagnosis.lastEffectiveBeta, "at the last step"),
      ]
      return (
        "effective β", beta.significant,
        "β / α" + course.compactMap { value, when in value.map { ", \($0.significant) \(when)" } }.joined()
      )
    }
    return [
      (
        "codes shuffled", "\(diagnosis.shuffleCost.fixed(3)) ± \(diagnosis.shuffleCostError.fixed(3))",
        "what codes of other rows cost: log p(x|z) less log p(x|z of another row)"
      )
    ] + [gap, beta].compactMap(\.self)
  }
}
