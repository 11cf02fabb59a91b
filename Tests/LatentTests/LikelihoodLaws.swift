import Foundation
import Latent
import Testing
import Torch

/// What holds for every likelihood with every setting.
@Suite struct LikelihoodLaws {
  /// A likelihood in double precision for observations of D elements, with decoder outputs for it.
  private struct Model {
    let likelihood: any Likelihood
    let choice: any LikelihoodChoice
    let dimensions: Int

    init(_ choice: any LikelihoodChoice, dimensions: Int) throws {
      let suited = try SuitedLikelihood(choice, candidates: Sample.tables(columns: dimensions))
      self.choice = suited.choice
      self.dimensions = dimensions
      likelihood = try suited.choice.make(
        dimensions: dimensions, with: Initializer(noise: Noise(seed: 0), type: .float64))
    }

    func features(_ rows: Int, seed: UInt64 = 1) -> Tensor {
      Noise(seed: seed).normal([rows, dimensions * likelihood.featuresPerElement], type: .float64) * 1.5
    }

    /// The same decoder output many times.
    func repeated(_ features: Tensor, _ count: Int) -> Tensor { features.expanded([count, features.extent(-1)]) }

    /// Whether values up to `maximum`, whole or not, are among those that it describes.
    private func accepts(_ minimum: Double, _ maximum: Double, isWhole: Bool) -> Bool {
      (try? choice.check(ValueRange(minimum: minimum, maximum: maximum, isWhole: isWhole))) != nil
    }

    /// Where its density is, told from its draws and from what it accepts.
    enum Support { case whole(upTo: Int), unit, real }

    var support: Support {
      let draws = likelihood.sample(repeated(features(1), 1000), using: Noise(seed: 3))
      if (draws .== draws.rounded()).logicalNot().to(type: .float64).sum().item == 0 {
        let last = (1...200).last { accepts(0, Double($0), isWhole: true) }
        return .whole(upTo: last ?? 1)
      }
      return accepts(-1, 2, isWhole: false) ? .real : .unit
    }
  }

