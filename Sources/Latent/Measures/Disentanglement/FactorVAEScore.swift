internal import Torch

/// Whether the factor that some rows have in common can be told from the latent that varies least over them.
///
/// Each vote takes a factor and a value by chance and rows that have it, and names the latent with the least variance over them, as a share
/// of its variance over all rows. A latent stands for the factor that most training votes with it had; the score is the share of other
/// votes for which that is right. Latents whose variance over all rows is at most 0.01 take no part.
/// - SeeAlso: Kim & Mnih, “Disentangling by Factorising”, 2018, section 3.
public struct FactorVAEScore: Codable, Sendable, Equatable {
  /// The share of test votes that are right, 1 / factors by chance.
  public let value: Double
  /// The standard error of that share, from the number of test votes.
  public let standardError: Double
  /// For each latent the training votes of each factor.
  public let votes: [[Int]]

  /// Rows that have a factor in common.
  public struct Vote: Sendable, Equatable {
    /// Which factor.
    public let factor: Int
    /// The rows.
    public let rows: [Int]

    /// A vote.
    public init(factor: Int, rows: [Int]) {
      self.factor = factor
      self.rows = rows
    }
  }

  /// - Parameter codes: For each latent its posterior mean of each row.
  /// - Parameter training: The votes by which latents come to stand for factors.
  /// - Parameter test: The votes that are counted; at least one.
  public init(codes: [[Double]], factors: Int, training: [Vote], test: [Vote]) {
    let variances = codes.map { Self.variance($0) }
    let active = codes.indices.filter { variances[$0] > Evaluation.activityThreshold }
    func latent(_ vote: Vote) -> Int? {
      let shares = active.map { latent in Self.variance(vote.rows.map { codes[latent][$0] }) / variances[latent] }
      return shares.min().flatMap { least in shares.firstIndex(of: least) }.map { active[$0] }
    }
    var counts = codes.map { _ in [Int](repeating: 0, count: factors) }
    for vote in training {
      if let latent = latent(vote) { counts[latent][vote.factor] += 1 }
    }
    let meanings = counts.map { counts in counts.firstIndex(of: counts.max() ?? 0) ?? 0 }
    let right = test.count { vote in latent(vote).map { meanings[$0] == vote.factor } ?? false }
    votes = counts
    // Where no latent is active nothing can be told.
    value = active.isEmpty ? 0 : Double(right) / Double(test.count)
    standardError = (value * (1 - value) / Double(test.count)).squareRoot()
  }

  /// Votes by chance: a factor, the value of a row, and rows of that value, drawn with replacement.
  static func votes(_ count: Int, of factors: Factors, rows size: Int, using noise: Noise) -> [Vote] {
    let members = zip(factors.values, factors.counts).map { values, count in
      var members = [[Int]](repeating: [], count: count)
      for (row, value) in values.enumerated() { members[value].append(row) }
      return members
    }
    let chances = noise.uniform([count, size + 2], type: .float64).values(as: Double.self)
    func pick(_ chance: Double, of count: Int) -> Int { min(Int(chance * Double(count)), count - 1) }
    return (0..<count).map { vote in
      let chances = chances[vote * (size + 2)..<(vote + 1) * (size + 2)]
      let factor = pick(chances[chances.startIndex], of: factors.values.count)
      let value = factors.values[factor][pick(chances[chances.startIndex + 1], of: factors.rows)]
      let rows = members[factor][value]
      return Vote(factor: factor, rows: chances.dropFirst(2).map { rows[pick($0, of: rows.count)] })
    }
  }

  private static func variance(_ values: [Double]) -> Double {
    let mean = values.mean
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
  }
}
