public import Torch

/// What an objective is the sum of, in order.
public struct Terms {
  /// One term.
  public struct Term {
    /// What it is called in logs, reports and tests.
    public let name: String
    /// Its mean over the batch in nats per row, a scalar.
    public let value: Tensor
    /// What it is multiplied by.
    public let weight: Double

    /// A term.
    public init(_ name: String, _ value: Tensor, weight: Double = 1) {
      self.name = name
      self.value = value
      self.weight = weight
    }
  }

  /// In the order in which they are shown.
  public let terms: [Term]

  /// Terms in order.
  public init(_ terms: [Term]) { self.terms = terms }

  /// Σ weight · value, what training minimizes.
  public var total: Tensor {
    terms.dropFirst().reduce(terms[0].weighted) { $0 + $1.weighted }
  }
}

extension Terms.Term {
  /// The value times the weight.
  var weighted: Tensor { weight == 1 ? value : value * weight }
}
