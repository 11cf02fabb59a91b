/// What training keeps between steps apart from tensors.
struct TrainingState: Codable, Equatable {
  /// Epochs done.
  var epoch = 0
  /// Steps done in the current epoch.
  var batch = 0
  /// Steps done since the start.
  var steps = 0
  /// Sums over the current epoch's rows of each term, and the rows.
  var sums: [NamedNumber] = []
  /// Rows seen in the current epoch.
  var rows = 0
  /// Seconds of steps in the current epoch.
  var epochSeconds = 0.0
  /// Seconds of training and validation since the start.
  var seconds = 0.0
  /// The best criterion so far.
  var best: Double?
  /// The epoch that it belongs to.
  var bestEpoch = 0
  /// Epochs since the last improvement, counted once warm-ups have ended.
  var epochsWithoutImprovement = 0
  /// Whether a fit that is not by gradients says that it is done.
  var isConverged = false
  /// What was reported of each epoch.
  var history: [EpochReport] = []

  /// Adds a batch's terms to the epoch's sums.
  mutating func add(_ terms: [NamedNumber], rows count: Int) {
    if sums.isEmpty { sums = terms.map { NamedNumber($0.name, 0) } }
    sums = zip(sums, terms).map { NamedNumber($0.name, $0.value + $1.value * Double(count)) }
    rows += count
  }

  /// Whether a run over so many training rows can have counted like this.
  func isPossible(rows count: Int) -> Bool {
    let most = 1 << 40
    return (0...most).contains(epoch) && (0...most).contains(steps) && (0...count).contains(batch) && batch <= steps
      && (0...count).contains(rows) && (0...epoch).contains(bestEpoch)
      && (0...epoch).contains(epochsWithoutImprovement) && history.count <= epoch
      && [epochSeconds, seconds].allSatisfy { $0 >= 0 && $0.isFinite }
  }

  /// The mean of each term over the current epoch's rows.
  var means: [NamedNumber] { sums.map { NamedNumber($0.name, $0.value / Double(max(rows, 1))) } }
}
