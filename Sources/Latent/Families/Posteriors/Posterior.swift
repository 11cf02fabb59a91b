public import Torch

/// What q(z|x) is for a batch of rows.
public protocol LatentDistribution {
  /// E[z|x], shape `[batch, latents]`.
  var mean: Tensor { get }

  /// Var[z|x] of each dimension, shape `[batch, latents]`.
  var variance: Tensor { get }

  /// Draws of latents, differentiable in the distribution's parameters.
  ///
  /// - Returns: Shape `[count, batch, latents]`.
  func sample(_ count: Int, using noise: Noise) -> Tensor

  /// log q(z|x).
  ///
  /// - Parameter z: Shape `[count, batch, latents]`.
  /// - Returns: Shape `[count, batch]`.
  func logDensity(of z: Tensor) -> Tensor

  /// KL(q(z|x) ‖ N(0, I)) in closed form, shape `[batch, latents]` whose sum over latents is the divergence; nil where there is none.
  func divergenceFromStandardNormal() -> Tensor?

  /// Whether all of it is in one point: it then has no density, and no divergence that is finite.
  var isPoint: Bool { get }

  /// log q(z|x) of every z with every row, in double precision.
  ///
  /// - Parameter z: Shape `[draws, latents]`.
  /// - Returns: Shape `[draws, batch]`.
  func logDensities(ofEach z: Tensor) -> Tensor

  /// q(z_d|x) of each latent by itself, where that is Gaussian; else nil.
  var marginals: DiagonalGaussian? { get }
}

extension LatentDistribution {
  /// It has a density.
  public var isPoint: Bool { false }

  /// One pair at a time.
  public func logDensities(ofEach z: Tensor) -> Tensor {
    logDensity(of: z.to(type: mean.type).unsqueezed(at: -2)).to(type: .float64)
  }

  /// It does not say.
  public var marginals: DiagonalGaussian? { nil }
}

/// The form of q(z|x): it turns an encoder's outputs into a distribution of latents.
public protocol Posterior: Module {
  /// The number of outputs that it asks of the encoder.
  var featureCount: Int { get }

  /// The distribution for each row.
  ///
  /// - Parameter features: Shape `[batch, featureCount]`.
  func callAsFunction(_ features: Tensor) -> any LatentDistribution

  /// What log σ² is clamped to; nil where there is no such thing.
  var logVarianceRange: ClosedRange<Double>? { get }
}

extension Posterior {
  /// Nothing is clamped.
  public var logVarianceRange: ClosedRange<Double>? { nil }
}

/// A posterior to be chosen by name.
public protocol PosteriorChoice: Choice {
  /// Whether q(z|x) has a density, without which there is no ELBO.
  var hasDensity: Bool { get }

  /// The posterior for this many latents.
  func make(latents: Int, with initializer: Initializer) -> any Posterior
}

extension PosteriorChoice {
  /// It has.
  public var hasDensity: Bool { true }
}

/// The forms of q(z|x).
public enum Posteriors: Family {
  /// The choices as posteriors.
  public typealias Member = any PosteriorChoice
  /// `posteriors`.
  public static var name: String { "posteriors" }
  /// The list; a new posterior adds a line here.
  public static var choices: [any Choice.Type] {
    [
      DiagonalGaussianPosterior.Settings.self,
      FullGaussianPosterior.Settings.self,
      PointPosterior.Settings.self,
    ]
  }
  /// The diagonal Gaussian.
  public static var standard: any Choice { DiagonalGaussianPosterior.Settings() }
}
