import Foundation
import Latent
import Testing
import Torch

/// What filling in is compared with, against what is known of Gaussians.
@Suite struct ImputationBaselineTests {
  /// Rows of N(0, I + 1), of which half lack their first value: given the second, it is N(x₂ / 2, 1.5).
  private func pairs(rows: Int) -> (whole: Tensor, holed: Tensor) {
    let noise = Noise(seed: 1)
    let x = noise.normal([rows, 2], type: .float64) + noise.normal([rows, 1], type: .float64)
    let missing = Tensor((0..<rows).flatMap { [Float($0 % 2), 0] }, shape: [rows, 2])
    return (x, .choose(.full([], .nan, type: .float64), where: missing .> 0, else: x))
  }

  @Test func `EM finds the Gaussian of rows with holes, and its best squared error`() {
    let (whole, holed) = pairs(rows: 20_000)
    let model = LinearGaussianModel(gaussianOf: holed)
    // 10,000 whole rows: an entry of the covariance has an error of 0.03 at the most.
    for (found, exact) in zip(model.covariance.doubles, [2.0, 1, 1, 2]) { #expect(abs(found - exact) < 0.12) }
    let squares = (model.imputed(holed).means - whole).squared().selected(along: 1, 0).doubles
    let errors = Estimate(stride(from: 1, to: 20_000, by: 2).map { squares[$0] })
    #expect(errors.agrees(with: 1.5), "\(errors)")
    let likelihoods = Estimate(model.observedLogLikelihood(of: holed).doubles)
    #expect(likelihoods.agrees(with: -2.5764), "\(likelihoods)")
  }

  @Test func `without holes EM finds mean and covariance, also where columns depend on each other`() {
    let (x, _) = pairs(rows: 50)
    let rows = Tensor.concatenate([x, x.sum(over: 1, keepingDimensions: true)], along: 1)
    let model = LinearGaussianModel(gaussianOf: rows)
    let centred = rows - rows.mean(over: 0)
    let covariance = centred.transposed().times(centred) / 50
    // What is added to the diagonal is 1e-6 of the mean variance.
    #expect((model.mean - rows.mean(over: 0)).absolute().maximum().item < 1e-9)
    #expect((model.covariance - covariance).absolute().maximum().item < 1e-5 * covariance.maximum().item)
    #expect(model.observedLogLikelihood(of: rows).isAllFinite)
  }

  @Test func `EM ends where no other Gaussian nearby is likelier`() {
    let holed = pairs(rows: 200).holed
    let model = LinearGaussianModel(gaussianOf: holed)
    func likelihood(_ weights: Double, _ shift: Double) -> Double {
      LinearGaussianModel(
        weights: model.weights * weights, mean: model.mean + shift, noiseVariance: model.noiseVariance
      ).observedLogLikelihood(of: holed).mean().item
    }
    for (weights, shift) in [(1.05, 0.0), (0.95, 0), (1, 0.05), (1, -0.05)] {
      #expect(likelihood(weights, shift) < likelihood(1, 0))
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: iris), "the published tables are not there"))
  func `EM fills in half of iris as well as is published`() throws {
    let text = try String(contentsOfFile: Self.iris, encoding: .utf8)
    let numbers = text.split(whereSeparator: \.isNewline).dropFirst().flatMap { $0.split(separator: ",").prefix(4) }
    let raw = Tensor(numbers.compactMap { Double($0) }, shape: [150, 4])
    let centred = raw - raw.mean(over: 0)
    let x = centred / centred.squared().mean(over: 0).squareRoot()
    let errors = (0..<12).map { seed in
      let missing = Noise(seed: UInt64(seed)).uniform([150, 4]) .< 0.5
      let holed = Tensor.choose(.full([], .nan, type: .float64), where: missing, else: x)
      let filled = LinearGaussianModel(gaussianOf: holed).imputed(holed).means
      return (filled - x).squared().sum().item / missing.to(type: .float64).sum().item
    }
    // 0.4073 is of one choice of holes, or the mean of a few: others differ from it by their spread.
    let mean = Estimate(errors)
    #expect(abs(mean.mean - 0.4073) < 3 * mean.error * Double(errors.count).squareRoot(), "\(errors)")
    #expect(mean.mean < 0.6, "column means have 0.98")
  }

  private static let iris = "../shared/data/tabular/iris.csv"

  @Test func `components are chosen by validation rows with the same holes, up to the full Gaussian`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    // Three directions of five carry the rows.
    let noise = Noise(seed: 4)
    let x = noise.normal([400, 3], type: .float64).times(noise.normal([3, 5], type: .float64) * 2)
    let values = (x + noise.normal([400, 5], type: .float64) * 0.3).doubles
    let lines = stride(from: 0, to: values.count, by: 5).map { start in
      values[start..<start + 5].map { "\($0)" }.joined(separator: ",")
    }
    let path = scratch.path + "/rows.csv"
    try ("a,b,c,d,e\n" + lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    let configuration = try Configuration(
      preset: nil, file: nil,
      settings: ["data.source=\(path)", "model.latents=2", "training.epochs=1", "data.test=0.2"])
    let run = try Run.create(configuration, in: RunFolder(scratch.path + "/run"))
    try run.train { _ in .proceed }
    let trained = try TrainedModel.load(run.folder.path)
    let rows = try trained.rows(of: nil, part: .test).rows
    let missing = Tensor((0..<rows.count).flatMap { _ in [1, 0, 0, 0, 0] as [Float] }, shape: [rows.count, 5])
    let reference = ImputationReference(of: trained, orOf: rows)
    #expect(reference.isOfTraining)
    let baselines = reference.baselines(for: rows, missing: missing)
    #expect(baselines.map(\.name) == ["column-means", "ppca", "best-ppca"])
    #expect(baselines.map(\.latents)[1] == 2)
    #expect((baselines[2].latents ?? 0) >= 3)
    guard case .principalComponents(_, let choice?) = baselines[2].kind else {
      Issue.record("no choice")
      return
    }
    #expect(choice.tried == [1, 2, 3, 4] && choice.isOfValidation)
    let errors = baselines.map {
      ((($0.means - rows.values) * missing).squared().sum().item / Double(rows.count)).squareRoot()
    }
    #expect(errors[2] < errors[1] && errors[1] < errors[0], "\(errors)")

    try FileManager.default.removeItem(atPath: path)
    let alone = ImputationReference(of: trained, orOf: rows)
    #expect(!alone.isOfTraining)
    let others = alone.baselines(
      for: rows, missing: Tensor((0..<rows.count).flatMap { [Float($0 % 2), 0, 0, 0, 0] }, shape: [rows.count, 5]))
    #expect(others.map(\.name) == ["column-means", "gaussian-em"])
  }
}
