import Foundation
import Testing
import Torch

import Latent

@Suite struct DataSummaryTests {
  @Test func `a summary counts, measures and leaves out what is missing`() {
    let values: [Float] = [1, 0.5, 3, .nan, 5, 1.5]
    let dataset = Dataset(
      values: Tensor(values, shape: [3, 2]), shape: [2], columns: ["a", "b"], labels: [1, 0, 1], labelNames: ["x", "y"])
    let summary = DataSummary(of: dataset)
    #expect(summary.rows == 3 && summary.missing == 1 && !summary.isWhole && summary.distinctLevels == 5)
    #expect(summary.minimum == 0.5 && summary.maximum == 5)
    #expect(summary.columns.map(\.mean) == [3, 1] && summary.columns[1].deviation == 0.5)
    #expect(summary.columns[0].isWhole && !summary.columns[1].isWhole && summary.columns[1].missing == 1)
    #expect(summary.labels.map(\.name) == ["x", "y"] && summary.labels.map(\.count) == [1, 2])
  }

  @Test func `bytes and the same floats have the same statistics`() {
    let bytes = (0..<600).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let pictures = Dataset(values: Tensor(bytes, shape: [6, 100]), shape: [10, 10])
    let floats = Dataset(values: Tensor(bytes.map(Float.init), shape: [6, 100]), shape: [10, 10])
    let (a, b) = (DataSummary(of: pictures), DataSummary(of: floats))
    #expect(a.distinctLevels == b.distinctLevels && a.minimum == b.minimum && a.maximum == b.maximum && b.isWhole)
    #expect(abs(a.columns[0].mean - b.columns[0].mean) < 1e-9)
    #expect(abs(a.columns[0].deviation - b.columns[0].deviation) < 1e-9)
  }

  @Test func `the suggested likelihood follows the values`() throws {
    func suggestion(_ values: [Float], _ shape: [Int]) -> String {
      let size = shape.reduce(1, *)
      return DataSummary(of: Dataset(values: Tensor(values, shape: [values.count / size, size]), shape: shape))
        .suggestedLikelihood
    }
    #expect(suggestion([0, 1, 1, 0], [2, 2]) == "bernoulli")
    #expect(suggestion([0, 255, 255, 0], [2, 2]) == "bernoulli")
    #expect(suggestion([0, 3, 16, 7], [2, 2]) == "categorical")
    #expect(suggestion([0, 90, 130, 255], [2, 2]) == "continuous-bernoulli")
    #expect(suggestion([0, 0, 255, 250, 128], [1, 5]) == "bernoulli")
    #expect(suggestion([-1, 0.2, 0.4, 1], [2, 2]) == "gaussian")
    #expect(suggestion([0.5, 3, 16, 7], [4]) == "gaussian")
    #expect(suggestion([0, 1, 1, 0], [4]) == "bernoulli")
    #expect(suggestion([0, 0, 0, 7], [1]) == "gaussian")
    #expect(DataSummary(of: try DataSource.load(DataConfiguration()).training).suggestedLikelihood == "categorical")
  }

  @Test func `a summary survives a round trip through JSON`() throws {
    let summary = DataSummary(of: Dataset(values: Tensor([Float](), shape: [0, 2]), shape: [2]))
    let data = try JSONEncoder().encode(summary)
    #expect(try JSONDecoder().decode(DataSummary.self, from: data) == summary)
  }
}
