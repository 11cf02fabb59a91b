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

  /// KL(q(z|x) ‖ p(z)) in closed form.
  ///
  /// - Returns: Shape `[batch, latents]` whose sum over latents is the divergence; nil where there is no closed form.
  func divergence(of posterior: any LatentDistribution) -> Tensor?
}

extension Prior {
  /// The mean of 10,000 draws, which is off by about a hundredth of a deviation.
  public func mean(using noise: Noise) -> Tensor { withoutGradients { sample(10_000, using: noise).mean(over: 0) } }
}

/// A prior to be chosen by name.
public protocol PriorChoice: Choice {
  /// The prior for this many latents.
  func make(latents: Int, with initializer: Initializer) -> any Prior
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
      StandardNormalPrior.Settings.self
    ]
  }
  /// The standard normal.
  public static var standard: any Choice { StandardNormalPrior.Settings() }
}
