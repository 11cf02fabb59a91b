public import Torch

/// The constants that lead from raw values to what a likelihood describes, and back.
///
///     model = (raw − offset) / scale
public struct Scaling: Codable, Sendable, Equatable {
  /// How the constants were found; never `automatic`.
  public let kind: ScalingKind
  /// One number for all values, or one a column.
  public let offset: [Double]
  /// As many as ``offset``, none of them 0.
  public let scale: [Double]

  /// Leaves values as they are.
  public static let identity = Scaling(kind: .none, offset: [0], scale: [1])

  init(kind: ScalingKind, offset: [Double], scale: [Double]) {
    self.kind = kind
    self.offset = offset
    self.scale = scale
  }

  /// Finds the constants of a data set: of the rows to train on, so that others do not reach the model.
  ///
  /// - Parameter kind: `unit` divides bytes by 255, or by their maximum where that is below 128, leaves floating-point pictures
  ///   that fill [0, 1] by more than half as they are, and takes other values by minimum and maximum; `standard` takes mean and population deviation. Tables have constants for each
  ///   column, pictures have one for all pixels. Where all values are the same, the scale is 1.
  public static func fitted(_ kind: ScalingKind, to dataset: Dataset) -> Scaling {
    let kind = kind.resolved(for: dataset)
    if kind == .none || kind == .automatic { return .identity }
    let statistics = dataset.isPicture ? [ColumnStatistics.overall(of: dataset)] : ColumnStatistics.columns(of: dataset)
    func positive(_ value: Double) -> Double { value > 0 && value.isFinite ? value : 1 }
    if kind == .standard {
      return Scaling(kind: kind, offset: statistics.map(\.mean), scale: statistics.map { positive($0.deviation) })
    }
    if dataset.values.type == .uint8 && dataset.isPicture {
      let maximum = statistics[0].maximum
      return Scaling(kind: kind, offset: [0], scale: [maximum < 128 ? positive(maximum) : 255])
    }
    // Else a pixel of another row that is a little darker or brighter than any here would lie outside.
    if dataset.isPicture, statistics[0].minimum >= 0, (0.5...1).contains(statistics[0].maximum) {
      return Scaling(kind: kind, offset: [0], scale: [1])
    }
    return Scaling(
      kind: kind, offset: statistics.map(\.minimum), scale: statistics.map { positive($0.maximum - $0.minimum) })
  }

  /// From raw values to the model's, `float32`.
  ///
  /// - Parameter raw: Shape `[…, dimensions]`, of any type.
  public func toModel(_ raw: Tensor) -> Tensor {
    let raw = raw.to(type: .float32)
    if offset.count == 1 && scale.count == 1 {
      let shifted = offset[0] == 0 ? raw : raw - offset[0]
      return scale[0] == 1 ? shifted : shifted / scale[0]
    }
    return (raw - row(offset, like: raw)) / row(scale, like: raw)
  }

  /// From the model's values to raw ones, in the type of the former.
  ///
  /// - Parameter model: Shape `[…, dimensions]`.
  public func toRaw(_ model: Tensor) -> Tensor {
    if offset.count == 1 && scale.count == 1 {
      let stretched = scale[0] == 1 ? model : model * scale[0]
      return offset[0] == 0 ? stretched : stretched + offset[0]
    }
    return model * row(scale, like: model) + row(offset, like: model)
  }

  private func row(_ numbers: [Double], like values: Tensor) -> Tensor {
    Tensor(numbers).to(type: values.type, device: values.device)
  }
}
