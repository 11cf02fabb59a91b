import Foundation
import Testing
import Torch

import Latent

@Suite struct DataPreparationTests {
  private func table(_ rows: [[Float]]) -> Dataset {
    Dataset(
      values: Tensor(rows.flatMap { $0 }, shape: [rows.count, rows[0].count]), shape: [rows[0].count],
      columns: rows[0].indices.map { "c\($0)" })
  }

  private func pictures(_ pixels: [UInt8], shape: [Int]) -> Dataset {
    let size = shape.reduce(1, *)
    return Dataset(values: Tensor(pixels, shape: [pixels.count / size, size]), shape: shape)
  }

  private func preparation(_ dataset: Dataset, _ change: (inout DataConfiguration) -> Void = { _ in }) throws
    -> Preparation
  {
    var configuration = DataConfiguration()
    change(&configuration)
    return Preparation(try DataDescription(of: dataset, configuration: configuration))
  }

  @Test func `unit scaling divides bytes by 255, or by their maximum where that is below 128`() {
    #expect(Scaling.fitted(.automatic, to: pictures([0, 254], shape: [1, 1])).scale == [255])
    #expect(Scaling.fitted(.unit, to: pictures([0, 16], shape: [1, 1])).scale == [16])
    #expect(Scaling.fitted(.unit, to: pictures([0, 0], shape: [1, 1])).scale == [1])
  }

  @Test func `standard scaling gives each column mean 0 and deviation 1, and a constant one scale 1`() {
    let dataset = table([[1, 0.1], [2, 0.1], [6, 0.1]])
    let scaling = Scaling.fitted(.automatic, to: dataset)
    #expect(scaling.kind == .standard && scaling.scale[1] == 1)
    let values = scaling.toModel(dataset.values)
    #expect(values.type == .float32)
    #expect(values.mean(over: 0).values(as: Double.self).allSatisfy { abs($0) < 1e-6 })
    #expect(abs(values.variance(over: 0).values(as: Double.self)[0] - 1) < 1e-6)
  }

  @Test(arguments: ScalingKind.allCases)
  func `raw values come back from the model's`(kind: ScalingKind) {
    let dataset = table([[1, -200, 3], [2.5, 0, 3], [6, 700, 3]])
    let scaling = Scaling.fitted(kind, to: dataset)
    let back = scaling.toRaw(scaling.toModel(dataset.values))
    // Single precision keeps 7 digits of values up to 700.
    #expect((back - dataset.values).absolute().maximum().item < 2e-4)
  }

