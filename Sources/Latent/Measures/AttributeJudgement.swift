internal import Torch

/// What a classifier that never saw the model says of rows whose attribute is taken away and added.
///
///     mean over rows of p(y = 1 | E[x|z]),   z = E[z|x] + λ e,   for λ from −a to a
///
/// The classifier was trained on raw training rows and stopped by raw validation rows; the rows here are neither's, nor were they used to
/// find e.
public struct AttributeJudgement: Codable, Sendable, Equatable {
  /// A mean over rows.
  public struct Mean: Codable, Sendable, Equatable {
    /// The mean.
    public var value: Double
    /// Its standard error over rows.
    public var error: Double

    /// The mean of some numbers.
    init(_ values: [Double]) {
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      (value, error) = (mean, count > 1 ? (squares / (count - 1) / count).squareRoot() : 0)
    }
  }

  /// What is said of the rows with one λ.
  public struct Point: Codable, Sendable, Equatable {
    /// λ.
    public var amount: Double
    /// The probability of the attribute.
    public var probability: Mean
  }

  /// The attribute.
  public var attribute: String
  /// The kind of the classifier's network.
  public var network: String
  /// Rows that the classifier was trained on, stopped by and that are judged.
  public var rows: [Int]
  /// How well the classifier does on the judged rows as they are.
  public var score: ClassifierScore
  /// How well it does on their reconstructions, λ = 0.
  public var reconstructedScore: ClassifierScore
  /// The probability of the attribute for the rows as they are.
  public var originals: Mean
  /// What reconstruction alone, λ = 0, adds to the probability of a row: not 0 where what the model loses looks like the attribute's absence
  /// or presence to the classifier.
  public var reconstructionShift: Mean
  /// For each λ.
  public var points: [Point]
  /// What the probability of a row gains from each λ to the next.
  public var gains: [Mean]
  /// The part of rows whose probability never falls from one λ to the next.
  public var risingRows: Double

  /// Whether the mean probability rises with every step of λ.
  public var isMonotone: Bool { gains.allSatisfy { $0.value > 0 } }

  /// The step of λ that gains least.
  public var leastGain: Mean? { gains.min { $0.value < $1.value } }

  /// Whether the least gain is no more than two of its standard errors from 0, so that other rows might show another sign.
  public var isLeastWithinError: Bool { leastGain.map { abs($0.value) <= 2 * $0.error } ?? false }

  /// How the mean probability goes with λ, as far as these rows can tell.
  public var course: String {
    switch (isMonotone, isLeastWithinError) {
    case (true, false): "rises with every step"
    case (true, true): "rises with every step on these rows, at the least by no more than two standard errors"
    case (false, true): "does not rise with every step, but falls by no more than two standard errors"
    case (false, false): "does not rise with every step"
    }
  }
}

extension AttributeJudgement {
  /// The form of the classifier: convolutions for pictures, a perceptron for tables.
  static func network(for data: DataDescription) -> any NetworkChoice {
    guard data.isPicture else { return MLP(hidden: [128]) }
    var network = ConvolutionalNetwork()
    network.channels = [32, 64, 64]
    network.hidden = [64]
    network.activation = .leakyReLU
    network.batchNormalization = true
    network.dropout = 0.2
    return network
  }

  static var settings: Classifier.Settings {
    var settings = Classifier.Settings()
    (settings.epochs, settings.patience, settings.batch) = (60, 12, 64)
    return settings
  }
}

extension TrainedModel {
  /// Judges how an attribute comes and goes along its direction.
  ///
  /// - Parameters:
  ///   - findings: What ``attributeVectors(_:labels:using:)`` found.
  ///   - index: Which of its directions.
  ///   - amount: a.
  ///   - steps: How many λ.
  ///   - seed: What the classifier's weights and the order of its rows are drawn from.
  /// - Throws: ``LatentError`` where validation or test rows of both kinds are missing.
  public func judgement(
    of findings: AttributeFindings, _ index: Int, amount: Double, steps: Int, seed: UInt64
  ) throws(LatentError) -> AttributeJudgement {
    let vector = findings.vectors[index]
    let rows = findings.rows
    let parts = [rows.training, rows.validation, rows.test].compactMap { $0?.known(index) }
    guard parts.count == 3, parts.allSatisfy({ Set($0.labels).count == 2 }) else {
      throw LatentError(
        "a judge of “\(vector.name)” needs training, validation and test rows with it and without it; "
          + "use a run that keeps some (data.validation, data.test) and labels that know them.")
    }
    let noise = Noise(seed: seed, stream: "judge", on: device)
    let examples = try parts.map { (part) throws(LatentError) -> Classifier.Examples in
      let (ready, preparation) = try prepared(part.dataset)
      return .init(inputs: preparation.batch(of: ready, rows: 0..<ready.count, noise: nil), labels: part.labels)
    }
    let network = AttributeJudgement.network(for: data)
    let judge = try Classifier(
      network, shape: data.isPicture ? data.shape : [data.dimensions], classes: 2, training: examples[0],
      validation: examples[1], settings: AttributeJudgement.settings, using: noise)

    let means = try codes(of: parts[2].dataset, using: noise).means.to(type: .float64)
    func decoded(_ amount: Double) -> Tensor {
      let z = (means + vector.direction * amount).to(type: .float32, device: device)
      return inBatches(of: z.extent(0)) { part in shown(model.decode(z[part])) }
    }
    func probabilities(_ inputs: Tensor) -> [Double] {
      judge.logProbabilities(inputs).exponential().selected(along: 1, 1).values(as: Double.self)
    }
    let originals = probabilities(examples[2].inputs)
    let reconstructions = decoded(0)
    let reconstructed = probabilities(reconstructions)
    let amounts = Ramp.values(from: -amount, to: amount, steps: steps)
    let found = amounts.map { probabilities(decoded($0)) }
    let gains = zip(found, found.dropFirst()).map { before, after in zip(after, before).map(-) }
    return AttributeJudgement(
      attribute: vector.name, network: type(of: network).kind, rows: parts.map(\.labels.count),
      score: judge.score(on: examples[2]),
      reconstructedScore: judge.score(on: .init(inputs: reconstructions, labels: parts[2].labels)),
      originals: .init(originals), reconstructionShift: .init(zip(reconstructed, originals).map(-)),
      points: zip(amounts, found).map { .init(amount: $0, probability: .init($1)) }, gains: gains.map { .init($0) },
      risingRows: Double(originals.indices.count { row in gains.allSatisfy { $0[row] >= 0 } }) / Double(originals.count)
    )
  }

  /// What is decoded as it is seen: pictures have no values beyond black and white.
  private func shown(_ decoded: Tensor) -> Tensor {
    data.isPicture && data.scaling.kind == .unit ? decoded.clamped(to: 0...1) : decoded
  }
}
