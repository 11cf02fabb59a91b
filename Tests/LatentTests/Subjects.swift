import Latent
import Testing
import Torch

/// A choice of a family as the argument of a test.
struct Subject<Member: Sendable>: Sendable, CustomTestStringConvertible {
  let member: Member
  let testDescription: String
}

/// What laws are tried on: every choice of a family with its defaults, and with every setting changed in turn.
enum Subjects {
  static let likelihoods: [Subject<any LikelihoodChoice>] = of(Likelihoods.self) { $0 as? any LikelihoodChoice }
  static let posteriors: [Subject<any PosteriorChoice>] = of(Posteriors.self) { $0 as? any PosteriorChoice }
  /// The posteriors that have a density.
  static let densities = posteriors.filter { $0.member.hasDensity }
  static let priors: [Subject<any PriorChoice>] = of(Priors.self) { $0 as? any PriorChoice }
  static let networks: [Subject<any NetworkChoice>] = of(Networks.self) { $0 as? any NetworkChoice }
  static let objectives: [Subject<any Objective>] = of(Objectives.self) { $0 as? any Objective }
  static let estimators: [Subject<any EstimatorChoice>] = of(Estimators.self) { $0 as? any EstimatorChoice }
  static let optimizers: [Subject<any OptimizerChoice>] = of(Optimizers.self) { $0 as? any OptimizerChoice }
  static let schedules: [Subject<any Schedule>] = of(Schedules.self) { $0 as? any Schedule }

  private static func of<F: Family, Member: Sendable>(
    _ family: F.Type, _ cast: (any Choice) -> Member?
  ) -> [Subject<Member>] {
    family.choices.flatMap { type -> [Subject<Member>] in
      func all(_ choice: some Choice) -> [any Choice] { [choice] + ((try? choice.variations().found) ?? []) }
      return all(type.init()).compactMap { choice in
        cast(choice).map {
          Subject(member: $0, testDescription: "\((try? Setting(encoding: choice).text) ?? "") \(type.kind)")
        }
      }
    }
  }

  /// Only the choices with their defaults.
  static func defaults<F: Family, Member>(_ family: F.Type, as _: Member.Type = Member.self) -> [Member] {
    ClaimSubjects.members(family)
  }
}

/// Small data sets of different kinds, of which a likelihood is given the first that it accepts.
typealias Sample = ClaimSubjects
