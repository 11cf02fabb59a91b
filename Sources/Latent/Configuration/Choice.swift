/// One member of a family of choices, with its settings: a likelihood, a posterior, an optimizer …
///
/// A choice is one file and one line in its family's list. The command line, the configuration and its validation, listing, checkpoints
/// and the law tests follow from that.
public protocol Choice: Codable, Sendable, Equatable {
  /// Its name in configurations, in kebab case.
  static var kind: String { get }
  /// What it is, in one sentence with its formula.
  static var summary: String { get }
  /// The choice with all settings at their defaults.
  init()
  /// Refuses settings that make no sense, each with its name, value and what would be right.
  func validate() throws(LatentError)
}

extension Choice {
  /// Every setting makes sense.
  public func validate() throws(LatentError) {}

  /// The choice with some settings laid over its defaults.
  fileprivate static func laidOver(settings: Tree, path: String) throws -> any Choice {
    try Tree(encoding: Self()).overlaid(by: settings, path: path).decoded(as: Self.self, path: path)
  }
}

/// A list of choices of which a configuration takes one.
public protocol Family {
  /// What every choice of this family can do.
  associatedtype Member
  /// What the family is called in listings, such as `likelihoods`.
  static var name: String { get }
  /// The choices, in the order of listings.
  static var choices: [any Choice.Type] { get }
  /// What a configuration takes where it says nothing.
  static var standard: any Choice { get }
}

/// The choice that a configuration made from a family.
///
/// Written as its name alone, `bernoulli`, or with settings, `{kind: gaussian, variance: per-dimension}`.
public struct Chosen<Of: Family>: Codable, Sendable, Equatable {
  /// The choice with its settings.
  public let choice: any Choice

  /// A choice made in code.
  public init(_ choice: some Choice) { self.choice = choice }

  /// The family's standard choice.
  public init() { choice = Of.standard }

  /// The choice's name.
  public var kind: String { type(of: choice).kind }

  /// The choice as what its family can do.
  ///
  /// - Throws: ``LatentError`` where a choice of another family was put here in code.
  public func member() throws(LatentError) -> Of.Member {
    guard let member = choice as? Of.Member else { throw LatentError("'\(kind)' is none of the \(Of.name).") }
    return member
  }

  /// Reads a name, or named settings with a `kind`.
  public init(from decoder: any Decoder) throws {
    let path = decoder.codingPath.map(\.stringValue).joined(separator: ".")
    func at(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    var fields: [String: Tree]
    switch try Tree(from: decoder) {
    case .text(let kind): fields = ["kind": .text(kind)]
    case .object(let found): fields = found
    case let other: throw LatentError("\(path): expected one of the \(Of.name), found \(other).")
    }
    guard case .text(let kind)? = fields.removeValue(forKey: "kind") else {
      throw LatentError("\(at("kind")): expected one of: \(Of.choices.map { $0.kind }.joined(separator: ", ")).")
    }
    guard let type = Of.choices.first(where: { $0.kind == kind }) else {
      let known = Of.choices.map { $0.kind }
      throw LatentError("\(path): '\(kind)' is none of the \(Of.name)\(Suggestion.text(for: kind, among: known)).")
    }
    choice = try type.laidOver(settings: .object(fields), path: path)
  }

  /// Writes the kind and then the settings.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: KindKey.self)
    try container.encode(kind, forKey: .kind)
    try choice.encode(to: encoder)
  }

  private enum KindKey: String, CodingKey { case kind }

  /// Whether both are the same choice with the same settings.
  public static func == (a: Self, b: Self) -> Bool {
    func equal<C: Choice>(_ first: C) -> Bool { (b.choice as? C) == first }
    return equal(a.choice)
  }
}

/// Every family, for listings and law tests.
public enum Families {
  /// All of them, in the order of listings.
  public static var all: [any Family.Type] {
    [
      Posteriors.self, Priors.self, Likelihoods.self, Networks.self, Objectives.self, Estimators.self,
      Optimizers.self, Schedules.self, Fits.self,
    ]
  }
}
