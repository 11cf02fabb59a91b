internal import Foundation
public import Torch

/// p(y|x) = Categorical(y; softmax(network(x))), trained to tell classes apart.
///
/// Inputs are brought to mean 0 and deviation 1 by constants of the rows that it was trained on.
public struct Classifier {
  /// From standardized inputs to one logit for each class.
  public let network: any Layer
  /// The number of classes.
  public let classes: Int
  let offset: Tensor
  let scale: Tensor

  /// How a classifier is trained.
  public struct Settings: Sendable {
    /// Passes over the rows at the most.
    public var epochs = 200
    /// Passes without a better cross-entropy on validation rows after which training ends.
    public var patience = 20
    /// Rows of a step.
    public var batch = 128
    /// The size of Adam's step.
    public var learningRate = 1e-3
    /// The pull of the weights to 0, added to the gradient.
    public var weightDecay = 1e-4

    /// The defaults.
    public init() {}
  }

  /// Rows with the class of each.
  public struct Examples {
    /// Shape `[N, D]`.
    public let inputs: Tensor
    /// For each row a number from 0.
    public let labels: [Int32]

    /// Rows with their classes, as many.
    public init(inputs: Tensor, labels: [Int32]) {
      precondition(inputs.extent(0) == labels.count, "\(labels.count) labels for \(inputs)")
      (self.inputs, self.labels) = (inputs, labels)
    }
  }

  /// Trains a classifier; the weights of the pass with the least cross-entropy on validation rows are kept.
  ///
  /// - Parameter choice: The form of the network: linear, a perceptron, convolutions …
  /// - Parameter shape: The shape of one input, whose product is D.
  /// - Parameter validation: The rows that decide when it has been trained enough; without any, all epochs are run.
  /// - Throws: ``LatentError`` where there are no rows, fewer than two classes, or training runs into numbers that are not finite.
  public init(
    _ choice: any NetworkChoice, shape: [Int], classes: Int, training: Examples, validation: Examples?,
    settings: Settings = Settings(), using noise: Noise
  ) throws(LatentError) {
    try choice.validate()
    guard classes >= 2, !training.labels.isEmpty, training.labels.allSatisfy({ (0..<classes).contains(Int($0)) }) else {
      throw LatentError(
        "a classifier needs rows of at least two classes, numbered from 0; there are \(classes) classes.")
    }
    let inputs = training.inputs.to(type: .float32)
    let (host, device) = (Noise(seed: Self.seed(noise)), inputs.device)
    network = choice.encoder(
      shape: shape, features: classes, with: Initializer(noise: host, device: device))
    self.classes = classes
    // One constant for all pixels of a picture: pixels that hardly ever vary must not be blown up.
    let isPicture = shape.count > 1
    offset = isPicture ? inputs.mean() : inputs.mean(over: 0)
    let deviation =
      isPicture ? inputs.reshaped([-1]).variance(over: 0).squareRoot() : inputs.variance(over: 0).squareRoot()
    scale = .choose(deviation, where: deviation .> 1e-6, else: .ones([], on: device))
    try train(inputs, training.labels, validation, settings, noise)
  }

  private static func seed(_ noise: Noise) -> UInt64 {
    UInt64(noise.permutation(1 << 20).to(device: .cpu)[0].item)
  }

  private func logits(_ inputs: Tensor, mode: Mode) -> Tensor { network((inputs - offset) / scale, mode: mode) }

