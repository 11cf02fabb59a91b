public import Torch

/// A learned mixture of Gaussians whose dimensions are independent.
///
///     p(z) = Σ_k π_k N(z; m_k, diag s²_k),   π = softmax(logits)
///
/// - SeeAlso: Dilokthanakul et al., “Deep Unsupervised Clustering with Gaussian Mixture Variational Autoencoders”, 2016; Tomczak & Welling,
///   “VAE with a VampPrior”, 2018, section 3.
public struct MixturePrior: Prior {
  /// The logarithms of the weights but for a constant, shape `[K]`.
  public let logits: Parameter
  /// m, shape `[K, latents]`.
  public let means: Parameter
  /// log s², shape `[K, latents]`, clamped where it is used.
  public let logVariances: Parameter

  /// The range that log s² is clamped to.
  static let range = -20.0...10.0

  /// A component by chance, and a draw from it.
  public func sample(_ count: Int, using noise: Noise) -> Tensor {
    let component = noise.categories(logits.value.softmax().unsqueezed(at: 0), count: count).reshaped([count])
    let logVariances = logVariances.value.clamped(to: Self.range).rows(component)
    return DiagonalGaussian(mean: means.value.rows(component), logVariance: logVariances)
      .sample(1, using: noise).squeezed(at: 0)
  }

  /// log Σ_k π_k N(z; m_k, diag s²_k), from logarithms without underflow.
  public func logDensity(of z: Tensor) -> Tensor {
    let components = DiagonalGaussian(mean: means.value, logVariance: logVariances.value.clamped(to: Self.range))
    return (components.logDensity(of: z.unsqueezed(at: -2)) + logits.value.logSoftmax()).logSumExp(over: -1)
  }

  /// None.
  public func divergence(of posterior: any LatentDistribution) -> Tensor? { nil }

  /// K · L.
  public var width: Int { means.value.count }

  /// What can be set.
  public struct Settings: PriorChoice {
    /// K, the number of Gaussians.
    public var components = 10
    /// The deviation of their means at the start; their variances start as 1.
    public var initialSpread = 1.0

    /// `mixture`.
    public static var kind: String { "mixture" }
    /// One sentence.
    public static var summary: String { "p(z) = Σ π_k N(z; m_k, diag s²_k), weights, means and variances learned" }
    /// The defaults.
    public init() {}

    /// One component at the least, apart from each other.
    public func validate() throws(LatentError) {
      guard (1...10_000).contains(components) else {
        throw LatentError("components: \(components) is no number of Gaussians; expected 1 to 10000.")
      }
      try initialSpread.demandSpread("initialSpread")
    }

    /// Gradients reach weights, means and variances.
    public var isLearned: Bool { true }

    /// The prior for this many latents.
    public func make(
      latents: Int, shape: [Int], encoding: @escaping (Tensor) -> any LatentDistribution, with initializer: Initializer
    ) -> any Prior {
      MixturePrior(
        logits: Parameter(initializer.constant([components], 0)),
        means: Parameter(initializer.normal([components, latents], deviation: initialSpread)),
        logVariances: Parameter(initializer.constant([components, latents], 0)))
    }
  }
}

extension Double {
  /// Refuses what is no deviation of starting values: equal ones would stay equal.
  func demandSpread(_ name: String) throws(LatentError) {
    guard self > 0, self <= 1000 else {
      throw LatentError("\(name): \(brief) is no deviation to start from; expected above 0, at most 1000.")
    }
  }
}
