import Foundation
import Latent
import Testing
import Torch

/// Rows whose posteriors are written down: row n is the n-th unit vector, and a linear encoder looks up its features.
private struct Table {
  let dataset: Dataset
  let model: TrainedModel

  /// - Parameter features: Those of each row, as the posterior takes them.
  init(
    _ features: [[Double]], latents: Int, posterior: any PosteriorChoice = DiagonalGaussianPosterior.Settings(),
    prior: any PriorChoice = StandardNormalPrior.Settings()
  ) throws {
    let (rows, width) = (features.count, features[0].count)
    let initializer = Initializer(noise: Noise(seed: 0))
    let encoder = Linear(inputs: rows, outputs: width, with: initializer)
    let decoder = Linear(inputs: latents, outputs: rows, with: initializer)
    let posterior = posterior.make(latents: latents, with: initializer)
    precondition(posterior.featureCount == width)
    withoutGradients {
      encoder.weight.value.copy(from: Tensor(features.flatMap { $0 }, shape: [rows, width]).transposed())
      encoder.bias.value.copy(from: Tensor(0))
    }
    dataset = Dataset(values: .identity(rows), shape: [rows])
    var configuration = Configuration()
    configuration.data.scaling = .none
    configuration.model.latents = latents
    let made = prior.make(
      latents: latents, shape: [rows], encoding: { posterior(encoder($0)) }, with: initializer)
    model = TrainedModel(
      model: VAE(
        encoder: encoder, posterior: posterior, prior: made, decoder: decoder, likelihood: UnitGaussianLikelihood(),
        latents: latents),
      data: try DataDescription(of: dataset, configuration: configuration.data), configuration: configuration,
      device: .cpu)
  }

  func evaluation(seed: UInt64 = 0, samples: Int = 2) throws -> Evaluation {
    try .estimate(of: model, on: dataset, samples: samples, seed: seed)
  }

  func split(seed: UInt64 = 0) throws -> DivergenceSplit {
    try #require(try evaluation(seed: seed).divergenceSplit)
  }

  /// Densities of two latents on a grid, integrated by the trapezoidal rule: spectrally exact for what is smooth and vanishes at the ends.
  func exactly() -> (information: Double, aggregate: Double, correlation: Double, alone: [Double]) {
    let (points, from, width) = (601, -9.0, 0.03)
    let axis = Tensor((0..<points).map { from + Double($0) * width })
    let grid = Tensor.stack(
      [axis.unsqueezed(at: 1).expanded([points, points]), axis.unsqueezed(at: 0).expanded([points, points])], along: -1
    ).reshaped([-1, 1, 2])
    let q = model.model.encode(dataset.values)
    let logDensities = q.logDensity(of: grid.to(type: .float32)).to(type: .float64)
    let rows = Double(dataset.count)
    let (densities, logAggregate) = (logDensities.exponential(), logDensities.logSumExp(over: -1) - log(rows))
    let area = width * width
    let information =
      (densities * (logDensities - logAggregate.unsqueezed(at: -1))).sum().item * area / rows
    let aggregate = logAggregate.exponential()
    let logPrior = StandardNormal.logDensity(of: grid.squeezed(at: 1))
    let divergence = (aggregate * (logAggregate - logPrior)).sum().item * area
    let alone = [1, 0].map { other in
      let marginal = aggregate.reshaped([points, points]).sum(over: other) * width
      let logPrior = StandardNormal.logDensity(of: axis.unsqueezed(at: 1))
      return (marginal * (marginal.clamped(to: 1e-300...1e300).logarithm() - logPrior)).sum().item * width
    }
    return (information, divergence, divergence - alone.reduce(0, +), alone)
  }
}

/// The split of the divergence, on models of which the parts are known.
///
/// Comparisons are within 4 standard errors of the draws, as the split states them; single precision of the model adds 1e-5.
@Suite struct DivergenceSplitTests {
  private static let rounding = 1e-5

  /// Overlapping posteriors along a line: latents depend on each other, and none is like the prior.
  private static let diagonal = [
    [-0.4, -0.8, -0.7, -1.0], [0.7, 0.3, -1.2, -0.5], [1.8, 0.9, -0.4, -0.9], [0.8, -0.1, -1.5, -1.1],
  ]
  private static let full = zip(diagonal, [0.4, -0.5, 0.2, 0.6]).map { $0 + [$1] }

  private static func tables() throws -> [Table] {
    [
      try Table(diagonal, latents: 2),
      try Table(full, latents: 2, posterior: FullGaussianPosterior.Settings()),
    ]
  }

