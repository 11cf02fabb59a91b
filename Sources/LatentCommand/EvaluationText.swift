internal import Latent

/// Measures as a person reads them: each with its error and how it was made.
enum EvaluationText {
  /// - Parameter isSplit: Whether to say what the divergence consists of.
  static func text(_ e: Evaluation, heading: String, isSplit: Bool = false) -> String {
    let rows =
      (e.hasBound ? bounds(e) : [("reconstruction", e.reconstruction.fixed(3), "−log p(x|z), z = E[z|x]")])
      + (isSplit ? e.divergenceSplit.map(split) ?? [] : [])
      + [
        (
          "active units", "\(e.activeUnits) of \(e.latents)",
          "posterior mean varies by more than \(Evaluation.activityThreshold)"
        )
      ] + (isSplit ? e.diagnosis.map(diagnosis) ?? [] : []) + (e.hasBound ? [dimensions(e)] : [])
    let width = rows.map(\.1.count).max() ?? 0
    let lines = rows.map { name, value, note in
      "  \(name.padded(to: 20))\(value.padded(to: width + 3))\(note)"
    }
    return
      ([heading] + lines + e.warnings.map { "  warning: \($0)" } + [
        "  in nats per row, apart from active units\(e.hasBound ? " and bits per dimension" : "")"
      ])
      .joined(separator: "\n")
  }

  /// What is defined where the posterior has a density.
  private static func bounds(_ e: Evaluation) -> [(String, String, String)] {
    [
      (
        "−ELBO", "\(e.negativeELBO.fixed(3)) ± \(e.negativeELBOError.fixed(3))",
        "reconstruction \(e.reconstruction.fixed(3)) + divergence \(e.divergence.fixed(3))"
      ),
      (
        "−log p(x)", "\(e.negativeLogLikelihood.fixed(3)) ± \(e.standardError.fixed(3))",
        "importance sampling, \(e.samples) draws a row, effective \(e.effectiveSamples.fixed(1)) (median)"
      ),
      ("", "", "± \(e.samplingError.fixed(3)) as a sample of all such rows"),
    ]
      + (e.exactLogLikelihood.map { [("exactly", (-$0).fixed(6), "−log p(x) of a linear-Gaussian model, no draws")] }
        ?? [])
      + [
        ("gap", e.gap.fixed(3), "−ELBO − (−log p(x)): KL of q(z|x) from the true posterior")
      ]
  }

  /// The parts of the divergence.
  private static func split(_ split: DivergenceSplit) -> [(String, String, String)] {
    func value(_ value: Double, _ error: Double) -> String {
      // Chance may put what is 0 just below it.
      "\((abs(value) < 0.0005 ? 0 : value).fixed(3)) ± \(error.fixed(3))"
    }
    let whole = [
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

  private static func dimensions(_ e: Evaluation) -> (String, String, String) {
    ("bits per dimension", e.bitsPerDimension.fixed(4), "−log p(x) / (D ln 2), of the values as scaled")
  }
}
