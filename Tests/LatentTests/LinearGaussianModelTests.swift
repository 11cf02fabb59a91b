import Foundation
import Latent
import Testing
import Torch

/// What is known of x = Wz + μ + ε, against the same by way of the full D × D covariance.
///
/// Both are sums of tens of doubles: they agree to 1e-9.
@Suite struct LinearGaussianModelTests {
  private let model = LinearGaussianModel(
    weights: Noise(seed: 1).normal([5, 2], type: .float64), mean: Noise(seed: 2).normal([5], type: .float64),
    noiseVariance: Noise(seed: 3).uniform([5], type: .float64) + 0.2)

  private var rows: Tensor { model.sample(7, using: Noise(seed: 4)) }

  /// log N(x; m, C) of one row.
  private func logDensity(_ x: Tensor, mean: Tensor, covariance: Tensor) throws -> Double {
    let lower = try covariance.cholesky()
    let whitened = lower.solvingTriangular((x - mean).unsqueezed(at: 1))
    return -0.5 * (whitened.squared().sum().item + Double(x.count) * log(2 * .pi))
      - lower.diagonal().logarithm().sum().item
  }

  @Test func `the likelihood of a row is that of the full covariance`() throws {
    for (row, found) in model.logLikelihood(of: rows).doubles.enumerated() {
      let exact = try logDensity(rows[row], mean: model.mean, covariance: model.covariance)
      #expect(abs(found - exact) < 1e-9)
    }
  }

  @Test func `draws have the model's mean and covariance`() {
    let draws = model.sample(50_000, using: Noise(seed: 5)) - model.mean
    let products = (draws.unsqueezed(at: 2) * draws.unsqueezed(at: 1)).reshaped([50_000, 25])
    for (index, exact) in model.covariance.doubles.enumerated() {
      #expect(Estimate(products.selected(along: 1, index).doubles).agrees(with: exact))
    }
  }

  @Test func `missing cells get the mean and variance of the conditional Gaussian`() throws {
    let missing = [1, 3, 4]
    let present = [0, 2]
    func part(_ tensor: Tensor, _ indices: [Int]) -> Tensor { tensor.rows(Tensor(indices.map(Int64.init))) }
    func block(_ a: [Int], _ b: [Int]) -> Tensor {
      part(part(model.covariance, a).transposed().contiguous(), b).transposed()
    }
    var values = rows.doubles
    for row in 0..<7 { for cell in missing { values[row * 5 + cell] = .nan } }
    let holed = Tensor(values, shape: [7, 5])
    let filled = model.imputed(holed)
    let gain = block(missing, present).times(block(present, present).inverse())
    let covariance = block(missing, missing) - gain.times(block(present, missing))
    for row in 0..<7 {
      let difference = (part(rows[row], present) - part(model.mean, present)).unsqueezed(at: 1)
      let exact = part(model.mean, missing) + gain.times(difference).squeezed(at: 1)
      #expect((part(filled.means[row], missing) - exact).absolute().maximum().item < 1e-9)
      #expect((part(filled.variances[row], missing) - covariance.diagonal()).absolute().maximum().item < 1e-9)
      #expect(part(filled.means[row], present).bytes == part(rows[row], present).bytes)
      #expect(part(filled.variances[row], present).doubles == [0, 0])
      let observed = try logDensity(
        part(rows[row], present), mean: part(model.mean, present), covariance: block(present, present))
      #expect(abs(model.observedLogLikelihood(of: holed).doubles[row] - observed) < 1e-9)
    }
    // Draws are joint: so are their covariances.
    let draws = model.imputations(holed[0..<1], count: 40_000, using: Noise(seed: 6)) - filled.means[0..<1]
    let product = draws.selected(along: 2, 1) * draws.selected(along: 2, 4)
    #expect(Estimate(product.reshaped([-1]).doubles).agrees(with: covariance[0].doubles[2]))
  }

  @Test func `a row without any cell is filled with the mean and says nothing`() {
    let empty = Tensor.full([1, 5], .nan, type: .float64)
    #expect((model.imputed(empty).means - model.mean).absolute().maximum().item < 1e-12)
    #expect((model.imputed(empty).variances - model.covariance.diagonal()).absolute().maximum().item < 1e-9)
    #expect(abs(model.observedLogLikelihood(of: empty).item) < 1e-12)
    let whole = model.observedLogLikelihood(of: rows) - model.logLikelihood(of: rows)
    #expect(whole.absolute().maximum().item < 1e-9)
  }
}