  @Test(arguments: [0, 1]) func `every part is the integral that defines it`(which: Int) throws {
    let table = try Self.tables()[which]
    let (exact, found) = (table.exactly(), try table.split())
    func expect(_ value: Double?, _ error: Double?, _ exact: Double, _ name: String) throws {
      let (value, error) = (try #require(value), try #require(error))
      #expect(abs(value - exact) < 4 * error + Self.rounding, "\(name): \(value) ± \(error), exactly \(exact)")
      #expect(
        error > 0 && error < 0.02, "the error of \(name) should be small enough for the comparison to mean something")
    }
    #expect(exact.information > 0.3 && exact.correlation > 0.05 && exact.alone.reduce(0, +) > 0.05)
    try expect(found.mutualInformation, found.mutualInformationError, exact.information, "mutual information")
    try expect(found.aggregateDivergence, found.aggregateDivergenceError, exact.aggregate, "aggregate")
    try expect(found.totalCorrelation, found.totalCorrelationError, exact.correlation, "total correlation")
    try expect(
      found.marginalDivergence, found.marginalDivergenceError, exact.alone.reduce(0, +), "latents alone")
    #expect(zip(found.marginalDivergencePerLatent, exact.alone).allSatisfy { abs($0 - $1) < 0.02 })
    #expect(found.mutualInformationLimit == log(4) && found.draws == 2000)
  }

  @Test(arguments: [0, 1]) func `the parts add up to −ELBO`(which: Int) throws {
    let found = try Self.tables()[which].evaluation(samples: 20)
    let split = try #require(found.divergenceSplit)
    let (correlation, alone) = (try #require(split.totalCorrelation), try #require(split.marginalDivergence))
    let sum = found.reconstruction + split.mutualInformation + correlation + alone
    // Sums in double precision.
    #expect(abs(sum - found.negativeELBO) < 1e-9)
    #expect(abs(correlation + alone - split.aggregateDivergence) < 1e-12)
    #expect(abs(split.marginalDivergencePerLatent.reduce(0, +) - alone) < 1e-12)
  }

  @Test func `the stated errors are the spread over repetitions`() throws {
    for table in try Self.tables() {
      let found = try (0..<60).map { try table.split(seed: $0) }
      func ratio(_ value: (DivergenceSplit) -> Double, _ error: (DivergenceSplit) -> Double) -> Double {
        Estimate(found.map(value)).error * 60.0.squareRoot() / (found.map(error).reduce(0, +) / 60)
      }
      // A deviation of 60 values has an error of 9 %; four of them.
      #expect(abs(ratio({ $0.mutualInformation }, { $0.mutualInformationError }) - 1) < 0.37)
      #expect(abs(ratio({ $0.aggregateDivergence }, { $0.aggregateDivergenceError }) - 1) < 0.37)
      #expect(abs(ratio({ $0.totalCorrelation ?? 0 }, { $0.totalCorrelationError ?? 0 }) - 1) < 0.37)
      #expect(abs(ratio({ $0.marginalDivergence ?? 0 }, { $0.marginalDivergenceError ?? 0 }) - 1) < 0.37)
    }
  }

  @Test func `one posterior for all rows says nothing about which row it is`() throws {
    let found = try Table(Array(repeating: Self.diagonal[0], count: 5), latents: 2).evaluation()
    let split = try #require(found.divergenceSplit)
    #expect(abs(split.mutualInformation) < 1e-9 && split.mutualInformationError < 1e-9 && !split.isAtLimit)
    #expect(abs(split.aggregateDivergence - found.divergence) < 1e-9)
    // A diagonal Gaussian has no total correlation.
    #expect(abs(split.totalCorrelation ?? 1) < 1e-9)
  }

  @Test func `posteriors far apart tell their rows, which is ln N and no more`() throws {
    let rows = (0..<7).map { [Double($0) * 50, 0, -2, -2] }
    let split = try Table(rows, latents: 2).split()
    #expect(abs(split.mutualInformation - log(7)) < 1e-9 && split.isAtLimit)
    #expect(split.mutualInformationLimit == log(7))
  }

  @Test func `posteriors that are the prior have no part at all, and a single row has no information`() throws {
    let split = try Table(Array(repeating: [0, 0, 0, 0], count: 4), latents: 2).split()
    let parts = [split.mutualInformation, split.aggregateDivergence, split.totalCorrelation, split.marginalDivergence]
    #expect(parts.allSatisfy { abs($0 ?? 1) < 1e-9 })
    let alone = try Table([Self.diagonal[2]], latents: 2).split()
    #expect(abs(alone.mutualInformation) < 1e-9 && alone.mutualInformationLimit == 0 && !alone.isAtLimit)
  }

  /// With the exact posterior the aggregate over all x is the prior, and I(x; z) = ½ Σ ln (1 / σ_d²).
  ///
  /// Of N rows the aggregate is off by a divergence of the order of 1/N times the χ² of one posterior, some 10 here.
  @Test func `of a linear model with its exact posterior the divergence is all information`() throws {
    let known = LinearGaussian(rows: 6000)
    let split = try #require(
      try Evaluation.estimate(of: known.model(), on: known.dataset, samples: 2).divergenceSplit)
    let variances = (known.weights.squared().sum(over: 0) + 1).reciprocal()
    let exact = -0.5 * variances.logarithm().sum().item
    #expect(split.draws == 2000, "fewer draws than rows: rows are drawn too")
    // The mean divergence itself is that of a sample of rows: its deviation over rows is about 1, so 4 / √6000.
    #expect(abs(split.mutualInformation - exact) < 0.06 && split.mutualInformationError < 0.02)
    #expect(abs(split.aggregateDivergence) < 0.02)
    #expect(abs(split.totalCorrelation ?? 1) < 0.02 && abs(split.marginalDivergence ?? 1) < 0.02)
  }

