public import Torch

/// All probability in one point.
public struct Point {
  /// Where, shape `[batch, L]`.
  public let mean: Tensor

  /// A point.
  public init(_ mean: Tensor) { self.mean = mean }
}

extension Point: LatentDistribution {
  /// True.
  public var isPoint: Bool { true }

  /// 0.
  public var variance: Tensor { .zeros(mean.shape, type: mean.type, on: mean.device) }

  /// The point itself, each time.
  public func sample(_ count: Int, using noise: Noise) -> Tensor { mean.expanded([count] + mean.shape) }

  /// There is no density: infinite at the point, and nothing elsewhere.
  public func logDensity(of z: Tensor) -> Tensor {
    let distance = (z - mean).squared().sum(over: -1)
    let infinity = Tensor.full(distance.shape, .infinity, type: z.type, on: z.device)
    return .choose(infinity, where: distance .== 0, else: -infinity)
  }

  /// Infinite: no density comes near a point.
  public func divergenceFromStandardNormal() -> Tensor? {
    .full(mean.shape, .infinity, type: mean.type, on: mean.device)
  }
}
