public import Torch

/// p(z) = N(0, I).
public struct StandardNormalPrior: Prior {
  let latents: Int
  let type: ElementKind

  /// N(0, I) in so many dimensions.
  public init(latents: Int, type: ElementKind = .float32) {
    self.latents = latents
    self.type = type
  }

  /// Draws from N(0, I).
  public func sample(_ count: Int, using noise: Noise) -> Tensor { noise.normal([count, latents], type: type) }

  /// 0.
  public func mean(using noise: Noise) -> Tensor { .zeros([latents], type: type, on: noise.device) }

  /// −½ Σ (ln 2π + z²).
  public func logDensity(of z: Tensor) -> Tensor { StandardNormal.logDensity(of: z) }

  /// −½ (ln 2π + z²).
  public func logDensities(of z: Tensor) -> Tensor? { StandardNormal.logDensities(of: z) }

  /// What the posterior knows of its divergence from N(0, I).
  public func divergence(of posterior: any LatentDistribution) -> Tensor? { posterior.divergenceFromStandardNormal() }

  /// What can be set: nothing.
  public struct Settings: PriorChoice {
    /// `standard-normal`.
    public static var kind: String { "standard-normal" }
    /// One sentence.
    public static var summary: String { "p(z) = N(0, I)" }
    /// The only one.
    public init() {}

    /// They are.
    public var isFactorized: Bool { true }

    /// The prior for this many latents.
    public func make(
      latents: Int, shape: [Int], encoding: @escaping (Tensor) -> any LatentDistribution, with initializer: Initializer
    ) -> any Prior {
      StandardNormalPrior(latents: latents, type: initializer.type)
    }
  }
}
