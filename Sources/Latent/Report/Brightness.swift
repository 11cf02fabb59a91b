package import Torch

extension TrainedModel {
  /// Observations in the data's units as pictures are drawn: 0 for black to 1 for white.
  func brightness(of values: Tensor) -> Tensor {
    let (offset, scale) = (data.scaling.offset[0], data.scaling.scale[0])
    let range: ClosedRange<Double> =
      switch (data.scaling.kind, model.likelihood) {
      case (.unit, _): offset...(offset + scale)
      case (.standard, _): (offset - 2.5 * scale)...(offset + 2.5 * scale)
      case (_, let likelihood as CategoricalLikelihood): 0...Double(likelihood.levels - 1)
      default: 0...1
      }
    return values.brightness(in: range)
  }
}

extension TrainedModel {
  /// Observations in the data's units as bytes of brightness, 0 for black to 255 for white; what is not a number is black.
  ///
  /// - Returns: In C order, as many as there are values.
  package func pixels(of values: Tensor) -> [UInt8] {
    brightness(of: values).values(as: Float.self).map { UInt8(min(max($0, 0), 1) * 255 + 0.5) }
  }
}

extension Tensor {
  /// The numbers of a range as 0 … 1.
  func brightness(in range: ClosedRange<Double>) -> Tensor {
    (to(type: .float32) - range.lowerBound) / Swift.max(range.upperBound - range.lowerBound, .leastNormalMagnitude)
  }
}
