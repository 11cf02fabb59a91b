extension CollapseDiagnosis {
  /// Concludes from the figures what is wrong.
  ///
  /// - Parameter split: What the divergence consists of, where it is known.
  mutating func conclude(
    _ configuration: Configuration, divergencePerLatent: [Double] = [], split: DivergenceSplit? = nil
  ) {
    findings = [
      collapse(configuration, split), ignored(split), idle(configuration, divergencePerLatent), schedule(configuration),
      floor(), clamp(configuration), overfit(configuration),
    ].compactMap(\.self)
  }

  private var shuffled: String {
    "codes of other rows cost \(figure(shuffleCost)) ± \(figure(shuffleCostError)) nats"
  }

  private func information(_ split: DivergenceSplit?) -> String {
    split.map {
      ", a code tells \(figure($0.mutualInformation)) ± \(figure($0.mutualInformationError)) nats of its row"
    } ?? ""
  }

  private func collapse(_ configuration: Configuration, _ split: DivergenceSplit?) -> Finding? {
    // The code of one row varies with nothing.
    guard activeUnits == 0, rows > 1 else { return nil }
    let evidence = "0 of \(latents) latents vary with x\(information(split)), \(shuffled)"
    let schedule = configuration.training.divergenceSchedule
    guard let beta = effectiveBeta else {
      return Finding(
        fault: .collapse, cause: "The codes of all rows are alike", evidence: evidence,
        remedy: "train longer (training.epochs), or with another training.optimizer.learningRate")
    }
    if beta > 1 {
      return Finding(
        fault: .collapse, cause: "The posterior has collapsed, as the divergence weighs more than codes are worth",
        evidence: evidence + ", effective β \(beta.brief)",
        remedy: "use --set objective.divergenceWeight=\(configuration.objectiveAlpha.plain), at which it is 1"
          + configuration.wakingSettings.map { ", or \($0)" }.joined())
    }
    let isConstant = schedule.kind == ConstantSchedule.kind
    return Finding(
      fault: .collapse, cause: "The posterior has collapsed", evidence: evidence + ", effective β \(beta.brief)",
      remedy: (isConstant
        ? "use a rise of the divergence's weight (training.divergenceSchedule=warm-up)"
        : "let the divergence's weight rise for longer (training.divergenceSchedule.epochs)")
        + ", train longer (training.epochs), or use \(configuration.whatWakes)")
  }

  private func ignored(_ split: DivergenceSplit?) -> Finding? {
    // Of a decoder that follows codes, those of other rows cost at least what a code tells of its own: less than half of that is shown here.
    let worth = split.map { ($0.mutualInformation - 2 * $0.mutualInformationError) / 2 } ?? Self.negligibleCost
    guard activeUnits > 0, shuffleCost + 2 * shuffleCostError < worth else { return nil }
    return Finding(
      fault: .ignoredLatents, cause: "The decoder ignores the latents",
      evidence: "\(activeUnits) of \(latents) latents vary with x\(information(split)), but \(shuffled)",
      remedy:
        "train longer (training.epochs) or with larger steps (training.optimizer.learningRate), or use a decoder that can follow z "
        + "(model.decoder)")
  }

  private func idle(_ configuration: Configuration, _ divergences: [Double]) -> Finding? {
    guard activeUnits > 0, 2 * activeUnits < latents else { return nil }
    let sorted = divergences.sorted(by: >)
    let share =
      sorted.isEmpty
      ? "" : ", the largest divergences are \(sorted.prefix(3).map(figure).joined(separator: ", ")) nats"
    let beta = effectiveBeta.map { ", effective β \($0.brief)" } ?? ""
    return Finding(
      fault: .idleLatents, cause: "Most latents carry nothing",
      evidence: "\(activeUnits) of \(latents) vary with x\(share)\(beta)",
      remedy:
        "--set model.latents=\(activeUnits) would do at this β; \(configuration.whatWakes) may wake more")
  }

  private func schedule(_ configuration: Configuration) -> Finding? {
    guard let final = effectiveBeta, final > 0, let last = lastEffectiveBeta else { return nil }
    let best = bestEffectiveBeta ?? last
    let schedule = configuration.training.divergenceSchedule
    if last < 0.99 * final {
      let end = (try? schedule.member().warmUpEnd(epochs: configuration.training.epochs)) ?? 0
      let isRise = end > 0 && schedule.kind != CosineSchedule.kind
      return Finding(
        fault: .unfinishedSchedule,
        cause: isRise
          ? "The rise of the divergence's weight had not ended when training did"
          : "The divergence's weight had fallen when training ended, and what was minimized at last was no ELBO",
        evidence:
          "effective β was \(figure(last)) at the last step, where \(final.brief) is asked for; training.divergenceSchedule is "
          + schedule.kind,
        remedy: isRise
          ? "go on with the run, or let it rise in fewer epochs (training.divergenceSchedule.epochs, or training.divergenceSchedule=constant)"
          : "use training.divergenceSchedule=constant or warm-up, or a smaller objective.divergenceWeight if that is what is meant"
      )
    }
    guard best < 0.99 * final else { return nil }
    return Finding(
      fault: .unfinishedSchedule, cause: "The weights were chosen before the divergence's weight was what is asked for",
      evidence: "effective β was \(figure(best)) at their epoch and \(figure(last)) at the last",
      remedy:
        "let it rise in fewer epochs (training.divergenceSchedule.epochs), or train longer (training.epochs, training.patience)"
    )
  }

  private func floor() -> Finding? {
    guard let part = flooredPart, part > Self.noticeablePart else { return nil }
    return Finding(
      fault: .varianceFloor, cause: "The likelihood's variance ran to its floor, where densities grow without meaning",
      evidence: "\(percent(part)) of its σ² lie at the least that model.likelihood.varianceFloor allows",
      remedy:
        "leave out elements that never vary, raise model.likelihood.varianceFloor, or use values of levels as such (model.likelihood=categorical)"
    )
  }

  private func clamp(_ configuration: Configuration) -> Finding? {
    guard let part = clampedPart, part > Self.noticeablePart else { return nil }
    return Finding(
      fault: .posteriorClamp, cause: "Variances of the posterior ran to an end of their range",
      evidence: "\(percent(part)) of all log σ² of q(z|x) lie there"
        + (effectiveBeta.map { ", effective β \($0.brief)" } ?? ""),
      remedy:
        "use a larger objective.divergenceWeight if they ran to 0, or widen model.posterior.minimumLogVariance and model.posterior.maximumLogVariance"
    )
  }

  private func overfit(_ configuration: Configuration) -> Finding? {
    guard let gap = generalizationGap, let error = generalizationGapError, let effect = generalizationEffect,
      gap > 3 * error, effect > Self.noticeableEffect
    else { return nil }
    let hasBound = (try? configuration.model.posterior.member().hasDensity) ?? true
    return Finding(
      fault: .overfit, cause: "The model has learned rows that it was trained on by heart",
      evidence:
        "\(hasBound ? "−ELBO" : "−log p(x|z)") is higher by \(figure(gap)) ± \(figure(error)) nats on rows that it was not trained on, \(figure(effect)) of "
        + "the deviation from row to row",
      remedy:
        "give more rows (data.rows), a smaller network (model.encoder.hidden, model.decoder.hidden) or fewer model.latents, or stop earlier "
        + "(training.patience)")
  }

  private func figure(_ value: Double) -> String { value.fixed(2) }

  private func percent(_ part: Double) -> String { "\((100 * part).fixed(1)) %" }
}

extension Configuration {
  /// What of the objective's own settings may wake latents.
  fileprivate var wakingSettings: [String] { (try? objective.member().wakingSettings) ?? [] }

  /// The same and β, as one text.
  fileprivate var whatWakes: String {
    wakingSettings.map { "\($0), " }.joined() + (wakingSettings.isEmpty ? "" : "or ")
      + "a smaller objective.divergenceWeight"
  }

  /// α.
  fileprivate var objectiveAlpha: Double { (try? objective.member().reconstructionWeight) ?? 1 }
}
