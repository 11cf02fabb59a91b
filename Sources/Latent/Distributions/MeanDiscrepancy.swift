public import Torch

/// How far two laws are from each other as a kernel sees it, from draws of both: their maximum mean discrepancy.
///
///     MMD² = E k(a, a′) − 2 E k(a, b) + E k(b, b′),   a, a′ ~ q and b, b′ ~ p independent
///
/// 0 only for equals, at most 2. The estimate leaves out pairs of a draw with itself, so that its mean is MMD² for any number of draws;
/// it may then be a little below 0. Fewer than two draws of a law have no pairs and count as 0.
/// - SeeAlso: Gretton et al., “A Kernel Two-Sample Test”, 2012, lemma 6.
public struct MeanDiscrepancy: Sendable, Equatable {
  /// k(a, b), 1 for equals and falling with their distance.
  public enum Kernel: String, NamedValue {
    /// exp(−‖a − b‖² / 2h²).
    case gaussian
    /// 1 / (1 + ‖a − b‖² / 2h²), with long tails.
    case inverseQuadratic = "inverse-quadratic"
  }

  /// The form of k.
  public let kernel: Kernel
  /// h.
  public let bandwidth: Double

  /// A discrepancy by its kernel and the kernel's width, above 0.
  public init(kernel: Kernel = .gaussian, bandwidth: Double) {
    self.kernel = kernel
    self.bandwidth = bandwidth
  }

  /// MMD², a scalar, differentiable in both.
  ///
  /// - Parameter a: Draws from one law, shape `[n, L]`.
  /// - Parameter b: Draws from the other, shape `[m, L]`.
  public func between(_ a: Tensor, _ b: Tensor) -> Tensor {
    within(a) + within(b) - similarity(a, b).mean() * 2
  }

  /// The mean of k over pairs of different draws.
  private func within(_ a: Tensor) -> Tensor {
    let count = Double(a.extent(0))
    guard count > 1 else { return a.sum() * 0 }
    // Every draw has the similarity 1 to itself.
    return (similarity(a, a).sum() - count) / (count * (count - 1))
  }

  private func similarity(_ a: Tensor, _ b: Tensor) -> Tensor {
    let squares = a.squared().sum(over: -1).unsqueezed(at: 1) + b.squared().sum(over: -1)
    // Rounding may leave less than nothing of the distance from a draw to itself.
    let scaled = (squares - a.times(b.transposed()) * 2).rectified() / (2 * bandwidth * bandwidth)
    return switch kernel {
    case .gaussian: (-scaled).exponential()
    case .inverseQuadratic: (scaled + 1).reciprocal()
    }
  }
}
