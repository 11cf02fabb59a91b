internal import Torch

extension TrainedModel {
  /// A prior that draws are made from, by its name.
  struct Origin {
    let name: String
    let prior: any Prior
  }

  /// Where a model's draws come from when it is judged by them: its own prior.
  ///
  /// Nothing holds the codes of a point posterior near any prior, so for one there are two: N(0, I), and the Gaussian fitted to its codes.
  /// - Parameter rows: Those whose codes are fitted.
  /// - Throws: ``LatentError`` where the rows are of another shape than the model's, or their codes are not finite.
  func origins(fittedTo rows: () throws -> Dataset, using noise: Noise) throws -> [Origin] {
    let own = Origin(name: configuration.model.prior.kind, prior: model.prior)
    guard let posterior = configuration.model.posterior.choice as? any PosteriorChoice, !posterior.hasDensity else {
      return [own]
    }
    let plain =
      own.prior is StandardNormalPrior
      ? own : Origin(name: StandardNormalPrior.Settings.kind, prior: StandardNormalPrior(latents: model.latents))
    if own.prior is FittedGaussianPrior { return [plain, own] }
    let fitted = FittedGaussianPrior(
      latents: model.latents, with: Initializer(noise: Noise(seed: 0), device: device))
    try fitted.fit(to: latents(of: rows(), using: noise))
    return [plain, Origin(name: FittedGaussianPrior.Settings.kind, prior: fitted)]
  }
}
