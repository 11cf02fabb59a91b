import Foundation
import Latent
import Testing
import Torch

/// Filling in against the exact conditional of a linear Gaussian model:
///
///     x_u | x_o ~ N(b_u + S_uo S_oo⁻¹ (x_o − b_o), S_uu − S_uo S_oo⁻¹ S_ou),   S = WWᵀ + I
@Suite struct ImputationTests {
  private let known = LinearGaussian(rows: 30)
  /// Rows 0 … 14 lack their last two columns, the others the first and the third.
  private let isMissing = Tensor(
    (0..<30).flatMap { $0 < 15 ? [0, 0, 1, 1] : [1, 0, 1, 0] as [Float] }, shape: [30, 4])

  private func missing(_ row: Int) -> [Int] { row < 15 ? [2, 3] : [0, 2] }

  /// The mean and the variance of each missing element, row by row.
  private func exact() -> [(mean: Double, variance: Double)] {
    let covariance = known.weights.times(known.weights.transposed()) + Tensor.identity(4, type: .float64)
    return (0..<30).flatMap { row -> [(mean: Double, variance: Double)] in
      let missing = missing(row)
      let unknown = Tensor(missing.map(Int64.init))
      let observed = Tensor((0..<4).filter { !missing.contains($0) }.map(Int64.init))
      func block(_ a: Tensor, _ b: Tensor) -> Tensor { covariance.rows(a).columns(b) }
      let gain = block(unknown, observed).times(block(observed, observed).inverse())
      let x = known.dataset.values[row].to(type: .float64).rows(observed)
      let shift = gain.times((x - known.bias.rows(observed)).unsqueezed(at: 1)).squeezed(at: 1)
      let rest = block(unknown, unknown) - gain.times(block(observed, unknown))
      return zip((known.bias.rows(unknown) + shift).doubles, rest.diagonal().doubles).map { ($0, $1) }
    }
  }

  private func found(_ values: Tensor) -> [Double] {
    let numbers = values.doubles
    return (0..<30).flatMap { row in missing(row).map { numbers[row * 4 + $0] } }
  }

  @Test(arguments: [LinearGaussian.Error(), .init(shift: 0.4, spread: 0.5, factor: 0.7)])
  func `completions have the mean and the variance of the exact conditional, however good the encoder`(
    error: LinearGaussian.Error
  ) throws {
    let result = try known.model(error).imputation(
      of: known.dataset, missing: isMissing, columnMeans: .zeros([4]),
      settings: ImputationSettings(completions: 600, steps: 60), using: Noise(seed: 1))
    let draws = (0..<600).map { found(result.completions[$0]) }
    var ratios: [Double] = []
    for (index, exact) in exact().enumerated() {
      let estimate = Estimate(draws.map { $0[index] })
      // 60 elements: 4.5 standard errors are passed by chance once in 2,400 seeds.
      #expect(estimate.agrees(with: exact.mean, errors: 4.5), "\(estimate) is not \(exact.mean)")
      let ratio = estimate.error * estimate.error * 600 / exact.variance
      // The variance of 600 draws has an error of 5.8 %.
      #expect(abs(ratio - 1) < 4.5 * 0.058, "\(ratio)")
      ratios.append(ratio)
    }
    #expect(Estimate(ratios).agrees(with: 1))
  }

  @Test func `means and deviations are those of the exact conditional within the stated error`() throws {
    let result = try known.model(.init(shift: 0.4, spread: 0.5, factor: 0.7)).imputation(
      of: known.dataset, missing: isMissing, columnMeans: .zeros([4]),
      settings: ImputationSettings(completions: 2, steps: 1500), using: Noise(seed: 2))
    let (means, deviations, exact) = (found(result.means), found(result.deviations), exact())
    let squares = zip(means, exact).reduce(0) { $0 + ($1.0 - $1.1.mean) * ($1.0 - $1.1.mean) }
    let ratio = (squares / 60).squareRoot() / result.meanError
    #expect(result.meanError < 0.05)
    #expect(ratio > 0.4 && ratio < 2, "the root mean square of 60 errors that depend on 4 columns: \(ratio)")
    for (deviation, exact) in zip(deviations, exact) {
      #expect(abs(deviation / exact.variance.squareRoot() - 1) < 0.05, "12,000 dependent draws")
    }
    #expect(result.acceptanceFromEncoder > 0.1 && result.acceptanceByDifference > 0.1)
  }

