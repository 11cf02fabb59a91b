internal import Torch

extension Classifier {
  /// Writes the convolutions of a classifier as a feature network, with batch normalization folded into their weights.
  ///
  ///     w′ = w γ / √(v + ε),   b′ = (b − m) γ / √(v + ε) + β
  ///
  /// - Throws: ``LatentError`` where the classifier has no convolutions, or a codec's error where the file cannot be written.
  public func saveFeatures(to path: String) throws {
    guard let chain = (network as? RowWise)?.layer as? Chain else {
      throw LatentError("a classifier without convolutions has no features to keep; train a convolutional one.")
    }
    var stages: [FeatureNetwork.Stage] = []
    for layer in chain.layers {
      switch layer {
      case let layer as Convolution:
        stages.append(
          .init(
            weight: layer.weight.value.detached(), bias: layer.bias.value.detached(), stride: layer.stride,
            padding: layer.padding, activation: .none))
      case let layer as BatchNormalization:
        guard let last = stages.popLast() else { continue }
        let (scale, shift) = layer.inEvaluation
        stages.append(
          .init(
            weight: last.weight * scale.reshaped([-1, 1, 1, 1]), bias: last.bias * scale + shift, stride: last.stride,
            padding: last.padding, activation: .none))
      case let layer as Activation: if !stages.isEmpty { stages[stages.count - 1].activation = layer }
      default: break
      }
    }
    try FeatureNetwork(
      offset: offset.values(as: Double.self), scale: scale.values(as: Double.self), stages: stages
    ).write(to: path)
  }
}

extension BatchNormalization {
  /// What it does to a channel once trained: times the first number, plus the second.
  fileprivate var inEvaluation: (scale: Tensor, shift: Tensor) {
    withoutGradients {
      let factor = scale.value / (runningVariance.value + Self.epsilon).squareRoot()
      return (factor.detached(), (shift.value - runningMean.value * factor).detached())
    }
  }
}
