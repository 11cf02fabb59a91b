import Foundation
import Latent
import Testing
import Torch

/// Pictures of what a model has learned, on a linear model, where everything is known:
///
///     E[x|z] = Wz + b
@Suite struct StripTests {
  private static var known: LinearGaussian { LinearGaussian(rows: 40) }
  /// Single precision on numbers of a few units.
  private static let rounding = 1e-5

  private static func rows(_ strips: Strips) -> [[Double]] {
    let width = strips.values.extent(1)
    let values = strips.values.doubles
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }

  /// Whether rows lie at equal distances on one line.
  private static func expectStraight(_ rows: ArraySlice<[Double]>, at location: SourceLocation = #_sourceLocation) {
    for (a, (b, c)) in zip(rows, zip(rows.dropFirst(), rows.dropFirst(2))) {
      for column in a.indices {
        #expect(abs(a[column] + c[column] - 2 * b[column]) < rounding, sourceLocation: location)
      }
    }
  }

  @Test func `a traversal of a linear decoder is a straight line along a column of its weights`() throws {
    let trained = try Self.known.model()
    let strips = try trained.traversals(of: [1, 0], around: Tensor([0.5, -0.25] as [Float]), range: 3, steps: 7)
    #expect(strips.lines == 2 && strips.steps == 7 && strips.headings == ["latent", "value"])
    #expect(strips.places.first == ["2", "-3"] && strips.places.last == ["1", "3"])
    let rows = Self.rows(strips)
    Self.expectStraight(rows[0..<7])
    Self.expectStraight(rows[7..<14])
    // Column 1 of W times the step, and the other latent stays where it was.
    for (column, weight) in [0.6, -0.9, 0.8, 0.222_222_222_222_222_2].enumerated() {
      #expect(abs(rows[1][column] - rows[0][column] - weight) < Self.rounding)
    }
    #expect(abs(rows[3][0] - (1.2 * 0.5 + 0.5)) < Self.rounding, "In the middle z₂ is 0 and z₁ is the centre's.")
  }

  @Test func `latents are sorted by use, and what an encoder ignores is not active`() throws {
    let trained = try Self.known.model()
    let use = try trained.latentUse(on: Self.known.dataset, using: Noise(seed: 0))
    #expect(Set(use.map(\.latent)) == [0, 1])
    #expect(!use.contains { !$0.isActive })
    let divergences = try use.map { try #require($0.divergence) }
    #expect(divergences[0] >= divergences[1])
    let idle = try Self.known.model(.init(factor: 0)).latentUse(on: Self.known.dataset, using: Noise(seed: 0))
    #expect(!idle.contains { $0.isActive })
  }

  @Test func `quantiles are those of the normal distribution`() {
    for (share, value) in [(0.5, 0.0), (0.975, 1.959963984540054), (0.841344746068543, 1), (1e-9, -5.997807015007687)] {
      // The table's own digits.
      #expect(abs(StandardNormal.quantile(share) - value) < 1e-12 * max(1, abs(value)) + 1e-13)
    }
  }

  @Test func `a plane grows to the right and upwards at the prior's quantiles`() throws {
    let trained = try Self.known.model()
    let strips = try trained.manifold(of: [0, 1], size: 3)
    let quantile = StandardNormal.quantile(5.0 / 6)
    let rows = Self.rows(strips)
    #expect(strips.lines == 3 && strips.steps == 3 && strips.headings == ["latent 1", "latent 2"])
    // Above on the left: z = (−q, q); in the middle 0, which decodes to b.
    #expect(abs(rows[0][0] - (-1.2 * quantile + 0.6 * quantile + 0.5)) < Self.rounding)
    for (value, bias) in zip(rows[4], [0.5, -1, 2, 0]) { #expect(abs(value - bias) < Self.rounding) }
    #expect(refusal { _ = try trained.manifold(of: [0, 0], size: 3) } != nil)
    #expect(refusal { _ = try trained.manifold(of: [0, 2], size: 3) }?.contains("no latent 3") == true)
  }

  @Test func `an interpolation is a straight line between reconstructions, with the originals at its ends`() throws {
    let trained = try Self.known.model()
    let two = Self.known.dataset.rows([3, 8])
    let noise = Noise(seed: 0)
    let strips = try trained.interpolation(between: two, steps: 5, using: noise)
    let rows = Self.rows(strips)
    let returned = try trained.reconstructions(of: two, .mean, using: noise).doubles
    #expect(strips.lines == 1 && strips.steps == 7)
    #expect(rows[0] + rows[6] == two.values.doubles)
    Self.expectStraight(rows[1..<6])
    for (value, expected) in zip(rows[1] + rows[5], returned) { #expect(abs(value - expected) < Self.rounding) }
  }

  @Test func `a spherical path turns at a constant rate and keeps the length of codes of one length`() throws {
    let (a, b) = ([3.0, 0.0], [0.0, 3.0])
    for step in 0...4 {
      let (first, second) = InterpolationPath.spherical.weights(a, b, at: Double(step) / 4)
      let place = [3 * first, 3 * second]
      let angle = Double(step) / 4 * .pi / 2
      // Rounding of double precision.
      #expect(abs(place[0] - 3 * cos(angle)) < 1e-12 && abs(place[1] - 3 * sin(angle)) < 1e-12)
    }
    #expect(InterpolationPath.spherical.weights([1, 1], [2, 2], at: 0.25) == (0.75, 0.25), "One line: straight.")
    #expect(InterpolationPath.spherical.weights([0, 0], [2, 2], at: 0.25) == (0.75, 0.25), "No angle: straight.")
  }

  @Test func `decoding codes gives the reconstructions, and their cost is the error of those`() throws {
    let trained = try Self.known.model()
    let noise = Noise(seed: 0)
    let codes = try trained.codes(of: Self.known.dataset, using: noise).means
    let returned = try trained.reconstructions(of: Self.known.dataset, .mean, using: noise)
    #expect(trained.decodings(of: codes, .mean, using: noise).bytes == returned.bytes)
    let cost = trained.cost(of: codes, for: Self.known.dataset)
    let error = (Self.known.dataset.values.to(type: .float64) - returned.to(type: .float64)).squared().mean().item
    #expect(abs(cost.meanSquaredError - error) < 1e-6 && cost.meanSquaredError == cost.scaledMeanSquaredError)
    #expect(cost.codeBytes == 40 * 2 * 4 && cost.dataBytes == 40 * 4 * 4)
  }

  @Test(arguments: Subjects.priors)
  func `a prior's mean is that of its draws`(subject: Subject<any PriorChoice>) {
    let prior = subject.member.make(latents: 3, with: Initializer(noise: Noise(seed: 0), type: .float64))
    let mean = prior.mean(using: Noise(seed: 1)).doubles
    let draws = withoutGradients { prior.sample(20_000, using: Noise(seed: 2)) }
    for latent in 0..<3 {
      let found = Estimate(draws.selected(along: 1, latent).doubles)
      // Both may be estimates: four errors of each.
      #expect(found.agrees(with: mean[latent], errors: 10))
    }
  }
}
