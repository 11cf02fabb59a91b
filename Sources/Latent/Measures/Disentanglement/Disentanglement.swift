public import Torch

/// How far the latents of a model stand for the factors that its data was made from, by four measures on posterior means, and by MIG
/// on draws too.
public struct Disentanglement: Codable, Sendable, Equatable {
  /// What the factors are called.
  public let factors: [String]
  /// How many values each takes.
  public let values: [Int]
  /// The number of rows.
  public let rows: Int
  /// The number of latents.
  public let latents: Int
  /// Latents whose posterior mean varies over rows by more than 0.01.
  public let activeUnits: Int
  /// The rows that classifiers learned from, and those that they were judged by.
  public let classifierRows: [Int]
  /// MIG of posterior means.
  public let mutualInformationGap: MutualInformationGap
  /// MIG of a draw from q(z|x) for each row, to which a latent that says nothing contributes nothing; nil where there were no draws.
  public let drawnMutualInformationGap: MutualInformationGap?
  /// DCI.
  public let disentanglementCompleteness: DisentanglementCompleteness
  /// SAP.
  public let attributePredictability: AttributePredictability
  /// The score of FactorVAE.
  public let factorVAEScore: FactorVAEScore

  /// Rows of which classifiers learn at the most, and that judge them.
  static let (most, mostJudged) = (10_000, 5_000)
  /// The votes that are learned from and counted, and the rows of each.
  static let (votes, voters) = (5_000, 64)

  /// Measures codes.
  ///
  /// - Parameters:
  ///   - codes: Posterior means, shape `[rows, latents]`.
  ///   - draws: A draw from the posterior of each row, of the same shape; nil for a posterior without a density.
  ///   - factors: Of the same rows.
  ///   - seed: Chooses the rows of classifiers, up to 10,000 to learn from and half as many to be judged by, and the votes, 5,000 to
  ///     learn from and 5,000 to count, of 64 rows each.
  /// - Throws: ``LatentError`` where there are too few rows, or codes that are not finite.
  public init(
    of codes: Tensor, draws: Tensor? = nil, _ factors: Factors, seed: UInt64 = 0, progress: (Double) -> Void = { _ in }
  ) throws(LatentError) {
    let rows = codes.extent(0)
    precondition(rows == factors.rows, "there are factors for each row")
    guard rows >= 30 else {
      throw LatentError("\(rows) rows are too few to measure disentanglement by; give at least 30.")
    }
    guard codes.isAllFinite, draws?.isAllFinite != false else {
      throw LatentError("some codes are no finite numbers, so that nothing can be measured; train the model anew.")
    }
    let latents = Self.columns(of: codes)
    let order = Noise(seed: seed, stream: "rows of classifiers").permutation(rows).values(as: Int64.self).map {
      Int($0)
    }
    let learning = min(Self.most, rows * 2 / 3)
    let training = Array(order[..<learning])
    let test = Array(order[learning..<min(rows, learning + Self.mostJudged)])
    let votes = FactorVAEScore.votes(
      2 * Self.votes, of: factors, rows: Self.voters, using: Noise(seed: seed, stream: "votes"))
    (self.factors, values, self.rows) = (factors.names, factors.counts, rows)
    self.latents = latents.count
    activeUnits = latents.count { code in
      let mean = code.mean
      return code.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows) > Evaluation.activityThreshold
    }
    classifierRows = [training.count, test.count]
    mutualInformationGap = MutualInformationGap(codes: latents, factors: factors)
    drawnMutualInformationGap = draws.map { MutualInformationGap(codes: Self.columns(of: $0), factors: factors) }
    progress(0.05)
    attributePredictability = AttributePredictability(codes: latents, factors: factors, training: training, test: test)
    progress(0.2)
    factorVAEScore = FactorVAEScore(
      codes: latents, factors: factors.names.count, training: Array(votes[..<Self.votes]),
      test: Array(votes[Self.votes...]))
    progress(0.25)
    disentanglementCompleteness = DisentanglementCompleteness(
      codes: latents, factors: factors, training: training, test: test
    ) { progress(0.25 + 0.75 * $0) }
  }

  /// The rows' numbers of each latent.
  private static func columns(of codes: Tensor) -> [[Double]] {
    let columns = codes.to(type: .float64, device: .cpu).transposed().contiguous()
    return (0..<codes.extent(1)).map { columns[$0].values(as: Double.self) }
  }
}
