public import Torch

/// The ELBO with a term that holds all codes together near the prior, so that each code may be farther from it.
///
///     α (−E_q log p(x|z)) + β KL(q(z|x) ‖ p(z)) + λ MMD²(q(z), p(z)),   q(z) = E_x q(z|x)
///
/// MMD² is estimated for each batch from one draw of q(z|x) for each row and as many from p(z) (see ``MeanDiscrepancy``); K draws give
/// the mean of K estimates. It is a pure number, so λ says how many nats it is worth. With λ = 0 it is the ELBO; with the paper's α and λ,
/// β = 1 − α and λ here is α + λ − 1; with β = 0 it is the MMD-VAE. −ELBO is the sum of the first two terms.
/// - SeeAlso: Zhao, Song & Ermon, “InfoVAE: Information Maximizing Variational Autoencoders”, 2017, equation 6.
public struct InfoVAE: Objective {
  /// λ.
  public var discrepancyWeight = 100.0
  /// The form of k(a, b).
  public var kernel = MeanDiscrepancy.Kernel.gaussian
  /// h, the width of the kernel; 0 takes √L, of the size of the distances between draws of N(0, I).
  public var bandwidth = 0.0
  /// K, the number of latents drawn for each row.
  public var samples = 1
  /// α.
  public var reconstructionWeight = 1.0
  /// β.
  public var divergenceWeight = 1.0

  /// The reparametrized one: the discrepancy is no mean over single draws, which others need.
  public var estimator: Chosen<Estimators> { Chosen() }
  /// False.
  public var takesEstimator: Bool { false }

  /// `info-vae`.
  public static var kind: String { "info-vae" }
  /// One sentence.
  public static var summary: String {
    "elbo and λ MMD²(q(z), p(z)) of all codes from the prior, by a kernel; weights α, β and λ"
  }
  /// The defaults.
  public init() {}

  /// λ and h as well as what every objective's settings obey.
  public func validate() throws(LatentError) {
    try demandWeight(discrepancyWeight, "discrepancyWeight")
    guard bandwidth >= 0, bandwidth <= 1e6 else {
      throw LatentError("bandwidth: \(bandwidth) must be above 0, or 0 for the root of the number of latents.")
    }
    try elbo.validate()
  }

  /// α, β and λ.
  public var weights: [String: Double] {
    elbo.weights.merging(["discrepancy": discrepancyWeight]) { first, _ in first }
  }

  /// The kernels of codes and draws with each other, on the way and with their gradients.
  public func pairs(batch: Int, latents: Int) -> Double { Double(samples) * Double(batch) * Double(batch) * 3 * 3 }

  /// Reconstruction, divergence and discrepancy.
  public func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator
  ) -> Terms {
    elbo.terms(
      of: model, on: x, divergenceFactor: divergenceFactor, mode: mode, using: noise, estimator: estimator,
      adding: { draws in
        let width = bandwidth > 0 ? bandwidth : Double(model.latents).squareRoot()
        let measure = MeanDiscrepancy(kernel: kernel, bandwidth: width)
        let discrepancy = (0..<samples).map { draw in
          measure.between(draws.z[draw], model.prior.sample(x.extent(0), using: noise))
        }
        return [.init(name: "discrepancy", weight: discrepancyWeight, cost: Tensor.stack(discrepancy).mean())]
      })
  }
}
