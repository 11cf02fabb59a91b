public import Torch

/// The Gaussian of the training rows' codes, fitted once training is over.
///
///     p(z) = N(z; m, S),   m and S the mean and covariance of one draw of q(z|x) for each training row
///
/// Until then it is N(0, I), which is what training sees. An autoencoder, whose codes nothing holds near N(0, I), can be sampled with it.
/// - SeeAlso: Ghosh et al., “From Variational to Deterministic Autoencoders”, 2020, section 4.
public struct FittedGaussianPrior: FittedPrior {
  /// m, shape `[latents]`.
  public let mean: Buffer
  /// The lower triangular L of S = L Lᵀ, shape `[latents, latents]`.
  public let factor: Buffer

  /// What S is given on its diagonal beside its own, as a part of its mean variance: latents that do not vary have a density too.
  static let floor = 1e-6

  /// A prior N(0, I), to be fitted.
  init(latents: Int, with initializer: Initializer) {
    mean = Buffer(initializer.constant([latents], 0))
    factor = Buffer(initializer.identity(latents))
  }

  private var gaussian: FullGaussian {
    FullGaussian(mean: mean.value.unsqueezed(at: 0), factor: factor.value.unsqueezed(at: 0))
  }

  /// m + L ε.
  public func sample(_ count: Int, using noise: Noise) -> Tensor {
    gaussian.sample(count, using: noise).squeezed(at: 1)
  }

  /// log N(z; m, S).
  public func logDensity(of z: Tensor) -> Tensor {
    gaussian.logDensity(of: z.unsqueezed(at: -2)).squeezed(at: -1)
  }

  /// None is used: draws tell it for every form of posterior.
  public func divergence(of posterior: any LatentDistribution) -> Tensor? { nil }

  /// L².
  public var width: Int { factor.value.count }

  /// Takes the mean and the covariance of codes, with 1/N, in double precision.
  public func fit(to codes: Tensor) throws(LatentError) {
    let codes = codes.to(type: .float64)
    let centre = codes.mean(over: 0)
    let centred = codes - centre
    let covariance = centred.transposed().times(centred) / Double(codes.extent(0))
    let variance = covariance.diagonal().mean().item
    let floor = Tensor.identity(codes.extent(1), type: .float64, on: codes.device) * (variance * Self.floor + 1e-12)
    guard variance.isFinite, let root = try? (covariance + floor).cholesky() else {
      throw LatentError(
        "the prior cannot be fitted: the codes of the training rows are not all finite; lower training.optimizer.learningRate."
      )
    }
    withoutGradients {
      mean.value.copy(from: centre)
      factor.value.copy(from: root)
    }
  }

  /// What can be set: nothing.
  public struct Settings: PriorChoice {
    /// `fitted-gaussian`.
    public static var kind: String { "fitted-gaussian" }
    /// One sentence.
    public static var summary: String {
      "p(z) = N(m, S), fitted to the codes of the training rows once training is over, N(0, I) until then"
    }
    /// The only one.
    public init() {}

    /// The prior for this many latents.
    public func make(
      latents: Int, shape: [Int], encoding: @escaping (Tensor) -> any LatentDistribution, with initializer: Initializer
    ) -> any Prior {
      FittedGaussianPrior(latents: latents, with: initializer)
    }
  }
}
