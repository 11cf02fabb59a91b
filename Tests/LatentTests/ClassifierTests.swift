import Foundation
import Latent
import Testing
import Torch

@Suite struct ClassifierTests {
  /// y is 0 or 1 alike, x ~ N(±1, 1): p(y = 1|x) is the sigmoid of 2x.
  private static func examples(_ count: Int, seed: UInt64) -> Classifier.Examples {
    let noise = Noise(seed: seed)
    let labels = noise.uniform([count]).doubles.map { $0 < 0.5 ? Int32(0) : 1 }
    let x = noise.normal([count, 1]) + Tensor(labels.map { $0 == 0 ? Float(-1) : 1 }, shape: [count, 1])
    return .init(inputs: x, labels: labels)
  }

  @Test(arguments: Probe.networks)
  func `a classifier reaches the best cross-entropy and accuracy there are`(network: any NetworkChoice) throws {
    let classifier = try Classifier(
      network, shape: [1], classes: 2, training: Self.examples(4000, seed: 1), validation: Self.examples(1000, seed: 2),
      using: Noise(seed: 1))
    let test = Self.examples(4000, seed: 3)
    let found = classifier.score(on: test)
    let exact = zip(test.inputs.doubles, test.labels).map { x, y in log(1 + exp(y == 1 ? -2 * x : 2 * x)) }
    // The best there is on the same rows; 4000 rows cost about a parameter's ½/4000 nats each, a perceptron some more.
    #expect(abs(found.crossEntropy - exact.reduce(0, +) / 4000) < 0.01)
    // Φ(1).
    #expect(abs(found.accuracy - 0.841344746) < 4 * found.accuracyError)
    #expect(abs(found.accuracyError - (found.accuracy * (1 - found.accuracy) / 3999).squareRoot()) < 1e-9)
    let sums = classifier.logProbabilities(test.inputs).exponential().sum(over: 1)
    #expect((sums - 1).absolute().maximum().item < 1e-5)
  }

  @Test func `convolutions tell pictures apart`() throws {
    func bars(_ count: Int, seed: UInt64) -> Classifier.Examples {
      let noise = Noise(seed: seed)
      let place = noise.uniform([count, 2]).doubles
      let rows = (0..<count).flatMap { row -> [Float] in
        let (line, lies) = (Int(place[2 * row] * 8), place[2 * row + 1] < 0.5)
        return (0..<64).map { (lies ? $0 / 8 : $0 % 8) == line ? 1 : 0 }
      }
      let x = Tensor(rows, shape: [count, 64]) + noise.normal([count, 64]) * 0.1
      return .init(inputs: x, labels: (0..<count).map { place[2 * $0 + 1] < 0.5 ? 1 : 0 })
    }
    var settings = Classifier.Settings()
    (settings.epochs, settings.learningRate, settings.batch) = (40, 4e-3, 64)
    var network = ConvolutionalNetwork()
    network.channels = [8, 8]
    network.hidden = [32]
    let classifier = try Classifier(
      network, shape: [8, 8], classes: 2, training: bars(600, seed: 1), validation: bars(100, seed: 2),
      settings: settings, using: Noise(seed: 1))
    #expect(classifier.score(on: bars(200, seed: 3)).accuracy > 0.9)
  }

  @Test func `chance is what the frequencies of the training rows give`() {
    let found = ClassifierScore.chance(training: [0, 0, 0, 1, 2], test: [0, 0, 1, 2], classes: 3)
    // With one row more in each class the frequencies are ½, ¼, ¼.
    #expect(found.accuracy == 0.5)
    #expect(abs(found.crossEntropy - 1.5 * log(2)) < 1e-12)
  }

  @Test func `the same noise gives the same classifier, and one class or no rows are refused`() throws {
    func train(_ seed: UInt64) throws -> [UInt8] {
      var settings = Classifier.Settings()
      settings.epochs = 2
      return try Classifier(
        LinearNetwork(), shape: [1], classes: 2, training: Self.examples(100, seed: 1), validation: nil,
        settings: settings, using: Noise(seed: seed)
      ).logProbabilities(Self.examples(5, seed: 2).inputs).bytes
    }
    #expect(try train(1) == train(1))
    #expect(try train(1) != train(2))
    for (classes, rows) in [(1, 10), (2, 0)] {
      #expect(
        refusal {
          _ = try Classifier(
            LinearNetwork(), shape: [1], classes: classes, training: Self.examples(rows, seed: 1), validation: nil,
            using: Noise(seed: 1))
        }?.contains("two classes") == true)
    }
  }
}