  @Test func `what is observed stays as it is, and holes in the data are missing by themselves`() throws {
    let model = try known.model()
    let holes = Tensor.choose(.full([], .nan), where: isMissing .> 0, else: known.dataset.values)
    let dataset = Dataset(values: holes, shape: [4])
    func impute(_ seed: UInt64) throws -> Imputation {
      try model.imputation(
        of: dataset, columnMeans: .zeros([4]), settings: .init(completions: 3, steps: 4), using: Noise(seed: seed))
    }
    let result = try impute(1)
    #expect(result.completions.isAllFinite && result.means.isAllFinite)
    for values in [result.means] + (0..<3).map({ result.completions[$0] }) {
      let change = (values - known.dataset.values) * (1 - isMissing)
      #expect(change.absolute().maximum().item == 0)
    }
    #expect((result.deviations * (1 - isMissing)).maximum().item == 0)
    #expect(try impute(1).completions.bytes == result.completions.bytes)
    #expect(try impute(2).completions.bytes != result.completions.bytes)
    #expect(result.score(against: dataset, baselines: [], of: model) == nil, "no truth is known")
    let zeros = ImputationBaseline(kind: .columnMeans, isOfTraining: false, means: .zeros([30, 4]))
    let score = try #require(result.score(against: known.dataset, baselines: [zeros], of: model))
    let differences = zip(found(result.means), found(known.dataset.values)).map { ($0 - $1) * ($0 - $1) }
    #expect(abs(score.meanSquaredError - differences.reduce(0, +) / 60) < 1e-9 && score.elements == 60)
    let squares = found(known.dataset.values).reduce(0) { $0 + $1 * $1 }
    let baseline = try #require(score.baselines.first)
    #expect(abs(baseline.meanSquaredError - squares / 60) < 1e-9)
    #expect(abs(baseline.difference - (score.meanSquaredError - baseline.meanSquaredError)) < 1e-9)
    // Two elements are missing in each row, so the mean over elements is that over rows.
    let (filled, truth) = (found(result.means), found(known.dataset.values))
    let paired = Estimate(
      (0..<30).map { row in
        (0..<2).reduce(0) { sum, part in
          let (x, m) = (truth[2 * row + part], filled[2 * row + part])
          return sum + ((m - x) * (m - x) - x * x) / 2
        }
      })
    #expect(abs(baseline.differenceError - paired.error) < 1e-9)
  }

  @Test func `settings and rows that make no sense are refused`() throws {
    let model = try known.model()
    for settings in [ImputationSettings(completions: -1), .init(steps: 1), .init(chains: 3)] {
      #expect(
        refusal {
          _ = try model.imputation(
            of: known.dataset, columnMeans: .zeros([4]), settings: settings, using: Noise(seed: 1))
        }?.contains("expected") == true)
    }
    let infinite = Dataset(values: .full([2, 4], .infinity), shape: [4])
    #expect(
      refusal { _ = try model.imputation(of: infinite, columnMeans: .zeros([4]), using: Noise(seed: 1)) }?.contains(
        "infinite") == true)
  }

  @Test func `boxes, halves, masks and fractions hide what they say`() throws {
    func hidden(_ occlusion: Occlusion, _ shape: [Int], rows: Int = 2) throws -> [Double] {
      try occlusion.isHidden(rows: rows, shape: shape, using: Noise(seed: 1)).doubles
    }
    #expect(try hidden(.lowerHalf, [4, 2], rows: 1) == [0, 0, 0, 0, 1, 1, 1, 1])
    #expect(try hidden(Occlusion(box: "1, 0,1,2"), [3, 3], rows: 1) == [0, 0, 0, 1, 1, 0, 0, 0, 0])
    #expect(try hidden(.box(top: 0, left: 1, height: 1, width: 1), [1, 2, 3]) == [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1])
    let random = try hidden(.fraction(0.3), [20, 20, 3], rows: 50)
    #expect(Estimate(stride(from: 0, to: random.count, by: 3).map { random[$0] }).agrees(with: 0.3))
    #expect((0..<random.count / 3).allSatisfy { random[3 * $0] == random[3 * $0 + 2] }, "channels go together")
    #expect(try hidden(.fraction(0.5), [6]).count == 12)
    for text in ["", "1,2,3", "1,2,3,x", "-1,0,1,1", "0,0,0,1"] {
      #expect(refusal { _ = try Occlusion(box: text) } != nil)
    }
    for occlusion in [
      Occlusion.box(top: 2, left: 0, height: 2, width: 1), .box(top: 0, left: 0, height: 3, width: 3), .fraction(1),
    ] {
      #expect(refusal { _ = try hidden(occlusion, [3, 3]) } != nil)
    }
    #expect(refusal { _ = try hidden(.lowerHalf, [9]) }?.contains("table") == true)
  }
}
