import Foundation
import Latent
import Testing

/// What holds for every choice of every family.
@Suite struct FamilyLaws {
  /// A family, as the argument of a test.
  struct Listed: Sendable, CustomTestStringConvertible {
    let index: Int
    var family: any Family.Type { Families.all[index] }
    var testDescription: String { family.name }
  }

  static let families = Families.all.indices.map(Listed.init)

  /// Where a configuration keeps a choice of each family; a new family adds a line here.
  private static func path(of family: any Family.Type) -> String? {
    [
      "posteriors": "model.posterior", "priors": "model.prior", "likelihoods": "model.likelihood",
      "networks": "model.encoder",
      "fits": "training.fit", "objectives": "objective", "estimators": "objective.estimator",
      "optimizers": "training.optimizer",
      "schedules": "training.divergenceSchedule",
    ][family.name]
  }

  /// The objective that a choice can be trained with.
  private static func objective(for type: any Choice.Type) -> Chosen<Objectives> {
    (type.init() as? any PosteriorChoice)?.hasDensity == false ? Chosen(Reconstruction()) : Chosen()
  }

  private static func isKebabCase(_ text: String) -> Bool { text.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil }

  @Test func `families have names of their own, each a plural in kebab case`() {
    let names = Families.all.map { $0.name }
    #expect(Set(names).count == names.count && names.allSatisfy { Self.isKebabCase($0) && $0.hasSuffix("s") })
  }

  @Test(arguments: families)
  func `kinds are unique, in kebab case, and include the standard one`(listed: Listed) {
    let kinds = listed.family.choices.map { $0.kind }
    #expect(!kinds.isEmpty && Set(kinds).count == kinds.count)
    #expect(kinds.allSatisfy(Self.isKebabCase))
    #expect(kinds.contains(type(of: listed.family.standard).kind))
  }

  @Test(arguments: families)
  func `summaries are one line of words without a full stop`(listed: Listed) {
    for choice in listed.family.choices {
      #expect(
        choice.summary.count >= 8 && !choice.summary.contains("\n") && choice.summary.last != ".", "\(choice.kind)")
      #expect(choice.summary == choice.summary.trimmingCharacters(in: .whitespaces))
    }
    #expect(Set(listed.family.choices.map { $0.summary }).count == listed.family.choices.count)
  }

  @Test(arguments: families)
  func `defaults are valid and choices belong to their family`(listed: Listed) throws {
    func check<F: Family>(_ family: F.Type) throws {
      for type in family.choices {
        let choice = type.init()
        try choice.validate()
        _ = try Chosen<F>(choice).member()
      }
      #expect(Chosen<F>().kind == type(of: F.standard).kind)
    }
    try check(listed.family)
  }

  @Test(arguments: families)
  func `every setting has another valid value`(listed: Listed) throws {
    for type in listed.family.choices {
      func fixed(_ choice: some Choice) throws -> [String] { try choice.variations().fixed }
      #expect(try fixed(type.init()) == [], "\(type.kind): the other laws try only defaults of these settings")
    }
  }

  @Test(arguments: families)
  func `every choice with every setting survives a round trip through JSON and a configuration file`(listed: Listed)
    throws
  {
    let path = try #require(
      Self.path(of: listed.family), "no place in a configuration is known for \(listed.family.name)")
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let file = folder.path + "/config.yaml"
    func check<F: Family>(_ family: F.Type) throws {
      for type in family.choices {
        func all(_ choice: some Choice) throws -> [any Choice] { [choice] + (try choice.variations().found) }
        for choice in try all(type.init()) {
          func chosen(_ choice: some Choice) -> Chosen<F> { Chosen<F>(choice) }
          let there = chosen(choice)
          let back = try JSONDecoder().decode(Chosen<F>.self, from: JSONEncoder().encode(there))
          #expect(back == there && back.kind == type.kind)

          var configuration = Configuration()
          if path != "objective" { configuration.objective = Self.objective(for: type) }
          let tree = try Setting(encoding: configuration)
          let settings = tree.with(try Setting(encoding: there), at: path.split(separator: ".").map(String.init))
          try settings.text.write(toFile: file, atomically: true, encoding: .utf8)
          let read = try Configuration(preset: nil, file: file)
          #expect(try Setting(encoding: read) == settings, "what was written should be what is read")
          try read.yaml().write(toFile: file, atomically: true, encoding: .utf8)
          #expect(try Configuration(preset: nil, file: file) == read)
        }
      }
    }
    try check(listed.family)
  }

  @Test(arguments: families)
  func `a kind may be written alone, with some settings, or on the command line`(listed: Listed) throws {
    let path = try #require(Self.path(of: listed.family))
    for type in listed.family.choices {
      let before = ["objective=\(Self.objective(for: type).kind)"]
      let alone = try Configuration(preset: nil, file: nil, settings: before + ["\(path)=\(type.kind)"])
      let named = try Configuration(preset: nil, file: nil, settings: before + ["\(path)={kind: \(type.kind)}"])
      let byKey = try Configuration(preset: nil, file: nil, settings: before + ["\(path).kind=\(type.kind)"])
      #expect(alone == named && alone == byKey)
    }
  }

  @Test(arguments: families)
  func `unknown keys and misspelt kinds are refused with their path and the nearest valid one`(listed: Listed) throws {
    let path = try #require(Self.path(of: listed.family))
    func refused(_ setting: String) -> String {
      refusal { _ = try Configuration(preset: nil, file: nil, settings: [setting]) } ?? ""
    }
    for type in listed.family.choices {
      let unknown = refused("\(path)={kind: \(type.kind), someNonsense: 1}")
      #expect(unknown.hasPrefix("\(path).someNonsense: ") && unknown.hasSuffix("."), "\(unknown)")
      #expect(!unknown.contains(": ."), "a list of nothing")
      for key in try Setting(encoding: type.init()).leaves.compactMap(\.first) {
        let misspelt = refused("\(path)={kind: \(type.kind), \(key)q: 1}")
        #expect(misspelt.hasPrefix("\(path).\(key)q: ") && misspelt.contains("'\(key)'"), "\(misspelt)")
        let wrong = refused("\(path)={kind: \(type.kind), \(key): {a: 1}}")
        // A setting that is a choice itself may have nothing to set.
        #expect(
          wrong.hasPrefix("\(path).\(key)") && (wrong.contains("expected") || wrong.contains("unknown key")), "\(wrong)"
        )
      }
      let kind = String(type.kind.prefix(1)) + "q" + type.kind.dropFirst()
      let misspelt = refused("\(path)=\(kind)")
      #expect(
        misspelt.hasPrefix("\(path): ") && misspelt.contains("'\(kind)'") && misspelt.contains("'\(type.kind)'"),
        "\(misspelt)")
    }
    #expect(refused("\(path)=3").hasPrefix("\(path)"))
    #expect(refused("\(path)=[]").hasPrefix("\(path)"))
  }
}
