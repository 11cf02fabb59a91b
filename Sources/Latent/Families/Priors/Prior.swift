public import Torch

/// p(z): where latents come from when nothing is observed.
public protocol Prior: Module {
  /// Draws of latents.
  ///
  /// - Returns: Shape `[count, latents]`.
  func sample(_ count: Int, using noise: Noise) -> Tensor

  /// E[z], shape `[latents]`; where a prior does not say, the mean of draws.
  func mean(using noise: Noise) -> Tensor

  /// log p(z), shape `[…]` from `[…, latents]`.
  func logDensity(of z: Tensor) -> Tensor

  /// log p(z_d) of each latent by itself, shape `[…, latents]`; nil where latents depend on each other.
  func logDensities(of z: Tensor) -> Tensor?

  /// KL(q(z|x) ‖ p(z)) in closed form.
  ///
  /// - Returns: Shape `[batch, latents]` whose sum over latents is the divergence; nil where there is no closed form.
  func divergence(of posterior: any LatentDistribution) -> Tensor?

  /// The numbers that the density of one latent needs at once, by which judging limits its memory.
  var width: Int { get }
}

extension Prior {
  /// Few.
  public var width: Int { 1 }

  /// They may depend on each other.
  public func logDensities(of z: Tensor) -> Tensor? { nil }
}

/// A prior that gradients leave alone and that is fitted to codes once training is over.
public protocol FittedPrior: Prior {
  /// Takes the shape of some codes.
  ///
  /// - Parameter codes: One draw of q(z|x) for each training row, shape `[rows, latents]`.
  /// - Throws: ``LatentError`` where the codes are not finite.
  func fit(to codes: Tensor) throws(LatentError)
}

extension Prior {
  /// The mean of 10,000 draws, which is off by about a hundredth of a deviation.
  public func mean(using noise: Noise) -> Tensor { withoutGradients { sample(10_000, using: noise).mean(over: 0) } }
}

/// A prior to be chosen by name.
public protocol PriorChoice: Choice {
  /// Whether it has parameters, for which the objective must look at the divergence.
  var isLearned: Bool { get }

  /// Whether latents are independent, so that each has a density of its own (see ``Prior/logDensities(of:)``).
  var isFactorized: Bool { get }

  /// The prior for this many latents.
  ///
  /// - Parameters:
  ///   - shape: The shape of one observation, of D elements.
  ///   - encoding: From free numbers `[K, D]` to q(z|u), u being what the encoder would see of an observation made from them
  ///     (see ``Likelihood/encoderInput(free:)``). The encoder is used as it is once trained: batch normalization by its running
  ///     moments, no dropout.
  func make(
    latents: Int, shape: [Int], encoding: @escaping (Tensor) -> any LatentDistribution, with initializer: Initializer
  ) -> any Prior
}

extension PriorChoice {
  /// Nothing is learned.
  public var isLearned: Bool { false }

  /// They may depend on each other.
  public var isFactorized: Bool { false }
}

/// The distributions p(z).
public enum Priors: Family {
  /// The choices as priors.
  public typealias Member = any PriorChoice
  /// `priors`.
  public static var name: String { "priors" }
  /// The list; a new prior adds a line here.
  public static var choices: [any Choice.Type] {
    [
      StandardNormalPrior.Settings.self,
      MixturePrior.Settings.self,
      VampPrior.Settings.self,
      FittedGaussianPrior.Settings.self,
    ]
  }
  /// The standard normal.
  public static var standard: any Choice { StandardNormalPrior.Settings() }
}
