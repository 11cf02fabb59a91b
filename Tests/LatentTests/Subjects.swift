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
    family.choices.compactMap { $0.init() as? Member }
  }
}

extension PriorChoice {
  /// The prior of a model whose observations have four elements, with a diagonal posterior behind a linear encoder.
  func make(latents: Int, with initializer: Initializer) -> any Prior {
    let posterior = DiagonalGaussianPosterior.Settings().make(latents: latents, with: initializer)
    let encoder = Linear(inputs: 4, outputs: posterior.featureCount, with: initializer)
    return make(latents: latents, shape: [4], encoding: { posterior(encoder($0)) }, with: initializer)
  }
}

/// Small data sets of different kinds, of which a likelihood is given the first that it accepts.
enum Sample {
  /// 64 rows of embedded digits, in levels 0 … 16.
  static func digits(_ count: Int = 64) throws -> Dataset {
    try DataSource.load(DataConfiguration()).training.rows(Array(0..<count))
  }

  /// Rows of so many columns, each value made from a uniform draw.
  static func table(columns: Int, rows: Int = 64, _ value: (Double) -> Float) -> Dataset {
    let parts = Noise(seed: 9).uniform([rows * columns], type: .float64).doubles
    return Dataset(values: Tensor(parts.map(value), shape: [rows, columns]), shape: [columns])
  }

  /// Levels, reals, reals in [0, 1] and zeros and ones.
  static func tables(columns: Int) -> [Dataset] {
    [
      table(columns: columns) { Float(($0 * 5).rounded(.down)) }, table(columns: columns) { Float(8 * $0 - 3) },
      table(columns: columns) { Float($0) }, table(columns: columns) { $0 < 0.5 ? 0 : 1 },
    ]
  }
}

/// A likelihood with data that it accepts.
struct SuitedLikelihood {
  let choice: any LikelihoodChoice
  let dataset: Dataset
  let description: DataDescription
  let configuration: DataConfiguration

  /// - Throws: What the last of the candidates was refused with, if none is accepted.
  init(_ choice: any LikelihoodChoice, candidates: [Dataset]) throws {
    var last: any Error = LatentError("there are no candidates")
    for dataset in candidates {
      do {
        let summary = DataSummary(of: dataset)
        let resolved = try choice.resolved(for: summary)
        var configuration = DataConfiguration()
        configuration.scaling = resolved.scaling(for: summary)
        let description = try DataDescription(of: dataset, configuration: configuration)
        let values = Preparation(description).batch(of: dataset, rows: 0..<dataset.count, noise: nil)
        try resolved.check(
          ValueRange(
            minimum: values.minimum().item, maximum: values.maximum().item,
            isWhole: (values .== values.rounded()).logicalNot().to(type: .float32).sum().item == 0))
        (self.choice, self.dataset, self.description, self.configuration) = (
          resolved, dataset, description, configuration
        )
        return
      } catch { last = error }
    }
    throw last
  }

  /// All rows as the model takes them.
  var x: Tensor { Preparation(description).batch(of: dataset, rows: 0..<dataset.count, noise: nil) }
}
