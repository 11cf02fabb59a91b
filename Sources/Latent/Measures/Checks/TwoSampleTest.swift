internal import Foundation
package import Torch

/// Whether a classifier can tell a model's samples from real rows that neither it nor the model was trained on.
///
/// It is trained on training rows and as many samples, and shown held-out rows and as many fresh samples. Where samples are distributed as rows are, its scores
/// for both are draws of one distribution, whatever it has learned: then the area under its curve is ½, and the normal approximation of the Mann–Whitney statistic gives
/// the probability of a greater one.
///
/// Several classifiers are trained, each from weights, rows and samples of its own. They are shown the same held-out rows, so that their p values
/// depend on each other: with k = ⌈K / 2⌉, K / k times the k-th smallest of K is a p value whatever the dependence.
/// - SeeAlso: Lopez-Paz & Oquab, “Revisiting classifier two-sample tests”, 2017; Rüger, “Das maximale Signifikanzniveau des Tests”, 1978; Vovk & Wang,
///   “Combining p-values via averaging”, 2020.
public struct TwoSampleTest: Codable, Sendable, Equatable {
  /// One classifier.
  public struct Trial: Codable, Sendable, Equatable {
    /// The area under its curve: the probability that a sample looks more like a sample to it than a row does.
    public let area: ValueWithError
    /// The deviation of the area where samples are distributed as rows are.
    public let nullDeviation: Double
    /// The probability of such an area or a greater one where samples are distributed as rows are.
    public let pValue: Double
    /// The share of rows and samples that it puts where they belong; ½ by chance.
    public let accuracy: Double
    /// The greatest deviation that the accuracy has where samples are distributed as rows are: 1 / (2 √N).
    public let accuracyDeviation: Double
  }

  /// The kind of the classifiers' network.
  public let network: String
  /// Real rows that each was trained on, with as many samples.
  public let trainingRows: Int
  /// Held-out rows that each was shown, with as many samples.
  public let testRows: Int
  /// One for each classifier.
  public let trials: [Trial]
  /// Of all of them together.
  public let pValue: Double

  /// The level of ``isTold``.
  public static let level = 0.05

  /// Whether samples are told from rows with the level of 5 %.
  public var isTold: Bool { pValue <= Self.level }

  /// The mean area over the classifiers.
  public var meanArea: Double { trials.reduce(0) { $0 + $1.area.value } / Double(trials.count) }

  /// How the classifiers are trained and how many there are.
  package struct Settings {
    /// K.
    package var classifiers = 3
    /// Real rows of a classifier at the most.
    package var rows = 5000
    /// Rows and samples seen in training at the most, over all passes, of which there are at least 6 and at most 100.
    package var seen = 200_000

    /// The defaults.
    package init() {}
  }

  /// Trains and asks classifiers.
  ///
  /// - Parameters:
  ///   - real: Training rows, `[N, D]`; a tenth of them, and of the samples, decide when a classifier is trained enough.
  ///   - heldOut: Rows that nothing was trained on, `[M, D]`.
  ///   - shape: Of one row.
  ///   - samples: Makes so many, `[count, D]`, different ones each time.
  /// - Throws: ``LatentError`` where training a classifier runs into numbers that are not finite.
  package init(
    real: Tensor, heldOut: Tensor, shape: [Int], settings: Settings = .init(), seed: UInt64,
    samples: (Int, Noise) -> Tensor, progress: (Double) -> Void = { _ in }
  ) throws(LatentError) {
    let isPicture = shape.count > 1
    let choice: any NetworkChoice = isPicture ? ConvolutionalNetwork() : MLP(hidden: [128])
    let count = min(settings.rows, real.extent(0))
    let held = max(1, count / 10)
    var training = Classifier.Settings()
    training.epochs = min(100, max(6, settings.seen / (2 * count)))
    training.patience = max(3, training.epochs / 5)
    var trials: [Trial] = []
    for index in 0..<settings.classifiers {
      let noise = Noise(seed: seed, stream: "two-sample test", index: index, on: real.device)
      let chosen = real.rows(
        noise.permutation(real.extent(0)).narrowed(along: 0, from: 0, count: count).to(device: real.device))
      let made = samples(count, noise)
      func examples(_ range: Range<Int>) -> Classifier.Examples {
        .init(
          inputs: .concatenate([chosen[range], made[range]]),
          labels: [Int32](repeating: 0, count: range.count) + [Int32](repeating: 1, count: range.count))
      }
      let classifier = try Classifier(
        choice, shape: isPicture ? shape : [real.extent(1)], classes: 2, training: examples(held..<count),
        validation: examples(0..<held), settings: training, using: noise)
      func scores(_ rows: Tensor) -> [Double] {
        let logProbabilities = classifier.logProbabilities(rows).to(type: .float64)
        return (logProbabilities.selected(along: 1, 1) - logProbabilities.selected(along: 1, 0)).values(as: Double.self)
      }
      trials.append(Trial(rows: scores(heldOut), samples: scores(samples(heldOut.extent(0), noise))))
      progress(Double(index + 1) / Double(settings.classifiers))
    }
    self.init(network: type(of: choice).kind, trainingRows: count, testRows: heldOut.extent(0), trials: trials)
  }

  /// What several classifiers say together.
  package init(network: String, trainingRows: Int, testRows: Int, trials: [Trial]) {
    (self.network, self.trainingRows, self.testRows, self.trials) = (network, trainingRows, testRows, trials)
    let rank = (trials.count + 1) / 2
    pValue = min(1, Double(trials.count) / Double(rank) * trials.map(\.pValue).sorted()[rank - 1])
  }
}

extension TwoSampleTest.Trial {
  /// What comes of a classifier's scores, greater for what looks like a sample.
  package init(rows: [Double], samples: [Double]) {
    let comparison = MannWhitney(samples, rows)
    (area, nullDeviation, pValue) = (comparison.probability, comparison.nullDeviation, comparison.oneSidedPValue)
    let count = Double(rows.count + samples.count)
    accuracy = Double(rows.count { $0 < 0 } + samples.count { $0 >= 0 }) / count
    accuracyDeviation = 0.5 / count.squareRoot()
  }
}
