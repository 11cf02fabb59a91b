/// What may be wrong with a model, and the figures by which that is told.
///
/// - SeeAlso: Bowman et al., “Generating Sentences from a Continuous Space”, 2016; He, Spokoyny, Neubig & Berg-Kirkpatrick, “Lagging Inference
///   Networks and Posterior Collapse in Variational Autoencoders”, 2019.
public struct CollapseDiagnosis: Codable, Sendable, Equatable {
  /// The rows that were looked at, at most ``CollapseDiagnosis/most``.
  public var rows = 0
  /// L.
  public var latents = 0
  /// Latents whose posterior mean varies over rows by more than ``Evaluation/activityThreshold``.
  public var activeUnits = 0
  /// What codes of other rows cost: the mean of log p(x_n|z_n) − log p(x_n|z_m), m another row, in nats. Near 0 the decoder ignores z.
  public var shuffleCost = 0.0
  /// Its standard error over rows.
  public var shuffleCostError = 0.0
  /// β / α once schedules have run; nil for objectives without a divergence.
  public var effectiveBeta: Double?
  /// β / α of the last step; nil where the course of training is not known.
  public var lastEffectiveBeta: Double?
  /// β / α at the epoch of the weights that are judged; nil where the course of training is not known.
  public var bestEffectiveBeta: Double?
  /// The part of all log σ² of q(z|x) that lie at an end of their range; nil where there is none.
  public var clampedPart: Double?
  /// The part of the likelihood's σ² that lie at their floor; nil where none is learned.
  public var flooredPart: Double?
  /// −ELBO of these rows less that of as many training rows, with the same weights; nil where it is not known.
  public var generalizationGap: Double?
  /// Its standard error over both.
  public var generalizationGapError: Double?
  /// The gap in deviations of −ELBO from row to row.
  public var generalizationEffect: Double?
  /// What is wrong.
  public var findings: [Finding] = []

  /// Rows that are looked at, at the most.
  public static let most = 1000
  /// Where it is not known what codes tell of their rows, this many nats are nothing for codes of other rows to cost.
  static let negligibleCost = 0.1
  /// A finding needs this part of variances to lie at an end.
  static let noticeablePart = 0.01
  /// A finding needs −ELBO to be worse by so many of its deviations over rows: a typical row is then judged as the worst of those known. Weights that
  /// validation rows chose of a model with some thousands of parameters a row lie near 1.
  static let noticeableEffect = 2.0

  /// Nothing looked at.
  public init() {}
}

extension Evaluation {
  /// Looks for faults, and adds what it finds to the warnings.
  ///
  /// - Parameter course: How training went; nil where it is not known.
  /// - Parameter training: Rows that the model was trained on, where those that are judged are of the same kind; else nil.
  /// - Throws: ``LatentError`` where the rows do not fit the model.
  public mutating func diagnose(
    _ trained: TrainedModel, on rows: Dataset, course: TrainingCourse?, training: Dataset?, seed: UInt64 = 0
  ) throws(LatentError) {
    var found = try CollapseDiagnosis(of: trained, on: rows, course: course, training: training, seed: seed)
    found.conclude(trained.configuration, divergencePerLatent: divergencePerLatent, split: divergenceSplit)
    diagnosis = found
    warnings += found.findings.map(\.sentence)
    if found.rows == 1 {
      warnings.append(
        "One row does not show whether latents vary with x, so active units and the cost of shuffled codes say nothing; judge more rows."
      )
    }
  }
}
