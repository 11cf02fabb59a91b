internal import Torch

/// Layers of a network that knows pictures already, by whose features two pictures can be compared; its weights never change.
///
///     h₀ = (x − offset) / scale,   φ_l = activation(h_l ∗ weight + bias),   h_l+1 = φ_l, or the maxima of its squares
struct FeatureNetwork {
  /// A convolution with what follows it.
  struct Stage {
    /// Shape `[outputs, inputs, k, k]`.
    let weight: Tensor
    /// Shape `[outputs]`.
    let bias: Tensor
    var stride = 1
    var padding: Int
    var activation = Activation.relu
    /// The side of the squares of which each gives its greatest number on; 1 for none.
    var pooling = 1
    /// Whether its features take part in the comparison.
    var isCompared = true
  }

  /// What each channel's brightness, 0 … 1, is less before the first stage; one number or one for each channel.
  let offset: [Double]
  /// What it is then divided by.
  let scale: [Double]
  /// In the order in which they are applied.
  let stages: [Stage]

  /// The channels of the pictures that it takes.
  var channels: Int { stages[0].weight.extent(1) }

  /// The same network elsewhere.
  func on(_ device: Device) -> FeatureNetwork {
    FeatureNetwork(
      offset: offset, scale: scale,
      stages: stages.map {
        Stage(
          weight: $0.weight.to(device: device), bias: $0.bias.to(device: device), stride: $0.stride,
          padding: $0.padding, activation: $0.activation, pooling: $0.pooling, isCompared: $0.isCompared)
      })
  }

  /// φ_l of the stages that are compared, each `[rows, channels, height, width]`.
  ///
  /// - Parameter pictures: Shape `[rows, channels, height, width]`, 0 for black to 1 for white.
  func features(of pictures: Tensor) -> [Tensor] {
    var found: [Tensor] = []
    var current = (pictures - perChannel(offset, like: pictures)) / perChannel(scale, like: pictures)
    for stage in stages {
      current = stage.activation(
        current.convolved(
          weight: stage.weight.to(type: current.type), bias: stage.bias.to(type: current.type), stride: stage.stride,
          padding: stage.padding), mode: .evaluation)
      if stage.isCompared { found.append(current) }
      current = current.pooled(stage.pooling)
    }
    return found
  }

  private func perChannel(_ numbers: [Double], like pictures: Tensor) -> Tensor {
    Tensor(numbers).to(type: pictures.type, device: pictures.device).reshaped([1, numbers.count, 1, 1])
  }

  /// ½ Σ_l ‖φ_l(x) − φ_l(m)‖², which is −ln N(φ(x); φ(m), I) without its constant.
  ///
  /// - Parameter x: Pictures as rows, shape `[batch, height · width · channels]`, 0 … 1.
  /// - Parameter mean: Shape `[K, batch, height · width · channels]`.
  /// - Returns: Shape `[K, batch]`.
  func distance(from x: Tensor, to mean: Tensor, size: PictureSize) -> Tensor {
    let unflattening = Unflattening(size: size, channels: channels)
    let wanted = withoutGradients { features(of: unflattening(x)) }
    let found = features(of: unflattening(mean.reshaped([-1, mean.extent(-1)])))
    let front = Array(mean.shape.dropLast())
    let parts = zip(wanted, found).map { wanted, found in
      let difference =
        found.reshaped(front + [wanted.count / max(wanted.extent(0), 1)]) - wanted.reshaped([wanted.extent(0), -1])
      return difference.squared().sum(over: -1) * 0.5
    }
    return parts.dropFirst().reduce(parts[0]) { $0 + $1 }
  }

  /// What is left of a picture's size after each stage; nil where nothing is.
  func fits(_ size: PictureSize) -> Bool {
    var (height, width) = (size.height, size.width)
    for stage in stages {
      func reduced(_ extent: Int) -> Int {
        let room = extent + 2 * stage.padding - stage.weight.extent(2)
        return room < 0 ? 0 : room / stage.stride + 1
      }
      (height, width) = (reduced(height), reduced(width))
      guard height > 0, width > 0 else { return false }
      (height, width) = (height / stage.pooling, width / stage.pooling)
      guard height > 0 && width > 0 || stage.weight === stages[stages.count - 1].weight else { return false }
    }
    return true
  }
}

extension Tensor {
  /// The greatest number of each square of pixels; what a last row or column of squares lacks is left out.
  fileprivate func pooled(_ side: Int) -> Tensor {
    guard side > 1 else { return self }
    let (height, width) = (extent(-2) / side, extent(-1) / side)
    guard height > 0, width > 0 else { return self }
    return narrowed(along: 2, from: 0, count: height * side).narrowed(along: 3, from: 0, count: width * side)
      .reshaped([extent(0), extent(1), height, side, width, side]).maximum(over: 3, 5)
  }
}
