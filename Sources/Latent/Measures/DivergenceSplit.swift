/// What the mean divergence of some rows consists of, in nats per row.
///
///     1/N Σ_n KL(q(z|x_n) ‖ p(z)) = I(n; z) + KL(q(z) ‖ p(z)),   q(z) = 1/N Σ_n q(z|x_n)
///     KL(q(z) ‖ p(z)) = KL(q(z) ‖ Π_d q(z_d)) + Σ_d KL(q(z_d) ‖ p(z_d))   where p(z) = Π_d p(z_d)
///
/// q(z) is the aggregate posterior of the rows that are judged, all of them. With the reconstruction the parts add up to −ELBO, which is
/// the divergence of the two joint distributions but for a constant of the data: KL(p(x) q(z|x) ‖ p(z) p(x|z)) = −H(x) − E ELBO.
/// - SeeAlso: Hoffman & Johnson, “ELBO surgery: yet another way to carve up the variational evidence lower bound”, 2016; Chen, Li, Grosse
///   & Duvenaud, “Isolating Sources of Disentanglement in Variational Autoencoders”, 2018.
public struct DivergenceSplit: Codable, Sendable, Equatable {
  /// M, the draws from q(z) by which it was estimated.
  public var draws = 0
  /// I(n; z): what a code says about which row it is of, from 0 to ln N.
  public var mutualInformation = 0.0
  /// Its standard error, of the draws.
  public var mutualInformationError = 0.0
  /// ln N, which no code can exceed.
  public var mutualInformationLimit = 0.0
  /// KL(q(z) ‖ p(z)): how far the codes of all rows together are from the prior.
  public var aggregateDivergence = 0.0
  /// Its standard error, of the draws.
  public var aggregateDivergenceError = 0.0
  /// KL(q(z) ‖ Π_d q(z_d)): how much latents depend on each other; nil where the prior's or the posterior's latents do not stand alone.
  public var totalCorrelation: Double?
  /// Its standard error, of the draws.
  public var totalCorrelationError: Double?
  /// Σ_d KL(q(z_d) ‖ p(z_d)): how far each latent alone is from the prior; nil where ``totalCorrelation`` is.
  public var marginalDivergence: Double?
  /// Its standard error, of the draws.
  public var marginalDivergenceError: Double?
  /// KL(q(z_d) ‖ p(z_d)) of each latent; empty where ``totalCorrelation`` is nil.
  public var marginalDivergencePerLatent: [Double] = []

  /// Nothing estimated.
  public init() {}

  /// Whether I(n; z) is so near ln N that nearly every code tells its row: more rows would show more.
  public var isAtLimit: Bool { mutualInformation > 0.95 * mutualInformationLimit && mutualInformationLimit > 0 }
}
