public import Torch

/// A posterior without spread: the encoder gives z itself. With it the model is an autoencoder.
///
///     z = E(x)
///
/// It has no density, and its divergence from every prior is infinite: it is trained by `reconstruction` alone.
public struct PointPosterior: Posterior {
  /// z.
  public let featureCount: Int

  /// The features as they are.
  public func callAsFunction(_ features: Tensor) -> any LatentDistribution { Point(features) }

  /// What can be set: nothing.
  public struct Settings: PosteriorChoice {
    /// `point`.
    public static var kind: String { "point" }
    /// One sentence.
    public static var summary: String { "z = E(x), no distribution: an autoencoder; needs objective reconstruction" }
    /// The only one.
    public init() {}

    /// False.
    public var hasDensity: Bool { false }

    /// The posterior for this many latents.
    public func make(latents: Int, with initializer: Initializer) -> any Posterior {
      PointPosterior(featureCount: latents)
    }
  }
}
