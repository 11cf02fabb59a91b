/// −log p(x) by annealed importance sampling, in nats per row: from the prior to the posterior in many small steps, without the encoder.
///
///     E log p̂(x) ≤ log p(x),   p̂(x) = 1/C Σ_c Π_t p(x|z_{t−1})^(β_t − β_{t−1})
///
/// On rows drawn from the model one draw of p(z|x) is known for each: the z that it was decoded from. Chains that go back from there to the
/// prior bound log p(x) from above. Both bounds hold on average, and are near each other where the chains mix.
/// - SeeAlso: Neal, “Annealed Importance Sampling”, 2001; Wu, Burda, Salakhutdinov & Grosse, “On the Quantitative Analysis of Decoder-Based
///   Models”, 2017; Grosse, Ghahramani & Adams, “Sandwiching the marginal likelihood using bidirectional Monte Carlo”, 2015.
public struct AnnealedLikelihood: Codable, Sendable, Equatable {
  /// The number of rows.
  public var rows = 0
  /// T, the steps from the prior to the posterior.
  public var temperatures = 0
  /// C, the chains of each row.
  public var chains = 0
  /// The mean share of trajectories whose end was taken.
  public var acceptance = 0.0
  /// The median over rows of the effective number of chains, 1 … C.
  public var effectiveChains = 0.0
  /// −log p(x) by the forward chains: not too low on average.
  public var negativeLogLikelihood = 0.0
  /// Its standard error, of the chains.
  public var standardError = 0.0
  /// −log p(x) by the backward chains: not too high on average. Only of rows drawn from the model.
  public var lowerNegativeLogLikelihood: Double?
  /// Its standard error, of the chains.
  public var lowerStandardError: Double?
  /// How far the two are apart; they hold −log p(x) between them on average.
  public var width: Double?
  /// Its standard error over rows.
  public var widthError: Double?
  /// −log p(x) of these rows itself, where the model is linear and Gaussian so that it is known.
  public var exactNegativeLogLikelihood: Double?

  /// Nothing estimated.
  public init() {}

  /// How chains are run.
  public struct Settings: Sendable {
    /// T.
    public var temperatures: Int
    /// C.
    public var chains: Int

    /// The defaults: 1000 temperatures and 16 chains.
    public init(temperatures: Int = 1000, chains: Int = 16) {
      (self.temperatures, self.chains) = (temperatures, chains)
    }

    func validate() throws(LatentError) {
      guard (2...1_000_000).contains(temperatures) else {
        throw LatentError("temperatures: \(temperatures) make no path; expected 2 to 1000000.")
      }
      guard (2...10_000).contains(chains) else {
        throw LatentError("chains: \(chains) have no standard error; expected 2 to 10000.")
      }
    }
  }
}
