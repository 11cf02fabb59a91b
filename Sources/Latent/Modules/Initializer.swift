public import Torch

/// Where new parameters come from: a source of draws, and the device and type they are to have.
///
/// Draws are made on the processor, so that a seed gives the same model on every device.
public struct Initializer {
  /// The source of draws, on the processor.
  public let noise: Noise
  /// Where the parameters will be.
  public let device: Device
  /// Their type: `float32`, or `float64` to check formulas.
  public let type: ElementKind
  /// Whether parameters only have a shape, and no memory of their own.
  private let isMeasuring: Bool

  /// An initializer.
  public init(noise: Noise, device: Device = .cpu, type: ElementKind = .float32) {
    self.init(noise: noise, device: device, type: type, isMeasuring: false)
  }

  private init(noise: Noise, device: Device, type: ElementKind, isMeasuring: Bool) {
    self.noise = noise
    self.device = device
    self.type = type
    self.isMeasuring = isMeasuring
  }

  /// Makes a model whose parameters can be counted but not used: they take no memory, whatever their number.
  static var measuring: Initializer {
    Initializer(noise: Noise(seed: 0), device: .cpu, type: .float32, isMeasuring: true)
  }

  private func shapeOnly(_ shape: [Int]) -> Tensor {
    .zeros(shape.map { _ in 1 }, type: type, on: device).expanded(shape)
  }

  /// Draws from the uniform distribution on [−bound, bound].
  public func uniform(_ shape: [Int], bound: Double) -> Tensor {
    isMeasuring
      ? shapeOnly(shape) : ((noise.uniform(shape, type: .float64) * 2 - 1) * bound).to(type: type, device: device)
  }

  /// Draws from N(0, deviation²).
  public func normal(_ shape: [Int], deviation: Double) -> Tensor {
    isMeasuring ? shapeOnly(shape) : (noise.normal(shape, type: .float64) * deviation).to(type: type, device: device)
  }

  /// The same number everywhere.
  public func constant(_ shape: [Int], _ value: Double) -> Tensor {
    isMeasuring ? shapeOnly(shape) : .full(shape, value, type: type, on: device)
  }

  /// The identity matrix.
  public func identity(_ size: Int) -> Tensor {
    isMeasuring ? shapeOnly([size, size]) : .identity(size, type: type, on: device)
  }
}

/// How the weights of a layer start.
public enum Initialization: String, NamedValue {
  /// U(−1/√inputs, 1/√inputs) for weights and biases: PyTorch's own.
  case fanIn = "fan-in"
  /// U(−b, b), b = √(6 / (inputs + outputs)), biases 0; for tanh. Glorot & Bengio, 2010.
  case glorot
  /// N(0, 2 / inputs), biases 0; for rectifiers. He et al., 2015.
  case he
  /// N(0, 0.01²), weights and biases, as in Kingma & Welling, 2013.
  case smallNormal = "small-normal"

  /// Weights of a layer each of whose outputs is a sum over `inputs` numbers, and each of whose inputs reaches `outputs`.
  func weights(_ shape: [Int], inputs: Int, outputs: Int, with initializer: Initializer) -> Tensor {
    switch self {
    case .fanIn: initializer.uniform(shape, bound: 1 / Double(max(inputs, 1)).squareRoot())
    case .glorot: initializer.uniform(shape, bound: (6 / Double(max(inputs + outputs, 1))).squareRoot())
    case .he: initializer.normal(shape, deviation: (2 / Double(max(inputs, 1))).squareRoot())
    case .smallNormal: initializer.normal(shape, deviation: 0.01)
    }
  }

  /// Biases of a layer each of whose outputs is a sum over `inputs` numbers.
  func biases(_ count: Int, inputs: Int, with initializer: Initializer) -> Tensor {
    switch self {
    case .fanIn: initializer.uniform([count], bound: 1 / Double(max(inputs, 1)).squareRoot())
    case .glorot, .he: initializer.constant([count], 0)
    case .smallNormal: initializer.normal([count], deviation: 0.01)
    }
  }
}
