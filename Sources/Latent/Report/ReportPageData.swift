/// What the page's charts are drawn from, written into the page as JSON; what is no finite number becomes `null`.
struct ReportPageData: Encodable {
  /// One quantity over epochs.
  struct Curve: Encodable {
    let id: String
    let name: String
    let training: [Double?]
    let validation: [Double?]
  }

  /// The divergence of one latent.
  struct Latent: Encodable {
    /// Counted from 1.
    let number: Int
    let divergence: Double?
    /// Whether it counts as active; null where that is not known.
    let isActive: Bool?
    let activity: Double?
  }

  /// A column of a table.
  struct Column: Encodable {
    let name: String
    let dataMean: Double?
    let dataDeviation: Double?
    let sampleMean: Double?
    let sampleDeviation: Double?
  }

  /// The probability of an attribute over λ.
  struct Judgement: Encodable {
    let attribute: String
    let amounts: [Double?]
    let probabilities: [Double?]
    let errors: [Double?]
    /// Of the rows as they are.
    let original: Double?

    init(_ judgement: AttributeJudgement) {
      attribute = judgement.attribute
      amounts = judgement.points.map(\.amount.finite)
      probabilities = judgement.points.map(\.probability.value.finite)
      errors = judgement.points.map(\.probability.error.finite)
      original = judgement.originals.value.finite
    }
  }

  /// A check of samples.
  struct Check: Encodable {
    /// A column and how far it is from its draws.
    struct Column: Encodable {
      let name: String
      let distance: Double?
      let isRejected: Bool
    }

    let binWidth: Double?
    let samples: [Int]
    let rows: [Int]
    let ranks: [Double?]
    let ranksGiven: [Double?]
    /// The farthest first; empty for pictures.
    let columns: [Column]

    init(_ checked: ReportContent.Checked) {
      let (check, found) = (checked.check, checked.check.memorization)
      binWidth = found.binWidth.finite
      (samples, rows) = (found.sampleDistances.histogram, found.heldOutDistances.histogram)
      (ranks, ranksGiven) = (check.calibration.histogram.map(\.finite), check.reconstruction.histogram.map(\.finite))
      columns =
        checked.pixels.isEmpty
        ? check.calibration.worst.map { Column(name: $0.name, distance: $0.distance.finite, isRejected: $0.isRejected) }
        : []
    }
  }

  /// The latent map.
  struct Map: Encodable {
    let axes: [String]
    let x: [Double?]
    let y: [Double?]
    let labels: [Int]
    let labelNames: [String]

    init(_ map: ReportContent.LatentMap) {
      (axes, x, y) = (map.axes, map.x.map(\.finite), map.y.map(\.finite))
      (labels, labelNames) = (map.labels, map.labelNames)
    }
  }

  let epochs: [Int]
  /// The epoch of the best weights.
  let best: Int?
  let curves: [Curve]
  let schedules: [Curve]
  let latents: [Latent]
  let columns: [Column]
  let judgements: [Judgement]
  let check: Check?
  let map: Map
  let evaluation: [String: Double?]

  init(_ content: ReportContent) {
    let history = content.history
    epochs = history.map(\.epoch)
    best = history.last(where: \.isBest)?.epoch
    curves = Self.curves(of: history)
    schedules = Self.schedules(of: history)
    latents = content.evaluation.divergencePerLatent.enumerated().map { index, divergence in
      let activity =
        content.evaluation.activityPerLatent.indices.contains(index) ? content.evaluation.activityPerLatent[index] : nil
      return Latent(
        number: index + 1, divergence: divergence.finite, isActive: activity.map { $0 > Evaluation.activityThreshold },
        activity: activity?.finite)
    }
    columns = content.columns.map {
      Column(
        name: $0.name, dataMean: $0.dataMean.finite, dataDeviation: $0.dataDeviation.finite,
        sampleMean: $0.sampleMean.finite, sampleDeviation: $0.sampleDeviation.finite)
    }
    judgements = content.judgements.map { Judgement($0.judgement) }
    check = content.check.map { Check($0) }
    map = Map(content.map)
    evaluation = Self.numbers(of: content.evaluation)
  }

  /// JSON that may stand within a script element.
  func text() throws -> String { try JSON.text(of: self).replacing("<", with: "\\u003c") }

  /// What the sum of the terms is called: −ELBO, or without a divergence the terms themselves.
  static func total(of epoch: EpochReport) -> String {
    epoch.isBound ? "−ELBO" : epoch.training.map(\.name).joined(separator: " + ")
  }

  /// The sum of the terms, then every one of several, of training and validation rows.
  private static func curves(of history: [EpochReport]) -> [Curve] {
    guard let first = history.first else { return [] }
    func values(_ terms: (EpochReport) -> [NamedNumber], _ name: String) -> [Double?] {
      let found = history.map { terms($0).first { $0.name == name }?.value.finite }
      return found.allSatisfy { $0 == nil } ? [] : found
    }
    let validated = history.contains { !$0.validation.isEmpty }
    let total = Curve(
      id: "curve-0", name: total(of: first), training: history.map(\.trainingNegativeELBO.finite),
      validation: validated ? history.map { $0.validationNegativeELBO?.finite } : [])
    return [total]
      + (first.training.count == 1 ? [] : first.training).enumerated().map { index, term in
        Curve(
          id: "curve-\(index + 1)", name: term.name, training: values(\.training, term.name),
          validation: values(\.validation, term.name))
      }
  }

  /// The learning rate and β, where they change.
  private static func schedules(of history: [EpochReport]) -> [Curve] {
    func curve(_ id: String, _ name: String, _ values: [Double]) -> [Curve] {
      Set(values).count < 2 ? [] : [Curve(id: id, name: name, training: values.map(\.finite), validation: [])]
    }
    return curve("schedule-rate", "learning rate", history.map(\.learningRate))
      + curve("schedule-beta", "effective β", history.map(\.effectiveBeta))
  }

  private static func numbers(of evaluation: Evaluation) -> [String: Double?] {
    [
      "rows": Double(evaluation.rows), "negativeELBO": evaluation.negativeELBO.finite,
      "negativeELBOError": evaluation.negativeELBOError.finite, "reconstruction": evaluation.reconstruction.finite,
      "divergence": evaluation.divergence.finite, "negativeLogLikelihood": evaluation.negativeLogLikelihood.finite,
      "standardError": evaluation.standardError.finite, "samplingError": evaluation.samplingError.finite,
      "samples": Double(evaluation.samples), "effectiveSamples": evaluation.effectiveSamples.finite,
      "gap": evaluation.gap.finite, "activeUnits": Double(evaluation.activeUnits),
      "latents": Double(evaluation.latents), "bitsPerDimension": evaluation.bitsPerDimension.finite,
    ]
  }
}

extension Double {
  /// Itself where it is a finite number.
  fileprivate var finite: Double? { isFinite ? self : nil }
}
