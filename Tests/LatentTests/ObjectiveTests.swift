import Foundation
import Latent
import Testing
import Torch

/// Free bits, the weighted parts of the divergence, and the discrepancy of all codes.
@Suite struct ObjectiveTests {
  private static func terms(
    _ objective: any Objective, of known: KnownGradient, factor: Double = 1, rows: Int? = nil
  ) throws -> Terms {
    let noise = Noise(seed: 7)
    guard let rows else {
      return objective.terms(of: known.model, on: known.x, divergenceFactor: factor, mode: .evaluation, using: noise)
    }
    let table = Sample.table(columns: 3) { Float($0) }
    let criterion = try objective.criterion(
      for: DataDescription(of: table, configuration: DataConfiguration()), rows: rows, on: .cpu)
    return criterion.terms(of: known.model, on: known.x, divergenceFactor: factor, mode: .evaluation, using: noise)
  }

  /// Whether total and gradients are those of the ELBO, to the byte.
  private static func isELBO(_ objective: any Objective) throws -> Bool {
    let known = KnownGradient()
    var elbo = ELBO()
    elbo.samples = objective.samples
    let found = try [terms(objective, of: known), terms(elbo, of: known)]
    return found[0].total.bytes == found[1].total.bytes
      && zip(found[0].total.gradients(in: known.parameters), found[1].total.gradients(in: known.parameters))
        .allSatisfy { $0.bytes == $1.bytes }
      && zip(found[0].terms, found[1].terms).allSatisfy { $0.name == $1.name && $0.value.bytes == $1.value.bytes }
  }

  @Test func `with nothing asked of them the objectives are the ELBO to the byte`() throws {
    var (bits, parts, information) = (FreeBits(), BetaTCVAE(), InfoVAE())
    (bits.samples, parts.samples, information.samples) = (3, 3, 1)
    #expect(try !Self.isELBO(parts) && !Self.isELBO(information), "else nothing would be seen")
    (bits.floor, parts.totalCorrelationWeight, information.discrepancyWeight) = (0, 1, 0)
    #expect(try Self.isELBO(bits) && Self.isELBO(parts) && Self.isELBO(information))
  }