  private func train(
    _ inputs: Tensor, _ labels: [Int32], _ validation: Examples?, _ settings: Settings, _ noise: Noise
  ) throws(LatentError) {
    struct Network: Module { let network: any Layer }
    let module = Network(network: network)
    let parameters = module.parameters
    var choice = Adam()
    choice.weightDecay = settings.weightDecay
    let optimizer = choice.make(for: parameters)
    let targets = Tensor(labels.map(Int64.init)).to(device: inputs.device)
    var (best, bestEpoch) = (Double.infinity, 0)
    var kept: [(name: String, tensor: Tensor)] = []
    for epoch in 1...max(1, settings.epochs) {
      let order = noise.permutation(labels.count).to(device: inputs.device)
      for start in stride(from: 0, to: labels.count, by: settings.batch) {
        let rows = order[start..<min(start + settings.batch, labels.count)]
        // A batch of one row has no variance to be normalized by.
        if rows.count == 1, labels.count > 1 { continue }
        let loss = Self.crossEntropies(logits(inputs.rows(rows), mode: .training(noise)), targets.rows(rows)).mean()
        optimizer.step(loss.gradients(in: parameters.map(\.parameter)), learningRate: settings.learningRate)
      }
      guard let validation, !validation.labels.isEmpty else { continue }
      let found = score(on: validation).crossEntropy
      guard found.isFinite else {
        throw LatentError("a classifier's cross-entropy is not finite; use a smaller learning rate.")
      }
      if found < best {
        (best, bestEpoch) = (found, epoch)
        kept = withoutGradients { module.state.map { ($0.name, $0.tensor.detached().copied()) } }
      } else if epoch - bestEpoch >= settings.patience {
        break
      }
    }
    if !kept.isEmpty { try module.load(kept) }
  }

  private static func crossEntropies(_ logits: Tensor, _ targets: Tensor) -> Tensor {
    -logits.logSoftmax().gathered(along: 1, at: targets.unsqueezed(at: 1)).squeezed(at: 1)
  }

  /// ln p(y|x) of every class, shape `[N, classes]`.
  public func logProbabilities(_ inputs: Tensor) -> Tensor {
    withoutGradients {
      let parts = stride(from: 0, to: inputs.extent(0), by: 1000).map { start in
        logits(inputs[start..<min(start + 1000, inputs.extent(0))].to(type: .float32), mode: .evaluation).logSoftmax()
      }
      return parts.isEmpty ? .zeros([0, classes]) : .concatenate(parts)
    }
  }

  /// How well it does on some rows.
  public func score(on examples: Examples) -> ClassifierScore {
    withoutGradients {
      let logProbabilities = logProbabilities(examples.inputs)
      let targets = Tensor(examples.labels.map(Int64.init)).to(device: logProbabilities.device)
      let isRight = (logProbabilities.indexOfMaximum(along: 1) .== targets).to(type: .float64).values(as: Double.self)
      let found = -logProbabilities.gathered(along: 1, at: targets.unsqueezed(at: 1)).squeezed(at: 1)
      return ClassifierScore(isRight: isRight, crossEntropies: found.values(as: Double.self))
    }
  }
}

/// What a classifier's answers on some rows amount to.
public struct ClassifierScore: Codable, Sendable, Equatable {
  /// The part of rows whose likeliest class is the right one.
  public let accuracy: Double
  /// Its standard error.
  public let accuracyError: Double
  /// −ln p(y|x), the mean over rows, in nats.
  public let crossEntropy: Double
  /// Its standard error.
  public let crossEntropyError: Double

  init(isRight: [Double], crossEntropies: [Double]) {
    (accuracy, accuracyError) = (isRight.mean, isRight.standardError)
    (crossEntropy, crossEntropyError) = (crossEntropies.mean, crossEntropies.standardError)
  }

  /// What comes of the classes' frequencies among the rows to train on, without a look at x; one row is added to each class.
  public static func chance(training: [Int32], test: [Int32], classes: Int) -> ClassifierScore {
    var counts = [Double](repeating: 1, count: classes)
    for label in training { counts[Int(label)] += 1 }
    let total = counts.reduce(0, +)
    let commonest = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    return ClassifierScore(
      isRight: test.map { Int($0) == commonest ? 1 : 0 }, crossEntropies: test.map { -log(counts[Int($0)] / total) })
  }
}
