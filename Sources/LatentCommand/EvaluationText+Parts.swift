internal import Latent

extension EvaluationText {
  /// What annealing found.
  static func annealed(_ e: Evaluation) -> [Line] {
    func how(_ a: AnnealedLikelihood) -> String {
      "\(a.chains) chains of \(a.temperatures) temperatures, effective \(a.effectiveChains.fixed(1)) (median)"
    }
    func exactly(_ a: AnnealedLikelihood) -> [Line] {
      a.exactNegativeLogLikelihood.map { [("  exactly", $0.fixed(6), "−log p(x) of these rows, no draws")] } ?? []
    }
    let found: [Line] =
      e.annealed.map {
        [
          (
            "annealed", "\($0.negativeLogLikelihood.fixed(3)) ± \($0.standardError.fixed(3))", "−log p(x) by \(how($0))"
          ),
          ("", "", "of \($0.rows) rows; \(percent($0.acceptance)) of the moves taken; not too low on average"),
        ]
      } ?? []
    guard let drawn = e.simulated, let lower = drawn.lowerNegativeLogLikelihood else { return found }
    return found + [
      ("drawn rows", "", "−log p(x) of \(drawn.rows) rows drawn from the model, by \(how(drawn))"),
      ("  from above", "\(drawn.negativeLogLikelihood.fixed(3)) ± \(drawn.standardError.fixed(3))", "forward chains"),
      (
        "  from below", "\(lower.fixed(3)) ± \((drawn.lowerStandardError ?? 0).fixed(3))",
        "chains back from the z of each row"
      ),
      (
        "  apart", "\((drawn.width ?? 0).fixed(3)) ± \((drawn.widthError ?? 0).fixed(3))",
        "on average −log p(x) lies between"
      ),
    ] + exactly(drawn)
  }

  private static func percent(_ share: Double) -> String { "\((100 * share).fixed(0)) %" }

  /// The parts of the divergence.
  static func split(_ split: DivergenceSplit) -> [Line] {
    func value(_ value: Double, _ error: Double) -> String {
      "\(value.fixed(3)) ± \(error.fixed(3))"
    }
    let whole: [Line] = [
      (
        "mutual information", value(split.mutualInformation, split.mutualInformationError),
        "of row and z, at most ln N = \(split.mutualInformationLimit.fixed(3)); by \(split.draws) draws from q(z)"
      ),
      (
        "aggregate", value(split.aggregateDivergence, split.aggregateDivergenceError),
        "KL(q(z) ‖ p(z)), q(z) the mean of q(z|x) over these rows; both: the divergence"
      ),
    ]
    guard let correlation = split.totalCorrelation, let alone = split.marginalDivergence else { return whole }
    return whole + [
      (
        "  total correlation", value(correlation, split.totalCorrelationError ?? 0),
        "how much latents depend on each other in q(z)"
      ),
      (
        "  latents alone", value(alone, split.marginalDivergenceError ?? 0),
        "Σ KL(q(z_d) ‖ p(z_d)); both: the aggregate's"
      ),
    ]
  }
}
