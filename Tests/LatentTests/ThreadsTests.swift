import Latent
import Testing
import Torch

/// How many threads a step of work is spread over, where nobody says.
@Suite struct ThreadsTests {
  private let cores = Engine.cores

  private func clustering(rows: Int, _ method: ClusteringMethod, _ covariance: GaussianMixture.Covariance = .full)
    -> Int
  {
    Threads.count(
      asked: 0,
      operations: Clustering.operations(rows: rows, latents: 20, clusters: 20, method, covariance))
  }

  @Test func `little work takes one thread, much takes all cores`() {
    #expect(Threads.count(asked: 0, operations: 1e6) == 1)
    #expect(Threads.count(asked: 0, operations: 1e12) == cores)
    #expect(Threads.count(asked: 0) == cores)
  }

  @Test func `what was asked for is taken, however much work there is`() {
    #expect([1e3, 1e12].allSatisfy { Threads.count(asked: 3, operations: $0) == 3 })
    #expect(Threads.count(asked: 1, operations: 1e12) == 1)
  }

  @Test func `a mixture of two thousand codes takes one thread, of a hundred thousand all cores`() {
    #expect(clustering(rows: 2000, .mixture) == 1)
    #expect(clustering(rows: 100_000, .mixture) == cores)
    #expect(clustering(rows: 20_000, .mixture, .diagonal) == 1)
    #expect(clustering(rows: 20_000, .kMeans) == 1)
  }

  @Test func `training does three times the work of a pass, for every row and draw`() {
    let pass = Threads.passing(parameters: 1000, rows: 10)
    #expect(pass == 20_000)
    #expect(Threads.training(parameters: 1000, rows: 10) == 3 * pass)
    #expect(Threads.training(parameters: 1000, rows: 10, samples: 5) == 15 * pass)
  }

  @Test func `judging takes as many rows and draws at once as it says`() throws {
    let known = LinearGaussian(rows: 300)
    let model = try known.model()
    let few = Evaluation.operations(of: model, rows: 300, samples: 2)
    #expect(few == Threads.passing(parameters: model.model.parameterCount, rows: 300, samples: 2))
    #expect(Evaluation.operations(of: model, rows: 100_000, samples: 2) == few * 500 / 300)
  }
}
