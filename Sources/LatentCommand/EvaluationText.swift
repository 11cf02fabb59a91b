internal import Latent

/// Measures as a person reads them: each with its error and how it was made.
enum EvaluationText {
  /// A name, a value with its error, and what it is.
  typealias Line = (String, String, String)

  /// - Parameter isFull: Whether to say everything that is known; else what a training ends with.
  static func text(_ e: Evaluation, heading: String, isFull: Bool = false) -> String {
    let rows: [Line] =
      (e.hasBound
        ? bounds(e, isFull: isFull) : [("reconstruction", e.reconstruction.fixed(3), "−log p(x|z), z = E[z|x]")])
      + (isFull ? annealed(e) : [])
      + (isFull ? e.divergenceSplit.map(split) ?? [] : [])
      + [
        (
          "active units", "\(e.activeUnits) of \(e.latents)",
          "posterior mean varies by more than \(Evaluation.activityThreshold)"
        )
      ] + (isFull ? e.diagnosis.map { diagnosis($0, hasBound: e.hasBound) } ?? [] : [])
      + (e.hasBound ? [dimensions(e)] : [])
      + (isFull ? e.reconstructionError.map(errors) ?? [] : [])
    let width = rows.map(\.1.count).max() ?? 0
    let lines = rows.map { name, value, note in
      "  \(name.padded(to: 20))\(value.padded(to: width + 3))\(note)"
    }
    let others = ["active units"] + (e.hasBound ? ["bits per dimension"] : []) + (isFull ? ["errors of x̂"] : [])
    return
      ([heading] + lines + e.warnings.map { "  warning: \($0)" } + [
        "  in nats per row, apart from \(list(others))"
      ])
      .joined(separator: "\n")
  }

  private static func list(_ words: [String]) -> String {
    words.count < 2 ? words.joined() : "\(words.dropLast().joined(separator: ", ")) and \(words[words.count - 1])"
  }

  /// What is defined where the posterior has a density.
  private static func bounds(_ e: Evaluation, isFull: Bool) -> [Line] {
    let likelihood: [Line] =
      [
        (
          "−ELBO", "\(e.negativeELBO.fixed(3)) ± \(e.negativeELBOError.fixed(3))",
          "reconstruction \(e.reconstruction.fixed(3)) + divergence \(e.divergence.fixed(3))"
        ),
        (
          "−log p(x)", "\(e.negativeLogLikelihood.fixed(3)) ± \(e.standardError.fixed(3))",
          "importance sampling, \(e.samples) draws a row, effective \(e.effectiveSamples.fixed(1)) (median)"
        ),
      ] + (e.rows > 1 ? [("", "", "± \(e.samplingError.fixed(3)) as a sample of all such rows")] : [])
    let exact: [Line] =
      e.exactLogLikelihood.map { [("exactly", (-$0).fixed(6), "−log p(x) of a linear-Gaussian model, no draws")] } ?? []
    let gap: [Line] = [
      (
        "gap", e.gap.fixed(3) + (e.gapError.map { " ± \($0.fixed(3))" } ?? ""),
        "−ELBO − (−log p(x)): KL of q(z|x) from the true posterior"
      )
    ]
    guard isFull else { return likelihood + exact + gap }
    return likelihood + weights(e) + exact + gap + (e.gapParts.map(parts) ?? [])
  }

  /// How far the importance weights are to be trusted.
  private static func weights(_ e: Evaluation) -> [Line] {
    let corrected: [Line] =
      e.correctedNegativeLogLikelihood.map {
        [
          (
            "  less its bias", "\($0.fixed(3)) ± \(e.standardError.fixed(3))",
            "of the logarithm of a mean, by the delta method"
          )
        ]
      } ?? []
    let fewer: [Line] = (e.bounds ?? []).dropLast().map { bound in
      (
        "  with K = \(bound.samples)", "\(bound.value.fixed(3)) ± \(bound.error.fixed(3))",
        bound.samples == 1
          ? "the −ELBO"
          : "the bound by fewer draws, " + (bound.groups == 1 ? "one group" : "the mean of \(bound.groups) groups")
      )
    }
    let tail: [Line] =
      e.tail.map {
        [
          (
            "  tail k̂", $0.median.fixed(2),
            "of the weights (median); above 0.7, not to be relied on, for \(($0.shareAbove * 100).fixed(1)) % of the rows"
          )
        ]
      } ?? []
    return corrected + fewer + tail
  }

  private static func parts(_ parts: GapParts) -> [Line] {
    [
      (
        "  approximation", "\(parts.approximation.fixed(3)) ± \(parts.approximationError.fixed(3))",
        "of the best q(z|x) of this form, after \(parts.steps) steps a row, which may leave some"
      ),
      (
        "  amortization", "\(parts.amortization.fixed(3)) ± \(parts.amortizationError.fixed(3))",
        "what the encoder does not find of it"
      ),
    ]
  }

  private static func dimensions(_ e: Evaluation) -> Line {
    ("bits per dimension", e.bitsPerDimension.fixed(4), "−log p(x) / (D ln 2), of the values as scaled")
  }

  private static func errors(_ error: ReconstructionError) -> [Line] {
    let root: Line = (
      "error of x̂", ValueWithError(error.rootMeanSquare, error: error.standardError).text,
      "root mean square of an element, in the data's units; x̂ = E[x|z] at z = E[z|x]"
    )
    guard let share = error.wrongShare else { return [root] }
    let wrong: Line = (
      "  wrong elements", "\((share * 100).fixed(2)) ± \(((error.wrongShareError ?? 0) * 100).fixed(2)) %",
      "whose nearest level to x̂ is another"
    )
    return [root, wrong]
  }
}
