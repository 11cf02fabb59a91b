/// How much more the best latent knows of a factor than the second best does.
///
///     MIG = mean over factors k of (I(c_1; v_k) − I(c_2; v_k)) / H(v_k)
///
/// c are the codes cut into 20 classes of equal width, c_1 and c_2 the two with most information on v_k. 1: every factor has a latent of
/// its own and no other knows of it; 0: two latents know the same. Chen et al. take codes from q(z|x); many later comparisons take its means, of which
/// classes of equal width see every variation, however small it is beside the deviation of q(z|x).
/// - SeeAlso: Chen et al., “Isolating Sources of Disentanglement in Variational Autoencoders”, 2018, section 4.
public struct MutualInformationGap: Codable, Sendable, Equatable {
  /// The mean of the gaps.
  public let value: Double
  /// The gap of each factor, 0 … 1.
  public let gaps: [Double]
  /// I(c_l; v_k) in nats, for each latent the information on each factor.
  public let information: [[Double]]
  /// H(v_k) in nats.
  public let entropies: [Double]

  /// The classes of each code.
  public static let bins = 20

  /// - Parameter codes: For each latent the posterior mean of each row, or a draw.
  public init(codes: [[Double]], factors: Factors) {
    let classes = codes.map { DiscreteInformation.classes(of: $0, bins: Self.bins) }
    information = classes.map { code in
      factors.values.map { DiscreteInformation.information(between: code, and: $0) }
    }
    entropies = factors.values.map(DiscreteInformation.entropy)
    gaps = zip(information.transposed(), entropies).map { $0.gap / $1 }
    value = gaps.mean
  }
}

extension [[Double]] {
  /// Rows as columns.
  func transposed() -> [[Double]] {
    guard let first else { return [] }
    return first.indices.map { column in map { $0[column] } }
  }
}

extension [Double] {
  /// The greatest less the second; alone the greatest is left.
  var gap: Double {
    let descending = sorted(by: >)
    return (descending.first ?? 0) - (descending.count > 1 ? descending[1] : 0)
  }
}