  @Test func `unit scaling of floating-point columns goes from minimum to maximum`() {
    let dataset = table([[1, -200], [3, 0], [2, 200]])
    #expect(
      Scaling.fitted(.unit, to: dataset).toModel(dataset.values).values(as: Double.self) == [0, 0, 1, 0.5, 0.5, 1])
  }

  @Test func `unit scaling leaves floating-point pictures that fill their range as they are`() {
    func scaling(_ values: [Float]) -> Scaling {
      Scaling.fitted(.unit, to: Dataset(values: Tensor(values, shape: [values.count, 1]), shape: [1, 1]))
    }
    for values in [[0.1, 0.9], [0, 1], [0.25, 0.5]] as [[Float]] {
      #expect(scaling(values).offset == [0] && scaling(values).scale == [1], "of \(values)")
    }
    for values in [[0, 0.25], [-0.5, 0.75], [0, 1.5]] as [[Float]] {
      #expect(scaling(values).offset == [Double(values[0])], "of \(values)")
      #expect(scaling(values).scale == [Double(values[1] - values[0])], "of \(values)")
    }
  }

  @Test func `a description survives a round trip through JSON`() throws {
    let description = try DataDescription(of: table([[1, 2], [3, 5]]), configuration: DataConfiguration())
    let data = try JSONEncoder().encode(description)
    #expect(try JSONDecoder().decode(DataDescription.self, from: data) == description)
  }

  @Test func `a stored description that is damaged is refused`() throws {
    let description = try DataDescription(of: table([[1, 2], [3, 5]]), configuration: DataConfiguration())
    #expect(throws: Never.self) { try description.validate() }
    let text = String(decoding: try JSONEncoder().encode(description), as: UTF8.self)
    for (old, new) in [
      ("\"shape\":[2]", "\"shape\":[3]"), ("\"shape\":[2]", "\"shape\":[]"), ("\"shape\":[2]", "\"shape\":[-2]"),
      ("\"shape\":[2]", "\"shape\":[9000000000000000000,4]"), ("\"offset\":[2,3.5]", "\"offset\":[2]"),
      ("\"scale\":[1,1.5]", "\"scale\":[0,1.5]"), ("\"columns\":[\"c0\",\"c1\"]", "\"columns\":[\"c0\"]"),
    ] {
      #expect(text.contains(old))
      let damaged = Data(text.replacingOccurrences(of: old, with: new).utf8)
      let read = try JSONDecoder().decode(DataDescription.self, from: damaged)
      #expect(throws: LatentError.self) { try read.validate() }
    }
  }

  @Test func `a batch holds the rows that are asked for, scaled`() throws {
    let dataset = table([[1, 10], [2, 20], [3, 30], [4, 40]])
    let preparation = try preparation(dataset)
    let ready = try preparation.prepared(dataset, part: "training", seed: 0)
    let batch = preparation.batch(of: ready, rows: Tensor([Int64(2), 0]), noise: nil)
    let expected = preparation.description.scaling.toModel(dataset.rows([2, 0]).values)
    #expect(batch.values(as: Float.self) == expected.values(as: Float.self) && batch.type == .float32)
    #expect(preparation.batch(of: ready, rows: 0..<4, noise: nil).shape == [4, 2])
  }

  @Test func `dynamic binarization draws anew each time, with the greys as probabilities`() throws {
    let dataset = pictures(
      [UInt8](repeating: 51, count: 20_000) + [UInt8](repeating: 255, count: 20_000), shape: [100, 200])
    let preparation = try preparation(dataset) { $0.binarization = .dynamic }
    let ready = try preparation.prepared(dataset, part: "training", seed: 0)
    let noise = Noise(seed: 1)
    let (first, second) = (
      preparation.batch(of: ready, rows: 0..<2, noise: noise), preparation.batch(of: ready, rows: 0..<2, noise: noise)
    )
    #expect(first.values(as: Float.self) != second.values(as: Float.self))
    // Five standard errors of a share of 0.2 among 20,000.
    #expect(abs(first[0].mean().item - 0.2) < 0.015 && first[1].mean().item == 1)
    let again = preparation.batch(of: ready, rows: 0..<2, noise: Noise(seed: 1))
    #expect(again.values(as: Float.self) == first.values(as: Float.self))
    #expect(abs(preparation.batch(of: ready, rows: 0..<1, noise: nil).maximum().item - 0.2) < 1e-6)
  }

  @Test func `fixed binarization is drawn once from its seed`() throws {
    let dataset = pictures([UInt8](repeating: 128, count: 5000), shape: [1, 1])
    let preparation = try preparation(dataset) { $0.binarization = .fixed }
    func bits(_ part: String, _ seed: UInt64) throws -> [Float] {
      let ready = try preparation.prepared(dataset, part: part, seed: seed)
      let first = preparation.batch(of: ready, rows: 0..<5000, noise: Noise(seed: 4)).values(as: Float.self)
      #expect(first == preparation.batch(of: ready, rows: 0..<5000, noise: nil).values(as: Float.self))
      return first
    }
    let training = try bits("training", 0)
    #expect(Set(training) == [0, 1])
    #expect(try training == bits("training", 0))
    #expect(try training != bits("validation", 0))
    #expect(try training != bits("training", 1))
  }

  @Test func `threshold binarization gives 1 from one half on`() throws {
    let dataset = pictures([0, 127, 128, 255], shape: [2, 2])
    let preparation = try preparation(dataset) { $0.binarization = .threshold }
    let ready = try preparation.prepared(dataset, part: "training", seed: 0)
    #expect(preparation.batch(of: ready, rows: 0..<1, noise: nil).values(as: Float.self) == [0, 0, 1, 1])
  }

  @Test func `values outside 0 to 1 are not binarized`() throws {
    let error = #expect(throws: LatentError.self) {
      try preparation(table([[1, 2], [3, 4]])) { $0.binarization = .dynamic }
    }
    #expect(error?.description.contains("--set data.scaling=unit") == true)
  }

  @Test func `a partition gives every row to one part, and the same seed the same parts`() throws {
    let dataset = Dataset(
      values: Tensor((0..<100).map(Float.init), shape: [100, 1]), shape: [1], labels: (0..<100).map { $0 })
    var configuration = DataConfiguration()
    configuration.test = 7
    let parts = try Partition.make(from: (dataset, nil), configuration)
    let all = [parts.training, parts.validation, parts.test].compactMap { $0?.values.values(as: Float.self) }
    #expect(all.map(\.count) == [83, 10, 7] && all.joined().sorted() == (0..<100).map(Float.init))
    #expect(parts.training.labels?.map(Float.init) == all[0])
    #expect(try Partition.make(from: (dataset, nil), configuration).training.values.values(as: Float.self) == all[0])
    configuration.splitSeed = 1
    #expect(try Partition.make(from: (dataset, nil), configuration).training.values.values(as: Float.self) != all[0])
    configuration.rows = 5
    #expect(try Partition.make(from: (dataset, nil), configuration).training.count == 5)
  }

  @Test func `test rows of the source stay as they are`() throws {
    let dataset = table([[1], [2], [3], [4]])
    let parts = try Partition.make(from: (dataset, table([[9]])), DataConfiguration())
    #expect(parts.training.count == 3 && parts.validation?.count == 1 && parts.test?.values.item == 9)
  }

  @Test func `a partition that leaves nothing to train on is refused`() throws {
    let one = table([[1]])
    let error = #expect(throws: LatentError.self) { try Partition.make(from: (one, nil), DataConfiguration()) }
    #expect(error?.description.contains("none of the 1 row of") == true, "\(error?.description ?? "")")
    var configuration = DataConfiguration()
    (configuration.validation, configuration.test) = (1e15, 1e15)
    #expect(throws: LatentError.self) { try Partition.make(from: (one, nil), configuration) }
    (configuration.validation, configuration.test) = (0, 0)
    #expect(try Partition.make(from: (one, nil), configuration).training.count == 1)
  }

  @Test func `the hash changes with a value, a label and the shape`() {
    let values: [UInt8] = Array(0..<24)
    func hash(_ values: [UInt8], _ shape: [Int] = [2, 3], labels: [Int32] = [0, 1, 0, 1]) -> String {
      Dataset(values: Tensor(values, shape: [4, 6]), shape: shape, labels: labels, labelNames: ["a", "b"]).hash
    }
    var others = values
    others[23] = 99
    #expect(hash(values) == hash(values) && hash(values).count == 16)
    #expect(Set([hash(values), hash(others), hash(values, [3, 2]), hash(values, labels: [0, 1, 0, 0])]).count == 4)
  }
}