  @Test(arguments: [300, 5000]) func `the aggregate's divergence is that of draws from it`(rows: Int) throws {
    let known = LinearGaussian(rows: rows)
    let model = try known.model(.init(shift: 0.4, spread: 0.3))
    let split = try #require(try Evaluation.estimate(of: model, on: known.dataset, samples: 2).divergenceSplit)
    // Every row's posterior once at draws of all rows, without any of the measure's own code.
    let q = model.model.encode(known.dataset.values)
    let z = q.sample(1, using: Noise(seed: 77)).squeezed(at: 0)[0..<300]
    let logAggregate = q.logDensity(of: z.unsqueezed(at: 1)).logSumExp(over: -1) - log(Double(rows))
    let direct = Estimate((logAggregate - StandardNormal.logDensity(of: z)).doubles)
    #expect(abs(direct.mean - split.aggregateDivergence) < 4 * (direct.error + split.aggregateDivergenceError))
    #expect(direct.error < 0.05 && split.aggregateDivergence > 0.1)
  }

  @Test func `a prior without a closed form is split in two, alike to the one that has it`() throws {
    // Not fitted, this prior is N(0, I).
    let table = try Table(Self.diagonal, latents: 2, prior: FittedGaussianPrior.Settings())
    let found = try table.evaluation(samples: 400)
    let (split, closed) = (try #require(found.divergenceSplit), try Table(Self.diagonal, latents: 2).split())
    #expect(split.totalCorrelation == nil && split.marginalDivergence == nil)
    #expect(split.marginalDivergencePerLatent.isEmpty)
    #expect(abs(split.mutualInformation + split.aggregateDivergence - found.divergence) < 1e-9)
    let errors = split.aggregateDivergenceError + closed.aggregateDivergenceError
    #expect(abs(split.aggregateDivergence - closed.aggregateDivergence) < 4 * errors && errors < 0.05)
    #expect(split.aggregateDivergenceError > closed.aggregateDivergenceError, "the divergence itself has an error")
  }

  @Test func `the same seed gives the same parts, however many draws the other measures take`() throws {
    let table = try Self.tables()[0]
    #expect(try table.split(seed: 3) == table.split(seed: 3))
    #expect(try table.split(seed: 3) != table.split(seed: 4))
    #expect(try table.evaluation(seed: 3, samples: 50).divergenceSplit == table.split(seed: 3))
  }

  @Test func `a point has no density to be split`() throws {
    let table = try Table([[0, 1], [1, 0]], latents: 2, posterior: PointPosterior.Settings())
    #expect(try table.evaluation().divergenceSplit == nil)
  }

  @Test(arguments: Subjects.densities)
  func `densities of all pairs are those of each pair, and marginals have the posterior's moments`(
    subject: Subject<any PosteriorChoice>
  ) {
    let posterior = subject.member.make(latents: 3, with: Initializer(noise: Noise(seed: 0), type: .float64))
    let q = posterior(Noise(seed: 1).normal([5, posterior.featureCount], type: .float64))
    let z = Noise(seed: 2).normal([7, 3], type: .float64) * 2
    let pairs = q.logDensities(ofEach: z)
    #expect(pairs.shape == [7, 5] && pairs.type == .float64)
    let single = Tensor.stack((0..<7).map { q.logDensity(of: z[$0].expanded([1, 5, 3])).squeezed(at: 0) })
    // Sums of squares in double precision, in another order.
    #expect(((pairs - single).absolute() / (single.absolute() + 1)).maximum().item < 1e-9)
    guard let marginals = q.marginals else { return }
    #expect((marginals.mean - q.mean).absolute().maximum().item < 1e-12)
    #expect((marginals.logVariance.exponential() / q.variance - 1).absolute().maximum().item < 1e-12)
    let each = marginals.logDensities(ofEachLatent: z)
    let expected = marginals.logDensities(of: z.unsqueezed(at: 1)).permuted([2, 0, 1])
    #expect(each.shape == [3, 7, 5])
    #expect(((each - expected).absolute() / (expected.absolute() + 1)).maximum().item < 1e-9)
  }

  @Test(arguments: Subjects.priors)
  func `latents that a prior keeps apart have densities whose product is its own`(subject: Subject<any PriorChoice>) {
    let prior = subject.member.make(latents: 3, with: Initializer(noise: Noise(seed: 0), type: .float64))
    let z = Noise(seed: 2).normal([7, 3], type: .float64)
    guard let each = prior.logDensities(of: z) else { return }
    #expect(each.shape == [7, 3])
    #expect((each.sum(over: -1) - prior.logDensity(of: z)).absolute().maximum().item < 1e-12)
  }
}
