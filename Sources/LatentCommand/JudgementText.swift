internal import Foundation
internal import Latent

/// A judgement of an attribute as a person reads it.
enum JudgementText {
  static func text(_ judgement: AttributeJudgement) -> String {
    func percent(_ value: Double, _ error: Double) -> String {
      "\((100 * value).fixed(1)) ± \((100 * error).fixed(1)) %"
    }
    func line(_ name: String, _ mean: AttributeJudgement.Mean) -> String {
      let label = name + String(repeating: " ", count: max(1, 20 - name.count))
      return "  " + label + "\(mean.value.fixed(3)) ± \(mean.error.fixed(3))"
    }
    let (score, returned) = (judgement.score, judgement.reconstructedScore)
    let least = judgement.leastGain
    let shift = judgement.reconstructionShift
    return
      ([
        "\(judgement.attribute), judged by a classifier (\(judgement.network)) of \(judgement.rows[0]) raw training rows, stopped by "
          + "\(judgement.rows[1]) validation rows:",
        "  right on \(percent(score.accuracy, score.accuracyError)) of \(judgement.rows[2]) test rows, on "
          + "\(percent(returned.accuracy, returned.accuracyError)) of their reconstructions",
        "  mean probability over these rows, ± its standard error:", line("originals", judgement.originals),
      ] + judgement.points.map { line("λ = \($0.amount.significant)", $0.probability) } + [
        "  \(judgement.course)" + (least.map { " (least gain \($0.value.fixed(3)) ± \($0.error.fixed(3)))" } ?? "")
          + "; never falls for \((100 * judgement.risingRows).fixed(1)) % of the rows",
        "  reconstruction alone (λ = 0 less the original): \(shift.value.fixed(3)) ± \(shift.error.fixed(3))",
      ]).joined(separator: "\n")
  }
}
