public import Torch

/// The only way from a data set to a model: moves, gathers, scales and binarizes rows.
public struct Preparation {
  /// What the model knows about its data.
  public let description: DataDescription
  /// Where batches are made.
  public let device: Device

  private let offset: Tensor?
  private let scale: Tensor?

  /// A way to a model on a device.
  public init(_ description: DataDescription, on device: Device = .cpu) {
    self.description = description
    self.device = device
    let scaling = description.scaling
    let isByColumn = scaling.offset.count > 1
    offset = isByColumn ? Tensor(scaling.offset).to(type: .float32, device: device) : nil
    scale = isByColumn ? Tensor(scaling.scale).to(type: .float32, device: device) : nil
  }

  /// A data set ready to take batches from: on the device, and with its fixed binarization drawn.
  ///
  /// - Parameters:
  ///   - part: What the rows are for, such as `training`: each part is drawn by itself.
  ///   - seed: What the draw depends on.
  /// - Throws: ``LatentError`` where the rows are not of the model's shape.
  public func prepared(_ dataset: Dataset, part: String, seed: UInt64) throws(LatentError) -> Dataset {
    try description.check(dataset)
    guard description.binarization == .fixed, !dataset.isBinarized else { return dataset.on(device) }
    let noise = Noise(seed: seed, stream: "binarization of \(part)")
    let host = Preparation(description, on: .cpu)
    let source = dataset.on(.cpu)
    let bits = Tensor.zeros([source.count, source.dimensions], type: .uint8)
    for start in stride(from: 0, to: source.count, by: Self.chunk) {
      let rows = start..<min(start + Self.chunk, source.count)
      bits[rows].copy(from: noise.bernoulli(host.scaled(source.values[rows]).clamped(to: 0...1)))
    }
    return source.with(values: bits, labels: source.labels, isBinarized: true).on(device)
  }

  /// Rows as the model takes them.
  ///
  /// - Parameters:
  ///   - dataset: One that ``prepared(_:part:seed:)`` gave.
  ///   - rows: Their numbers, `int64`, on the device.
  ///   - noise: What a dynamic binarization is drawn from; without it, it leaves the greys.
  /// - Returns: Shape `[rows, dimensions]`, `float32`, in the model's space.
  public func batch(of dataset: Dataset, rows: Tensor, noise: Noise?) -> Tensor {
    let scaling = description.scaling
    guard dataset.values.type == .uint8, offset == nil else {
      return model(dataset.values.rows(rows), isBinarized: dataset.isBinarized, noise: noise)
    }
    if dataset.isBinarized { return dataset.values.scaledRows(rows, offset: 0, scale: 1) }
    return binarized(
      dataset.values.scaledRows(rows, offset: scaling.offset[0], scale: scaling.scale[0]), noise: noise)
  }

  /// Neighbouring rows as the model takes them.
  ///
  /// - SeeAlso: ``batch(of:rows:noise:)-(_,Tensor,_)``
  public func batch(of dataset: Dataset, rows: Range<Int>, noise: Noise?) -> Tensor {
    model(dataset.values[rows], isBinarized: dataset.isBinarized, noise: noise)
  }

  private func model(_ raw: Tensor, isBinarized: Bool, noise: Noise?) -> Tensor {
    isBinarized ? raw.to(type: .float32) : binarized(scaled(raw), noise: noise)
  }

  private func binarized(_ values: Tensor, noise: Noise?) -> Tensor {
    switch description.binarization {
    case .none, .fixed: return values
    case .threshold: return (values .>= 0.5).to(type: .float32)
    case .dynamic: return noise.map { $0.bernoulli(values.clamped(to: 0...1)) } ?? values
    }
  }

  private func scaled(_ raw: Tensor) -> Tensor {
    guard let offset, let scale else { return description.scaling.toModel(raw) }
    return (raw.to(type: .float32) - offset) / scale
  }

  private static let chunk = 4096
}
