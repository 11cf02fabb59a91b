package import Torch

/// A classifier of labelled rows that can also say that something is none of them.
///
/// A softmax over the classes has to divide all its certainty among them and is confident about much that it has never seen. This one
/// has one class more, which it learns from what belongs to no class though it is made of the same rows: see ``Nonsense/taught``.
/// - SeeAlso: Hendrycks, Mazeika & Dietterich, “Deep Anomaly Detection with Outlier Exposure”, 2019.
package struct Recognizer {
  /// Its last class is none of the others.
  package let classifier: Classifier
  /// The number of rows that it was trained on, without those made.
  package let trainingRows: Int

  /// Rows of nonsense that are shown for one real row.
  private static let shown = 0.5

  /// How a recognizer is trained.
  package struct Settings {
    /// What it learns as none of the classes; a plain classifier learns nothing.
    package var nonsense = Nonsense.taught
    /// Rows trained on at the most, drawn at random: with more, minutes are spent on a share of a percent.
    package var rows = 20_000
    /// Rows seen in training at the most, over all passes, of which there are at least 6 and at most 200.
    package var seen = 200_000

    /// The defaults.
    package init() {}
  }

  /// Trains it; a tenth of the rows decide when it is trained enough.
  ///
  /// Pictures are told apart by convolutions, rows of a table by a perceptron.
  /// - Parameter dataset: Rows with labels of at least two kinds, in the data's own units.
  /// - Throws: ``LatentError`` where training runs into numbers that are not finite.
  package init(of dataset: Dataset, settings: Settings = Settings(), using noise: Noise, on device: Device)
    throws(LatentError)
  {
    let order = noise.permutation(dataset.count)
    let kept = dataset.rows(order.narrowed(along: 0, from: 0, count: min(settings.rows, dataset.count)))
    let held = max(1, kept.count / 10)
    let classes = dataset.labelNames.count
    func examples(_ rows: Range<Int>) -> Classifier.Examples {
      let values = kept.values[rows].to(type: .float32, device: device)
      let labels = Array((kept.labels ?? [])[rows])
      guard !settings.nonsense.isEmpty, Set(labels).count > 1 else { return .init(inputs: values, labels: labels) }
      let each = max(1, Int(Self.shown * Double(rows.count)) / settings.nonsense.count)
      let made = settings.nonsense.map { $0.make(each, from: values, labels: labels, using: noise) }
      return .init(
        inputs: .concatenate([values] + made),
        labels: labels + [Int32](repeating: Int32(classes), count: each * made.count))
    }
    var training = Classifier.Settings()
    training.epochs = min(200, max(6, settings.seen / kept.count))
    training.patience = max(3, training.epochs / 5)
    let network: any NetworkChoice = dataset.isPicture ? ConvolutionalNetwork() : MLP(hidden: [128])
    classifier = try Classifier(
      network, shape: dataset.shape, classes: classes + 1, training: examples(held..<kept.count),
      validation: examples(0..<held), settings: training, using: noise)
    trainingRows = kept.count
  }
  /// How many rows of nonsense are thought to come with one real row.
  ///
  /// Some of it cannot be told from real rows: noise of independent columns is what the columns are. With a tenth even that is recognized,
  /// as 1 / 1.1 is above the 0.9 that it takes.
  private static let odds = 0.1

  /// p(y|x) of each class, the last class of the classifier apart; what is missing from 1 is that the row is none of them.
  ///
  /// Trained with more nonsense than that, the classifier's odds of none of the classes are divided by as much.
  /// - Parameter rows: Shape `[N, D]`.
  /// - Returns: Shape `[N, classes]`.
  package func probabilities(of rows: Tensor) -> Tensor {
    let found = classifier.logProbabilities(rows).exponential()
    let parts = (
      found.narrowed(along: 1, from: 0, count: classifier.classes - 1),
      found.narrowed(along: 1, from: classifier.classes - 1, count: 1)
    )
    return parts.0 / (parts.0.sum(over: 1, keepingDimensions: true) + parts.1 * (Self.odds / Self.shown))
  }
}
