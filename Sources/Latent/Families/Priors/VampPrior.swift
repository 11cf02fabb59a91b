internal import Foundation
public import Torch

/// The mixture of the posteriors of K learned pseudo-inputs.
///
///     p(z) = 1/K Σ_k q(z|u_k)
///
/// The best prior for the ELBO is the mean of q(z|x) over all observations; this is such a mean over few observations that are learned. u_k is
/// made from free numbers so that it lies where observations do (see ``Likelihood/encoderInput(free:)``). The encoder takes them as it will
/// be used once trained, also in training: they are no batch of data, so its batch normalization uses the running moments, which they do
/// not change, and nothing is dropped. The density is therefore the same function of the parameters in training and judging.
/// - SeeAlso: Tomczak & Welling, “VAE with a VampPrior”, 2018.
public struct VampPrior: Prior {
  /// The free numbers of each pseudo-input, shape `[K, D]`.
  public let pseudoInputs: Parameter
  private let latents: Int
  private let encoding: (Tensor) -> any LatentDistribution

  /// A pseudo-input by chance, and a draw from its posterior.
  public func sample(_ count: Int, using noise: Noise) -> Tensor {
    let free = pseudoInputs.value
    let weights = Tensor.ones([1, free.extent(0)], type: free.type, on: free.device)
    let chosen = noise.categories(weights, count: count).reshaped([count])
    return encoding(free.rows(chosen)).sample(1, using: noise).squeezed(at: 0)
  }

  /// log 1/K Σ_k q(z|u_k), from logarithms without underflow.
  public func logDensity(of z: Tensor) -> Tensor {
    encoding(pseudoInputs.value).logDensity(of: z.unsqueezed(at: -2)).logSumExp(over: -1)
      - log(Double(pseudoInputs.value.extent(0)))
  }

  /// None.
  public func divergence(of posterior: any LatentDistribution) -> Tensor? { nil }

  /// K · L.
  public var width: Int { pseudoInputs.value.extent(0) * latents }

  /// What can be set.
  public struct Settings: PriorChoice {
    /// K, the number of pseudo-inputs.
    public var pseudoInputs = 50
    /// The deviation of their free numbers at the start.
    public var initialSpread = 1.0

    /// `vamp`.
    public static var kind: String { "vamp" }
    /// One sentence.
    public static var summary: String {
      "p(z) = 1/K Σ q(z|u_k), the mixture of the posteriors of K learned pseudo-inputs"
    }
    /// The defaults.
    public init() {}

    /// One pseudo-input at the least, apart from each other.
    public func validate() throws(LatentError) {
      guard (1...10_000).contains(pseudoInputs) else {
        throw LatentError("pseudoInputs: \(pseudoInputs) is no number of pseudo-inputs; expected 1 to 10000.")
      }
      try initialSpread.demandSpread("initialSpread")
    }

    /// Gradients reach the pseudo-inputs.
    public var isLearned: Bool { true }

    /// The prior for this encoder.
    public func make(
      latents: Int, shape: [Int], encoding: @escaping (Tensor) -> any LatentDistribution, with initializer: Initializer
    ) -> any Prior {
      VampPrior(
        pseudoInputs: Parameter(
          initializer.normal([pseudoInputs, shape.reduce(1, *)], deviation: initialSpread)),
        latents: latents, encoding: encoding)
    }
  }
}
