internal import Foundation
internal import Torch

/// The split of a divergence as it is estimated, in two passes over the rows: one draws z from q(z), the other sums q(z|x_n) over all rows.
///
///     I(n; z) = E[ln q(z|x_n) − ln q(z)],   ln q(z) = ln 1/N Σ_k q(z|x_k),   z ~ q(z|x_n)
///
/// The sum over k is over all N rows, n itself among them, so that there is no bias of a minibatch. ln q(z|x_n) − ln p(z), whose mean is the
/// divergence, is the control of I; the same holds for every latent. The other parts are differences: D̄ − I, and so on.
struct SplitEstimate {
  /// Draws where they are not too much work.
  private static let draws = 2000
  /// The terms q(z_d|x_n) that are summed at the most, while there are at least `fewest` draws.
  private static let work = 4e8
  private static let fewest = 200
  /// The numbers that one step of the sums holds, so that they stay near the processor.
  private static let chunk = 1 << 18

  private let rows: Int
  /// Draws of each chosen row.
  private let group: Int
  /// The rows that are drawn for, in order; nil where all are.
  private let chosen: [Int]?
  private let prior: any Prior
  private let noise: Noise

  /// z, shape `[M, L]`, in double precision as all that follows.
  private var z: [Tensor] = []
  /// ln q(z|x_n) of the row that z was drawn for, shape `[M]`.
  private var own: [Tensor] = []
  /// ln p(z), shape `[M]`.
  private var expected: [Tensor] = []
  /// ln q(z_d|x_n), shape `[M, L]`.
  private var ownOfEach: [Tensor] = []
  /// ln p(z_d), shape `[M, L]`.
  private var expectedOfEach: [Tensor] = []
  /// Σ_n KL(q(z_d|x_n) ‖ p(z_d)), shape `[L]`; nil where latents do not stand alone.
  private var divergences: Tensor?
  /// ln Σ_k q(z|x_k) so far, shape `[M]`.
  private var sums = Tensor.zeros([0])
  /// ln Σ_k q(z_d|x_k) so far, shape `[L, M]`.
  private var sumsOfEach: Tensor?

  init(of model: VAE, rows: Int, seed: UInt64, on device: Device) {
    let affordable = Self.work / (Double(rows) * Double(model.latents))
    let draws = Int(min(max(affordable, Double(Self.fewest)), Double(Self.draws)))
    noise = Noise(seed: seed, stream: "split of the divergence", on: device)
    (self.rows, prior) = (rows, model.prior)
    group = rows > draws ? 1 : max(2, (draws + rows - 1) / rows)
    chosen = rows > draws ? noise.permutation(rows).values(as: Int64.self).prefix(draws).map(Int.init).sorted() : nil
  }

  /// The first pass: draws z for those rows of a batch that are drawn for.
  mutating func draw(from posterior: any LatentDistribution, rows part: Range<Int>) {
    let members = (chosen.map { $0.filter(part.contains) } ?? Array(part)).flatMap {
      Array(repeating: Int64($0 - part.lowerBound), count: group)
    }
    let marginals = prior.logDensities(of: posterior.mean) == nil ? nil : posterior.marginals
    if let marginals, let found = prior.divergence(of: marginals)?.to(type: .float64).sum(over: 0) {
      divergences = divergences.map { $0 + found } ?? found
    }
    guard !members.isEmpty else { return }
    let index = Tensor(members).to(device: posterior.mean.device)
    let drawn = posterior.sample(group, using: noise)
    let here = (group == 1 ? drawn[0].rows(index) : drawn.permuted([1, 0, 2]).reshaped([members.count, -1]))
      .contiguous()
    let double = here.to(type: .float64)
    let size = max(1, Self.chunk / max(part.count, prior.width))
    for start in stride(from: 0, to: members.count, by: size) {
      let few = start..<min(start + size, members.count)
      own.append(
        posterior.logDensities(ofEach: double[few]).gathered(along: 1, at: index[few].unsqueezed(at: 1)).squeezed(at: 1)
      )
      expected.append(prior.logDensity(of: here[few]).to(type: .float64))
    }
    z.append(double)
    guard let marginals, divergences != nil, let densities = prior.logDensities(of: here) else { return }
    ownOfEach.append(marginals.inDoublePrecision.rows(index).logDensities(of: double))
    expectedOfEach.append(densities.to(type: .float64))
  }