  @Test(arguments: Subjects.likelihoods)
  func `the densities of the elements are those of the row`(subject: Subject<any LikelihoodChoice>) throws {
    let model = try Model(subject.member, dimensions: 5)
    for (_, parameter) in model.likelihood.parameters {
      // Elements with parameters of their own have to differ for the law to see them.
      withoutGradients {
        parameter.value.copy(from: Noise(seed: 8).uniform(parameter.value.shape, type: .float64) * 0.1)
      }
    }
    let features = Tensor.stack([model.features(7), model.features(7, seed: 2)])
    let x = model.likelihood.sample(features, using: Noise(seed: 3))
    for (x, features) in [(x, features), (x[0], features), (x[0], features[0])] {
      let elements = model.likelihood.logDensities(of: x, features: features)
      #expect(elements.shape == features.shape.dropLast() + [5])
      let rows = model.likelihood.logDensity(of: x, features: features)
      #expect(
        (elements.sum(over: -1) - rows).absolute().maximum().item < 1e-10, "the order of a sum in double precision")
    }
  }

  @Test(arguments: Subjects.likelihoods)
  func `the density of one element adds up to 1`(subject: Subject<any LikelihoodChoice>) throws {
    let model = try Model(subject.member, dimensions: 1)
    for seed in 1...6 as ClosedRange<UInt64> {
      let features = model.features(1, seed: seed)
      func density(_ x: Tensor) -> Tensor {
        model.likelihood.logDensity(of: x.reshaped([-1, 1]), features: model.repeated(features, x.count)).exponential()
      }
      let total: Double
      switch model.support {
      case .whole(let last): total = density(Tensor.range(last + 1, type: .float64)).sum().item
      case .unit: total = integral(from: 0, to: 1, density)
      case .real:
        let draws = model.likelihood.sample(model.repeated(features, 1000), using: Noise(seed: 4))
        let (middle, deviation) = (draws.mean().item, draws.variance(over: 0).item.squareRoot())
        total = integral(from: middle - 14 * deviation, to: middle + 14 * deviation, density)
      }
      // Simpson's rule with 4000 steps over a smooth density is exact to 1e-10.
      #expect(abs(total - 1) < 1e-8, "\(subject.testDescription) on \(model.support)")
    }
  }

  @Test(arguments: Subjects.likelihoods)
  func `the density of whole values of two elements adds up to 1 over all states`(
    subject: Subject<any LikelihoodChoice>
  ) throws {
    let model = try Model(subject.member, dimensions: 2)
    guard case .whole(let last) = model.support, last <= 50 else { return }
    let states = (0...last).flatMap { a in (0...last).flatMap { [Double(a), Double($0)] } }
    let x = Tensor(states, shape: [states.count / 2, 2])
    let density = model.likelihood.logDensity(of: x, features: model.repeated(model.features(1), x.extent(0)))
    #expect(abs(density.exponential().sum().item - 1) < 1e-12, "rounding of at most 2601 terms")
  }

  @Test(arguments: Subjects.likelihoods)
  func `elements are independent: the log-density is the sum of theirs`(subject: Subject<any LikelihoodChoice>) throws {
    let model = try Model(subject.member, dimensions: 3)
    let single = try Model(subject.member, dimensions: 1)
    let features = model.features(5)
    let x = model.likelihood.sample(features, using: Noise(seed: 2))
    let width = model.likelihood.featuresPerElement
    let parts = (0..<3).map { element in
      single.likelihood.logDensity(
        of: x.narrowed(along: 1, from: element, count: 1),
        features: features.narrowed(along: 1, from: element * width, count: width))
    }
    let difference = model.likelihood.logDensity(of: x, features: features) - Tensor.stack(parts).sum(over: 0)
    #expect(
      difference.shape == [5] && difference.absolute().maximum().item < 1e-10, "sums of a few terms in another order")
  }

  @Test(arguments: Subjects.likelihoods)
  func `the mean is the mean of draws`(subject: Subject<any LikelihoodChoice>) throws {
    let model = try Model(subject.member, dimensions: 3)
    let features = model.features(1)
    let draws = model.likelihood.sample(model.repeated(features, 40_000), using: Noise(seed: 5))
    #expect(draws.shape == [40_000, 3] && draws.isAllFinite)
    let mean = model.likelihood.mean(features).doubles
    for element in 0..<3 {
      let estimate = Estimate(draws.narrowed(along: 1, from: element, count: 1).doubles)
      // Of some 30 comparisons of correct means, none is 4.5 errors off in 99.98 % of all seeds.
      #expect(estimate.agrees(with: mean[element], errors: 4.5), "\(estimate) is not \(mean[element])")
    }
  }

  @Test(arguments: Subjects.likelihoods)
  func `draws are values that it accepts, and each element has its own`(subject: Subject<any LikelihoodChoice>) throws {
    let model = try Model(subject.member, dimensions: 3)
    let draws = model.likelihood.sample(model.features(2000) * 4, using: Noise(seed: 6))
    let isWhole = (draws .== draws.rounded()).logicalNot().to(type: .float64).sum().item == 0
    try model.choice.check(ValueRange(minimum: draws.minimum().item, maximum: draws.maximum().item, isWhole: isWhole))
    let parts = draws.split(into: 3).map(\.bytes)
    #expect(Set(parts).count == 3)
  }

  @Test(arguments: Subjects.likelihoods)
  func `derivatives of the log-density equal central differences`(subject: Subject<any LikelihoodChoice>) throws {
    let model = try Model(subject.member, dimensions: 2)
    let start = model.features(3)
    let x = model.likelihood.sample(start, using: Noise(seed: 7)).detached()
    let features = Parameter(start.copied())
    let parameters = [features] + model.likelihood.parameters.map(\.parameter)
    func value() -> Tensor { model.likelihood.logDensity(of: x, features: features.value).sum() }
    let gradients = value().gradients(in: parameters)
    for (parameter, gradient) in zip(parameters, gradients) {
      let (old, slopes) = (parameter.value.doubles, gradient.doubles)
      for index in old.indices {
        func moved(_ by: Double) -> Double {
          var values = old
          values[index] += by
          return withoutGradients {
            parameter.value.copy(from: Tensor(values, shape: parameter.value.shape))
            return value().item
          }
        }
        let numeric = (moved(1e-5) - moved(-1e-5)) / 2e-5
        withoutGradients { parameter.value.copy(from: Tensor(old, shape: parameter.value.shape)) }
        // In double precision: rounding leaves 1e-11 of the value, the third derivative 1e-10.
        #expect(abs(numeric - slopes[index]) < 1e-7 * (1 + abs(numeric)))
      }
    }
  }

  @Test(arguments: Subjects.likelihoods)
  func `features may have draws in front`(subject: Subject<any LikelihoodChoice>) throws {
    let model = try Model(subject.member, dimensions: 2)
    let features = Tensor.stack([model.features(3, seed: 1), model.features(3, seed: 2)])
    let x = model.likelihood.sample(features[0], using: Noise(seed: 8))
    let density = model.likelihood.logDensity(of: x, features: features)
    #expect(density.shape == [2, 3])
    for draw in 0..<2 {
      let alone = model.likelihood.logDensity(of: x, features: features[draw])
      #expect((density[draw] - alone).absolute().maximum().item < 1e-12, "the same sums")
    }
    #expect(model.likelihood.mean(features).shape == [2, 3, 2])
    #expect(model.likelihood.sample(features, using: Noise(seed: 8)).shape == [2, 3, 2])
    #expect(model.likelihood.encoderInput(x).shape == x.shape)
  }

  @Test(arguments: Subjects.likelihoods)
  func `extreme decoder outputs in single precision give finite densities, means and draws`(
    subject: Subject<any LikelihoodChoice>
  ) throws {
    let suited = try SuitedLikelihood(subject.member, candidates: Sample.tables(columns: 2))
    let likelihood = try suited.choice.make(dimensions: 2, with: Initializer(noise: Noise(seed: 0)))
    let features = Parameter(Noise(seed: 1).normal([64, 2 * likelihood.featuresPerElement]) * 300)
    let density = likelihood.logDensity(of: suited.x, features: features.value)
    #expect(density.isAllFinite && density.sum().gradients(in: [features])[0].isAllFinite)
    #expect(likelihood.mean(features.value).isAllFinite)
    #expect(likelihood.sample(features.value.detached(), using: Noise(seed: 2)).isAllFinite)
  }
}
