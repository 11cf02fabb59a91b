import Foundation
import Latent
import Testing
import Torch

/// The error of reconstructions in the data's units, against what `reconstructions` gives.
@Suite struct ReconstructionErrorTests {
  private func model(of dataset: Dataset, likelihood: any LikelihoodChoice) throws -> TrainedModel {
    let suited = try SuitedLikelihood(likelihood, candidates: [dataset])
    var configuration = Configuration()
    configuration.data = suited.configuration
    configuration.model.latents = 2
    configuration.model.likelihood = Chosen(suited.choice)
    return TrainedModel(
      model: try VAE(configuration.model, shape: dataset.shape, with: Initializer(noise: Noise(seed: 3))),
      data: suited.description, configuration: configuration, device: .cpu)
  }

  @Test func `it is the root mean square of originals less reconstructions, and that of each column`() throws {
    let values = Noise(seed: 1).normal([90, 3]) * Tensor([1, 20, 300] as [Float]) + 5
    let dataset = Dataset(values: values, shape: [3], columns: ["a", "b", "c"])
    let trained = try model(of: dataset, likelihood: GaussianLikelihood.Settings())
    let found = try #require(try Evaluation.estimate(of: trained, on: dataset, samples: 2).reconstructionError)
    let returned = try trained.reconstructions(of: dataset, .mean, using: Noise(seed: 0))
    let squares = (returned - values).to(type: .float64).squared()
    // Scaled and back in single precision.
    #expect(abs(found.rootMeanSquare / squares.mean().item.squareRoot() - 1) < 1e-4)
    for (column, exact) in zip(found.perColumn, squares.mean(over: 0).doubles) {
      #expect(abs(column / exact.squareRoot() - 1) < 1e-4)
    }
    let rows = Estimate(squares.mean(over: 1).doubles)
    #expect(abs(found.standardError / (rows.error / (2 * rows.mean.squareRoot())) - 1) < 1e-3)
    #expect(found.perColumn.count == 3 && found.wrongShare == nil)
  }

  @Test func `levels that are not the nearest are wrong`() throws {
    let dataset = try Sample.digits()
    let trained = try model(of: dataset, likelihood: CategoricalLikelihood.Settings())
    let found = try #require(try Evaluation.estimate(of: trained, on: dataset, samples: 2).reconstructionError)
    let returned = try trained.reconstructions(of: dataset, .mean, using: Noise(seed: 0))
    let distance = (returned - dataset.values.to(type: .float32)).absolute()
    let wrong = (distance .> 0.5).to(type: .float64).mean().item
    #expect(abs(try #require(found.wrongShare) - wrong) < 1e-3)
    #expect(try #require(found.wrongShareError) > 0)
    #expect(abs(found.rootMeanSquare / distance.to(type: .float64).squared().mean().item.squareRoot() - 1) < 1e-4)
    #expect(found.perColumn.isEmpty)
  }

  @Test func `black and white elements are wrong or not, and greys have no share of wrong ones`() throws {
    let bits = Dataset(values: (Noise(seed: 1).uniform([50, 4]) .< 0.3).to(type: .float32), shape: [4])
    let binary = try Evaluation.estimate(
      of: model(of: bits, likelihood: BernoulliLikelihood.Settings()), on: bits, samples: 2)
    #expect((0...1).contains(try #require(binary.reconstructionError?.wrongShare)))
    let grey = Dataset(values: Noise(seed: 1).uniform([50, 4]), shape: [4])
    let score = try Evaluation.estimate(
      of: model(of: grey, likelihood: BernoulliLikelihood.Settings()), on: grey, samples: 2)
    #expect(score.reconstructionError != nil && score.reconstructionError?.wrongShare == nil)
  }
}