  /// Between the passes: all draws are there.
  mutating func endDrawing() {
    (z, own, expected) = ([.concatenate(z)], [.concatenate(own)], [.concatenate(expected)])
    sums = .full(own[0].shape, -.infinity, type: .float64, on: z[0].device)
    if !ownOfEach.isEmpty {
      (ownOfEach, expectedOfEach) = ([.concatenate(ownOfEach)], [.concatenate(expectedOfEach)])
      sumsOfEach = .full(z[0].transposed().shape, -.infinity, type: .float64, on: z[0].device)
    }
  }

  /// The second pass: adds the densities of a batch of rows at every draw.
  mutating func add(_ posterior: any LatentDistribution) {
    let (count, latents) = (posterior.mean.extent(0), z[0].extent(1))
    for part in parts(of: count) {
      Self.add(posterior.logDensities(ofEach: z[0][part]).logSumExp(over: -1), to: sums[part])
    }
    guard let sumsOfEach, let marginals = posterior.marginals else { return }
    for part in parts(of: count * latents) {
      let places = sumsOfEach.narrowed(along: 1, from: part.lowerBound, count: part.count)
      Self.add(marginals.logDensities(ofEachLatent: z[0][part]).logSumExp(over: -1), to: places)
    }
  }

  /// All draws, as many at a time as go with so many numbers for each.
  private func parts(of numbers: Int) -> [Range<Int>] {
    let (count, size) = (z[0].extent(0), max(1, Self.chunk / numbers))
    return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  private static func add(_ terms: Tensor, to sums: Tensor) {
    sums.copy(from: Tensor.stack([sums, terms]).logSumExp(over: 0))
  }

  /// What came of both passes.
  ///
  /// - Parameter divergence: The mean divergence of all rows, and the standard error of it where it has no closed form.
  func split(of divergence: (mean: Double, error: Double)) -> DivergenceSplit {
    func controlled(_ own: Tensor, _ sums: Tensor, _ expected: Tensor, _ mean: Double) -> ControlledMean {
      ControlledMean(
        (own - sums + log(Double(rows))).values(), control: (own - expected).values(), controlMean: mean, group: group)
    }
    let information = controlled(own[0], sums, expected[0], divergence.mean)
    let chance = ControlledMean.error(information.residuals, group: group)
    func error(_ share: Double) -> Double {
      (chance * chance + share * share * divergence.error * divergence.error).squareRoot()
    }
    var result = DivergenceSplit()
    result.draws = own[0].count
    result.mutualInformation = information.value
    result.mutualInformationError = error(information.coefficient)
    result.mutualInformationLimit = log(Double(rows))
    result.aggregateDivergence = divergence.mean - information.value
    result.aggregateDivergenceError = error(1 - information.coefficient)
    guard let sumsOfEach, let divergences = divergences?.values(as: Double.self) else { return result }
    let ofEach = divergences.enumerated().map { latent, sum in
      controlled(
        ownOfEach[0].selected(along: 1, latent), sumsOfEach[latent], expectedOfEach[0].selected(along: 1, latent),
        sum / Double(rows))
    }
    var residuals = [Double](repeating: 0, count: own[0].count)
    for one in ofEach { for draw in residuals.indices { residuals[draw] += one.residuals[draw] } }
    result.marginalDivergencePerLatent = zip(divergences, ofEach).map { $0 / Double(rows) - $1.value }
    let marginal = result.marginalDivergencePerLatent.reduce(0, +)
    result.marginalDivergence = marginal
    result.marginalDivergenceError = ControlledMean.error(residuals, group: group)
    result.totalCorrelation = result.aggregateDivergence - marginal
    result.totalCorrelationError = ControlledMean.error(
      zip(residuals, information.residuals).map { $0 - $1 }, group: group)
    return result
  }
}
