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

  /// A scalar that only carries a gradient; nil where the terms carry all of it.
  let surrogate: Tensor?

  /// Terms in order.
  ///
  /// - Parameter surrogate: A scalar whose gradient is added to that of the terms, and whose value is not.
  public init(_ terms: [Term], surrogate: Tensor? = nil) {
    self.terms = terms
    self.surrogate = surrogate
  }

  /// Σ weight · value, what training minimizes, with the surrogate's gradient.
  public var total: Tensor {
    let sum = terms.dropFirst().reduce(terms[0].weighted) { $0 + $1.weighted }
    guard let surrogate else { return sum }
    return sum + (surrogate - surrogate.detached())
  }
}

extension Terms.Term {
  /// The value times the weight.
  var weighted: Tensor { weight == 1 ? value : value * weight }
}
