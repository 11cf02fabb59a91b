/// What training says of itself while it goes on.
public enum TrainingReport: Sendable {
  /// Some steps of an epoch are done.
  case progress(TrainingProgress)
  /// An epoch is done and validated.
  case epoch(EpochReport)
  /// Training is over; nothing follows.
  case ended(TrainingEnd)
}

/// How far an epoch has come.
public struct TrainingProgress: Sendable, Equatable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// Steps done in it.
  public let batch: Int
  /// Steps that it has.
  public let batches: Int
  /// The mean of each term over the rows seen in this epoch, nats per row.
  public let terms: [NamedNumber]
  /// Training rows a second since training started.
  public let rowsPerSecond: Double
}

/// A number with its name.
public struct NamedNumber: Sendable, Codable, Equatable {
  /// What it is called.
  public let name: String
  /// Its value.
  public let value: Double

  /// A named number.
  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// One epoch: what was minimized and what came of it.
public struct EpochReport: Sendable, Codable, Equatable {
  /// Counted from 1.
  public let epoch: Int
  /// Steps done since the start.
  public let steps: Int
  /// The mean of each term over the epoch's training rows while they changed, unweighted, nats per row.
  public let training: [NamedNumber]
  /// The mean of each term over the validation rows after the epoch, unweighted; empty without validation rows.
  public let validation: [NamedNumber]
  /// What the best weights are chosen by: the validation terms with the final weights; without validation rows the training terms,
  /// by which nothing is chosen.
  public let criterion: Double
  /// The learning rate of the epoch's last step.
  public let learningRate: Double
  /// β as scheduled, divided by α, of the epoch's last step.
  public let effectiveBeta: Double
  /// Seconds of training and validation since the start.
  public let seconds: Double
  /// Training rows a second in this epoch, validation not counted.
  public let rowsPerSecond: Double
  /// Whether these are the best weights so far; without validation rows the latest always are.
  public let isBest: Bool
  /// What a fit that is not by gradients is judged by; nil where the parameters follow gradients.
  var fit: [NamedNumber]?

  /// What else the fit is judged by, each with its name; empty where the parameters follow gradients.
  public var measures: [NamedNumber] { fit ?? [] }

  /// Whether the terms have a divergence, without which their sum is no −ELBO.
  public var isBound: Bool { training.contains { $0.name == "divergence" } }

  /// −ELBO of the training rows while the weights changed.
  public var trainingNegativeELBO: Double { training.negativeELBO }

  /// −ELBO on validation rows; nil without them.
  public var validationNegativeELBO: Double? { validation.isEmpty ? nil : validation.negativeELBO }
}

extension [EpochReport] {
  /// The median of training rows a second, validation not counted; 0 without epochs.
  public var rowsPerSecond: Double { isEmpty ? 0 : map(\.rowsPerSecond).median }
}

extension [NamedNumber] {
  /// Reconstruction and divergence alone, whatever other terms an objective has.
  public var negativeELBO: Double {
    reduce(0) { ["reconstruction", "divergence"].contains($1.name) ? $0 + $1.value : $0 }
  }
}

/// Why training is over.
public enum TrainingEnd: Sendable, Equatable {
  /// All epochs are done.
  case completed
  /// The best epoch is so many epochs ago that patience ran out.
  case patience(bestEpoch: Int)
  /// More iterations of the fit would change nothing that matters.
  case converged(iterations: Int)
  /// Something was not a finite number: where, and the likely cause.
  case notFinite(String)
}
