internal import Foundation

/// The importance weights of one row as they come: sums, the bound by fewer draws, and the largest. Its size hardly depends on K.
///
///     log w = log p(x|z) + log p(z) − log q(z|x)
struct ImportanceWeights {
  /// The numbers of draws by which the bound is told, beside 1 and K.
  static let levels = [10, 100, 1000, 5000]

  /// Those below K.
  static func levels(below samples: Int) -> [Int] { levels.filter { $0 < samples } }

  /// log p(x|z).
  private(set) var likelihood = RunningMoments()
  /// log p(z) − log q(z|x).
  private(set) var ratio = RunningMoments()
  /// log w.
  private(set) var bound = RunningMoments()
  /// All of them, with log p(x|z) where the divergence has a closed form, else log w, carried along.
  private(set) var all = LogSum()
  private(set) var groups: [Groups]
  private var tail: ParetoTail
  private let carriesLikelihood: Bool

  /// Disjoint groups of so many draws, one after another.
  struct Groups {
    let size: Int
    private var open = LogSum()
    /// log (1/size) Σ w of every whole group.
    private(set) var bounds = RunningMoments()
    /// Of the last whole group alone.
    private var variance = 0.0

    init(size: Int) { self.size = size }

    /// Adds draws, and gives back the group that they complete.
    mutating func add(_ draws: LogSum) -> LogSum? {
      open.add(draws)
      guard open.count >= size else { return nil }
      defer { open = LogSum() }
      bounds.add(open.logMean)
      variance = open.variance
      return open
    }

    /// The variance of the mean over groups: from how they differ; of a single group by the delta method.
    var varianceOfMean: Double { bounds.count > 1 ? bounds.varianceOfMean : variance }
  }

  /// Weights of K draws.
  init(samples: Int, isClosedForm: Bool) {
    groups = Self.levels(below: samples).map(Groups.init(size:))
    tail = ParetoTail(draws: samples)
    carriesLikelihood = isClosedForm
  }

  /// Adds a draw.
  mutating func add(logLikelihood: Double, ratio logRatio: Double) {
    let logWeight = logLikelihood + logRatio
    likelihood.add(logLikelihood)
    ratio.add(logRatio)
    bound.add(logWeight)
    all.add(logWeight, carrying: carriesLikelihood ? logLikelihood : logWeight)
    tail.add(logWeight)
    guard !groups.isEmpty else { return }
    var whole = LogSum()
    whole.add(logWeight)
    // Groups of a level are made of whole groups of the one before.
    for level in groups.indices {
      guard let next = groups[level].add(whole) else { return }
      whole = next
    }
  }

  /// k̂.
  var paretoShape: Double? { tail.shape }

  /// The covariance of −log p(x) with −ELBO, both by these draws.
  ///
  ///     (Σ w v / Σ w − v̄) / (K − 1),   v the draws' part of the ELBO
  var covariance: Double {
    (all.weightedMean - (carriesLikelihood ? likelihood : bound).mean) / Double(max(1, all.count - 1))
  }
}
