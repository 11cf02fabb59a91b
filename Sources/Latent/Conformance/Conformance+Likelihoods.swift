internal import Foundation
internal import Torch

// Every likelihood, in double precision.
extension Conformance {
  /// A likelihood for observations of D elements, with decoder outputs for it.
  private struct Model {
    let likelihood: any Likelihood
    let choice: any LikelihoodChoice
    let dimensions: Int

    init(_ choice: any LikelihoodChoice, dimensions: Int) throws {
      self.choice = try SuitedLikelihood(choice, candidates: ClaimSubjects.tables(columns: dimensions)).choice
      self.dimensions = dimensions
      likelihood = try self.choice.make(
        dimensions: dimensions, with: Initializer(noise: Noise(seed: 0), type: .float64))
    }

    func features(_ rows: Int, seed: UInt64 = 1) -> Tensor {
      Noise(seed: seed).normal([rows, dimensions * likelihood.featuresPerElement], type: .float64) * 1.5
    }

    func draws(_ count: Int, _ features: Tensor, seed: UInt64) -> Tensor {
      withoutGradients {
        likelihood.sample(features.expanded([count, features.extent(-1)]), using: Noise(seed: seed))
      }
    }

    /// The values over which the density of an element adds up to 1.
    enum Support {
      case whole(upTo: Int)
      case range(Double, Double)
    }

    /// Told from draws, and from what is accepted.
    func support(_ features: Tensor) -> Support {
      let draws = draws(1000, features, seed: 4)
      func accepts(_ minimum: Double, _ maximum: Double, isWhole: Bool) -> Bool {
        (try? choice.check(ValueRange(minimum: minimum, maximum: maximum, isWhole: isWhole))) != nil
      }
      if (draws .== draws.rounded()).logicalNot().to(type: .float64).sum().item == 0 {
        return .whole(upTo: (1...200).last { accepts(0, Double($0), isWhole: true) } ?? 1)
      }
      guard accepts(-1, 2, isWhole: false) else { return .range(0, 1) }
      let (middle, deviation) = (draws.mean().item, draws.reshaped([-1]).variance(over: 0).item.squareRoot())
      return .range(middle - 14 * deviation, middle + 14 * deviation)
    }
  }

  /// The likelihoods of the family.
  package static var likelihoods: [any LikelihoodChoice] { ClaimSubjects.members(Likelihoods.self) }

  @Sendable static func likelihoodNormalization(_ examiner: Examiner) throws {
    try likelihoodNormalization(of: likelihoods, examiner)
  }

  /// Sums over whole values, and Simpson's rule with 4000 steps over others.
  package static func likelihoodNormalization(of choices: [any LikelihoodChoice], _ examiner: Examiner) throws {
    for choice in choices {
      let model = try Model(choice, dimensions: 1)
      for seed in 1...4 as ClosedRange<UInt64> {
        let features = model.features(1, seed: seed)
        func density(_ x: Tensor) -> Tensor {
          withoutGradients {
            model.likelihood.logDensity(
              of: x.reshaped([-1, 1]), features: features.expanded([x.count, features.extent(-1)])
            ).exponential()
          }
        }
        let total =
          switch model.support(features) {
          case .whole(let last): density(.range(last + 1, type: .float64)).sum().item
          case .range(let low, let high): integral(from: low, to: high, density)
          }
        examiner.compare(total, with: 1, of: type(of: choice).kind)
      }
    }
  }

  @Sendable static func likelihoodMeans(_ examiner: Examiner) throws {
    for choice in likelihoods {
      let model = try Model(choice, dimensions: 3)
      let features = model.features(1)
      let draws = model.draws(20_000, features, seed: 5)
      let means = withoutGradients { model.likelihood.mean(features) }.values(as: Double.self)
      for element in 0..<3 {
        examiner.compare(
          Estimate(draws.selected(along: 1, element)), with: means[element], resolving: 0.1, of: type(of: choice).kind)
      }
    }
  }

  @Sendable static func likelihoodGradients(_ examiner: Examiner) throws {
    for choice in likelihoods {
      let model = try Model(choice, dimensions: 2)
      let features = Parameter(model.features(3))
      let x = withoutGradients { model.likelihood.sample(features.value, using: Noise(seed: 7)) }
      let parameters = [("features", features)] + model.likelihood.parameters.map { ($0.name, $0.parameter) }
      examiner.compareGradients(of: type(of: choice).kind, in: parameters) {
        model.likelihood.logDensity(of: x, features: features.value).sum()
      }
    }
  }
}
