internal import Foundation
internal import Torch

// Gradients' means, and what training gives again.
extension Conformance {
  @Sendable static func estimatorMeans(_ examiner: Examiner) {
    let initializer = Initializer(noise: Noise(seed: 3), type: .float64)
    let model = VAE(
      encoder: Linear(inputs: 3, outputs: 4, with: initializer),
      posterior: DiagonalGaussianPosterior.Settings().make(latents: 2, with: initializer),
      prior: StandardNormalPrior.Settings().make(latents: 2, with: initializer),
      decoder: Linear(inputs: 2, outputs: 3, with: initializer), likelihood: UnitGaussianLikelihood(), latents: 2)
    let x = Noise(seed: 4).normal([3, 3], type: .float64) + 1
    let parameters = model.parameters.map(\.parameter)
    func means(_ choice: any EstimatorChoice) -> [(mean: [Double], error: [Double])] {
      let estimator = choice.make(with: Initializer(noise: Noise(seed: 0), type: .float64))
      let noise = Noise(seed: 5, stream: type(of: choice).kind)
      var objective = ELBO()
      objective.samples = 4
      let draws = (0..<2000).map { _ in
        objective.terms(
          of: model, on: x, divergenceFactor: 1, mode: .evaluation, using: noise, estimator: estimator
        ).total.gradients(in: parameters)
      }
      return parameters.indices.map { index in
        let all = Tensor.stack(draws.map { $0[index].reshaped([-1]) })
        let error = (all.variance(over: 0) / Double(draws.count - 1)).squareRoot()
        return (all.mean(over: 0).values(), error.values())
      }
    }
    let reference = means(ReparametrizedEstimator.Settings())
    for choice in ClaimSubjects.members(Estimators.self, as: (any EstimatorChoice).self)
    where type(of: choice).isUnbiased && !(choice is ReparametrizedEstimator.Settings) {
      for (index, (found, exact)) in zip(means(choice), reference).enumerated() {
        for element in found.mean.indices {
          let error = (found.error[element] * found.error[element] + exact.error[element] * exact.error[element])
            .squareRoot()
          examiner.compare(
            found.mean[element], error: error, with: exact.mean[element], resolving: 0.3,
            of: "\(type(of: choice).kind), \(model.parameters[index].name)")
        }
      }
    }
  }

  /// Some digits redrawn to black and white for each batch, and a small model.
  private static func configuration(_ settings: [String] = []) throws -> Configuration {
    try Configuration(
      preset: nil, file: nil,
      settings: [
        "threads=1", "data={rows: 200, validation: 50, test: 0, scaling: unit, binarization: dynamic}",
        "model.latents=3", "model.encoder.hidden=[16]", "model.decoder.hidden=[16]", "model.likelihood=bernoulli",
        "training.epochs=4", "training.batch=32", "training.checkpointSeconds=0",
      ] + settings)
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else { throw LatentError("'\(path)' was not written.") }
    return Array(data)
  }

  private static func trained(_ configuration: Configuration, in path: String) throws -> [UInt8] {
    let folder = RunFolder(path)
    _ = try Run.create(configuration, in: folder).train { _ in .proceed }
    return try bytes(folder.model)
  }

  @Sendable static func resumption(_ examiner: Examiner) throws {
    for choice in ClaimSubjects.members(Optimizers.self, as: (any OptimizerChoice).self) {
      try withFolder { path in
        let settings = ["training.optimizer=\(type(of: choice).kind)"]
        let whole = try trained(configuration(settings), in: "\(path)/whole")
        let folder = RunFolder("\(path)/stopped")
        var run = try Run.create(configuration(settings), in: folder)
        while try run.train({ report in if case .epoch = report { .stop } else { .proceed } }) == nil {
          run = try Run.resume(folder)
        }
        examiner.compare(try bytes(folder.model), with: whole, of: type(of: choice).kind)
      }
    }
  }

  private static func sameSeed(_ examiner: Examiner, _ settings: [String]) throws {
    try withFolder { path in
      let first = try trained(configuration(settings), in: "\(path)/first")
      let second = try trained(configuration(settings), in: "\(path)/second")
      examiner.compare(second, with: first, of: "model.safetensors")
    }
  }

  @Sendable static func sameSeed(_ examiner: Examiner) throws { try sameSeed(examiner, []) }

  @Sendable static func sameSeedOnThreads(_ examiner: Examiner) throws {
    guard Engine.cores > 1 else { throw Claim.NotHere("there is one core only.") }
    // Wide enough that there is something to be spread.
    try sameSeed(
      examiner, ["threads=2", "model.encoder.hidden=[256]", "model.decoder.hidden=[256]", "training.batch=200"])
  }

  @Sendable static func sameSeedInBFloat16(_ examiner: Examiner) throws {
    guard Engine.hasBFloat16(.cpu) else {
      throw Claim.NotHere("this processor has no instructions for bfloat16.")
    }
    try sameSeed(examiner, ["training.precision=bf16"])
  }
}
