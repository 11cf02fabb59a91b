/// A statement about this library that is examined where it runs, with a figure and what the figure may be.
///
/// A claim is a function that compares things (see ``Examiner``) and a line in ``Conformance/claims``.
public struct Claim: Sendable {
  /// In kebab case.
  public let name: String
  /// The statement, in words.
  public let words: String
  /// What the greatest deviation may be.
  public let tolerance: Tolerance
  let examine: @Sendable (Examiner) throws -> Void

  /// A claim.
  ///
  /// - Parameter examine: Makes the comparisons; what it throws makes the claim fail, ``Claim/NotHere`` apart.
  public init(
    _ name: String, _ words: String, within tolerance: Tolerance,
    _ examine: @escaping @Sendable (Examiner) throws -> Void
  ) {
    self.name = name
    self.words = words
    self.tolerance = tolerance
    self.examine = examine
  }

  /// What a deviation is measured in, and how great it may be.
  public enum Tolerance: Sendable, Equatable {
    /// |found − exact| / (1 + |exact|).
    case relative(Double)
    /// |found − exact| in standard errors of what was found, by draws of fixed seeds.
    case standardErrors(Double)
    /// Bytes or things that differ: none may.
    case same

    /// The greatest deviation that is none.
    public var limit: Double {
      switch self {
      case .relative(let limit), .standardErrors(let limit): limit
      case .same: 0
      }
    }

    /// What the deviation is counted in.
    public var unit: String {
      switch self {
      case .relative: "of the value"
      case .standardErrors: "standard errors"
      case .same: "differences"
      }
    }
  }

  /// Says that a claim cannot be examined on this machine.
  public struct NotHere: Error, CustomStringConvertible {
    /// Why, in one sentence.
    public let description: String

    /// A reason.
    public init(_ description: String) { self.description = description }
  }
}

/// What came of a claim.
public struct ClaimResult: Sendable, Codable, Equatable {
  /// How it ended.
  public enum Status: String, Sendable, Codable {
    /// It holds.
    case ok
    /// It does not.
    case failed
    /// It cannot be examined on this machine.
    case skipped
  }

  /// The claim's name.
  public var name: String
  /// The claim in words.
  public var claim: String
  /// Whether it holds.
  public var status: Status
  /// The greatest deviation.
  public var figure: Double
  /// What it may be.
  public var tolerance: Double
  /// What both are counted in.
  public var unit: String
  /// The comparisons made.
  public var comparisons: Int
  /// What the greatest deviation is of; or why the claim failed, or was not examined.
  public var remark: String
  /// How long it took.
  public var seconds: Double
}