  @Test func `what an objective names to wake latents is a setting of its own`() throws {
    var told: Set<String> = []
    for choice in Objectives.choices {
      for change in try #require(choice.init() as? any Objective).wakingSettings {
        let key = try #require(change.split(separator: " ").first { $0.hasPrefix("objective.") })
        _ = try Configuration(preset: nil, file: nil, settings: ["objective=\(choice.kind)", "\(key)=1"])
        told.insert(String(key))
      }
    }
    #expect(told == ["objective.floor", "objective.totalCorrelationWeight"], "by default, no more weighs more")
  }

  @Test func `free bits charge every latent at least its floor, and those below it pull no more`() throws {
    let known = KnownGradient()
    let posterior = known.model.encode(known.x)
    let perLatent = try #require(known.model.prior.divergence(of: posterior)).mean(over: 0).doubles
    let floor = (perLatent[0] + perLatent[1]) / 2
    #expect(abs(perLatent[0] - perLatent[1]) > 0.01, "one is below the floor and one above")
    var bits = FreeBits()
    bits.floor = floor
    bits.divergenceWeight = 3
    let found = try Self.terms(bits, of: known, factor: 0.5)
    let charged = perLatent.reduce(0) { $0 + max($1, floor) }
    #expect(found.terms.map(\.name) == ["reconstruction", "divergence", "shortfall"])
    #expect(abs(found.total.item - found.terms[0].value.item - 1.5 * charged) < 1e-12)
    #expect(abs(found.terms[1].value.item - perLatent.reduce(0, +)) < 1e-12, "the divergence stays what it is")
    // With a floor above both, only the reconstruction is left to pull.
    bits.floor = 100
    let alone = try Self.terms(Reconstruction(), of: known).total.gradients(in: known.parameters)
    for (a, b) in zip(try Self.terms(bits, of: known).total.gradients(in: known.parameters), alone) {
      #expect((a - b).absolute().maximum().item < 1e-12)
    }
  }

  @Test func `the three parts add up to log q(z|x) − log p(z), whatever they are estimated by`() throws {
    let known = KnownGradient()
    for (kind, rows) in AggregateEstimate.Kind.allCases.flatMap({ kind in [nil, 3, 1000].map { (kind, $0) } }) {
      var parts = BetaTCVAE()
      (parts.aggregate, parts.samples) = (kind, 5)
      let found = try Self.terms(parts, of: known, rows: rows)
      var drawn = MonteCarloELBO()
      drawn.samples = 5
      let divergence = try Self.terms(drawn, of: known).terms[1].value.item
      let sum = found.terms.dropFirst(2).reduce(0) { $0 + $1.value.item }
      #expect(abs(sum - divergence) < 1e-9, "\(sum) is not \(divergence)")
      #expect(found.terms.map(\.weight) == [1, 1, 0, 5, 0])
    }
  }

  @Test func `stratified sampling gives q(z) without bias over all batches, and exactly where the batch is all rows`() {
    let (rows, latents) = (6, 2)
    let all = DiagonalGaussian(
      mean: Noise(seed: 1).normal([rows, latents], type: .float64),
      logVariance: Noise(seed: 2).normal([rows, latents], type: .float64))
    let z = Noise(seed: 3).normal([1, rows, latents], type: .float64)
    let exact = all.logDensities(ofEach: z[0]).exponential().mean(over: 1).doubles
    let whole = AggregateEstimate(of: all, at: z, ofRows: rows)
    #expect(zip(whole.joint.exponential().doubles, exact).allSatisfy { abs($0 - $1) < 1e-12 })
    let perLatent = all.logDensities(ofEachLatent: z[0]).exponential().mean(over: 2).logarithm().sum(over: 0).doubles
    #expect(zip(whole.product.doubles, perLatent).allSatisfy { abs($0 - $1) < 1e-12 })
    // Row 0 with every pair of the others.
    let batches = (1..<rows).flatMap { a in (a + 1..<rows).map { [0, a, $0] } }
    let found = batches.map { batch in
      let index = Tensor(batch.map(Int64.init))
      let part = DiagonalGaussian(mean: all.mean.rows(index), logVariance: all.logVariance.rows(index))
      let estimate = AggregateEstimate(of: part, at: z[0].rows(index).unsqueezed(at: 0), ofRows: rows)
      return exp(estimate.joint.doubles[0])
    }
    #expect(abs(found.reduce(0, +) / Double(found.count) - exact[0]) < 1e-12)
    #expect((found.max() ?? 0) - (found.min() ?? 0) > 0.001, "each by itself is an estimate")
  }

  @Test func `mutual information, total correlation and each latent's divergence are those of a Gaussian aggregate`()
    throws
  {
    // q(z|x) = N(Ax + b, diag s²) of x ~ N(0, I): q(z) = N(b, C), C = AAᵀ + diag s².
    let a = Tensor([0.8, 0.3, -0.2, 0.5, 0.9, 0.4], shape: [2, 3])
    let (b, logVariance) = ([0.5, -0.3], [-0.6, 0.2])
    let c = a.times(a.transposed()) + Tensor.identity(2, type: .float64) * Tensor(logVariance).exponential()
    let (diagonal, logDeterminant) = (c.diagonal().doubles, c.logDeterminant().item)
    let exact = [
      0.5 * (logDeterminant - logVariance.reduce(0, +)),
      0.5 * (diagonal.reduce(0) { $0 + log($1) } - logDeterminant),
      zip(diagonal, b).reduce(0) { $0 + 0.5 * ($1.0 + $1.1 * $1.1 - 1 - log($1.0)) },
    ]
    let batch = 500
    let noise = Noise(seed: 4)
    let draws = (0..<60).map { _ in
      let x = noise.normal([batch, 3], type: .float64)
      let q = DiagonalGaussian(
        mean: x.times(a.transposed()) + Tensor(b), logVariance: Tensor(logVariance).expanded([batch, 2]))
      let z = q.sample(1, using: noise)
      let estimate = AggregateEstimate(of: q, at: z, ofRows: 1_000_000)
      return [
        q.logDensity(of: z) - estimate.joint, estimate.joint - estimate.product,
        estimate.product - StandardNormal.logDensity(of: z),
      ].map { $0.mean().item }
    }
    for (part, value) in exact.enumerated() {
      let estimate = Estimate(draws.map { $0[part] })
      // Besides chance, the logarithm of a mean of 499 densities is low by half its relative variance over 499.
      #expect(abs(estimate.mean - value) < 4 * estimate.error + 0.005, "\(estimate) is not \(value)")
      #expect(estimate.error < 0.01 && value > 0.05)
    }
  }

  @Test(arguments: [0.7, 1.4, 4])
  func `the discrepancy of Gaussian draws is that of their laws, and nothing for equal laws`(bandwidth: Double) {
    // E k(a, b) = h^L / |h² I + S_a + S_b|^½ · exp(−½ d² / (h² + s)) where all is diagonal.
    func similarity(_ shift: Double, _ variances: Double) -> Double {
      let total = bandwidth * bandwidth + variances
      return pow(bandwidth * bandwidth / total, 1.5) * exp(-0.5 * 3 * shift * shift / total)
    }
    let noise = Noise(seed: 5)
    let measure = MeanDiscrepancy(bandwidth: bandwidth)
    func estimate(shift: Double, deviation: Double) -> Estimate {
      Estimate(
        (0..<200).map { _ in
          let a = noise.normal([60, 3], type: .float64) * deviation + shift
          return measure.between(a, noise.normal([90, 3], type: .float64)).item
        })
    }
    let exact = similarity(0, 2 * 0.36) + similarity(0, 2) - 2 * similarity(0.5, 1.36)
    let (other, same) = (estimate(shift: 0.5, deviation: 0.6), estimate(shift: 0, deviation: 1))
    #expect(other.agrees(with: exact) && exact > 10 * other.error, "\(other) is not \(exact)")
    #expect(same.agrees(with: 0))
  }

  @Test func `a kernel is 1 for equals and as its formula says elsewhere`() {
    let (a, b) = (Tensor([0, 0, 3, 4] as [Double], shape: [2, 2]), Tensor([0, 0, 0, 0] as [Double], shape: [2, 2]))
    for (kernel, far) in [(MeanDiscrepancy.Kernel.gaussian, exp(-25.0 / 8)), (.inverseQuadratic, 1 / (1 + 25.0 / 8))] {
      // Pairs of different draws: far of a, 1 of b; between them 1 and far.
      let found = MeanDiscrepancy(kernel: kernel, bandwidth: 2).between(a, b).item
      #expect(abs(found - (far + 1 - (1 + far))) < 1e-12)
      let one = MeanDiscrepancy(kernel: kernel, bandwidth: 2).between(a, b[0..<1]).item
      #expect(abs(one - (far - (1 + far))) < 1e-12)
    }
  }

  @Test func `pairs of more rows than memory has room for are refused before they are made`() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let rows = (0..<100_000).map { "\($0 % 7),\($0 % 5)" }.joined(separator: "\n")
    try ("a,b\n" + rows + "\n").write(toFile: "\(folder.path)/t.csv", atomically: true, encoding: .utf8)
    var configuration = Configuration()
    configuration.data.source = "\(folder.path)/t.csv"
    (configuration.data.validation, configuration.data.test) = (0, 0)
    configuration.training.batch = 0
    configuration.objective = Chosen(BetaTCVAE())
    let text = refusal { _ = try Run.create(configuration, in: RunFolder("\(folder.path)/run")) }
    #expect(text?.contains("make training.batch smaller") == true, "\(text ?? "")")
  }

  @Test func `a model that an objective cannot train is refused with what can`() {
    func refused(_ settings: String...) -> String {
      refusal { _ = try Configuration(preset: nil, file: nil, settings: settings) } ?? ""
    }
    for objective in ["iwae", "free-bits", "beta-tcvae", "info-vae"] {
      let point = refused("objective=\(objective)", "model.posterior=point")
      #expect(point.contains("'point'") && point.contains("use --set objective=reconstruction"), "\(point)")
      #expect(refused("objective=\(objective)", "model.posterior=full-gaussian").isEmpty)
    }
    for prior in ["mixture", "vamp", "fitted-gaussian"] {
      for objective in ["beta-tcvae", "free-bits"] {
        let text = refused("objective=\(objective)", "model.prior=\(prior)")
        #expect(text.contains("'\(prior)'") && text.contains("use --set model.prior=standard-normal"), "\(text)")
      }
      #expect(refused("objective=iwae", "model.prior=\(prior)").isEmpty)
    }
    #expect(refused("objective={kind: free-bits, floor: -1}").hasPrefix("objective.floor: -1"))
    #expect(refused("objective={kind: beta-tcvae, dimensionWiseWeight: -1}").hasPrefix("objective.dimensionWiseWeight"))
    #expect(refused("objective={kind: info-vae, bandwidth: -1}").hasPrefix("objective.bandwidth: -1"))
    #expect(refused("objective={kind: iwae, samples: 0}").hasPrefix("objective.samples: 0"))
    #expect(refused("objective={kind: iwae, gradient: doubly}").contains("doubly-reparametrized"))
  }
}
