internal import Foundation
public import Torch

/// The density of the codes of all N rows of a data set, q(z) = 1/N Σ_n q(z|x_n), at draws from the posteriors of a batch of M of them.
///
///     stratified:   q(z_n) ≈ 1/N q(z_n|x_n) + (N − 1)/N · 1/(M − 1) Σ_{m ≠ n} q(z_n|x_m)
///     weighted:     q(z_n) ≈ 1/(N M) Σ_m q(z_n|x_m)
///
/// The row that z was drawn for is certain to be in its batch, the others are there by chance. Stratified sampling gives each its share and is
/// unbiased in q(z); it is the mean, over the orders of the batch, of what Chen et al. call minibatch stratified sampling. Weighted
/// sampling gives all of them the share of z's own row: its logarithm is too low by up to ln M, and with it mutual information too high.
/// Logarithms are taken of the estimates, so they are biased downwards a little for small M. Where M = N, stratified sampling is exact.
/// - SeeAlso: Chen et al., “Isolating Sources of Disentanglement in Variational Autoencoders”, 2018, appendix C.
public struct AggregateEstimate {
  /// How the rows of a batch stand for all rows.
  public enum Kind: String, NamedValue {
    /// Each by its share; unbiased in q(z).
    case stratified
    /// All alike.
    case weighted
  }

  /// ln q(z), shape `[K, batch]`.
  public let joint: Tensor
  /// Σ_d ln q(z_d), shape `[K, batch]`.
  public let product: Tensor

  /// Estimates at draws of each row's own posterior, differentiable in draws and posteriors, in double precision on the way.
  ///
  /// - Parameter posterior: q(z|x) of a batch, with marginals.
  /// - Parameter z: Draws from it, shape `[K, batch, L]`.
  /// - Parameter rows: N, at least the batch's.
  public init(of posterior: any LatentDistribution, at z: Tensor, ofRows rows: Int, _ kind: Kind = .stratified) {
    guard let marginals = posterior.marginals else { preconditionFailure("the posterior has marginals") }
    let (draws, batch, latents) = (z.extent(0), z.extent(1), z.extent(2))
    let shares = Self.logShares(batch: batch, rows: rows, kind).to(device: z.device)
    let points = z.reshaped([draws * batch, latents])
    joint = (posterior.logDensities(ofEach: points).reshaped([draws, batch, batch]) + shares)
      .logSumExp(over: -1).to(type: z.type)
    product = (marginals.logDensities(ofEachLatent: points).reshaped([latents, draws, batch, batch]) + shares)
      .logSumExp(over: -1).sum(over: 0).to(type: z.type)
  }

  /// The logarithm of what each row (second) counts at a draw of each row (first), shape `[batch, batch]`.
  private static func logShares(batch: Int, rows: Int, _ kind: Kind) -> Tensor {
    let (m, n) = (Double(batch), Double(rows))
    guard kind == .stratified else { return .full([batch, batch], -log(n * m), type: .float64) }
    // One row stands for itself alone, and for all others there is none.
    let others = batch > 1 ? log((n - 1) / (n * (m - 1))) : 0
    return Tensor.identity(batch, type: .float64) * (-log(n) - others) + others
  }
}
