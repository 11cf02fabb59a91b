import Foundation
import Testing
import Torch

import Latent

/// Claims on the published data sets.
@Suite(.serialized) struct DataPublishedTests {
  @Test(.enabled(if: DataOnDisk.has("mnist"), "\(DataOnDisk.reason)"))
  func `MNIST is 60,000 pictures of bytes and 10,000 for the test`() throws {
    let loaded = try DataOnDisk.load("mnist")
    let training = loaded.training
    #expect(training.values.shape == [60000, 784] && training.shape == [28, 28] && training.values.type == .uint8)
    #expect(loaded.test?.count == 10000 && training.labelNames.count == 10)
    #expect(training.labels?.prefix(5) == [5, 0, 4, 1, 9])
    let summary = DataSummary(of: training)
    // The published mean and deviation of the pixels, 0.1307 and 0.3081.
    #expect(
      abs(summary.columns[0].mean / 255 - 0.1307) < 1e-4 && abs(summary.columns[0].deviation / 255 - 0.3081) < 1e-4)
    #expect(summary.suggestedLikelihood == "bernoulli")
  }

  @Test(.enabled(if: DataOnDisk.has("frey-face"), "\(DataOnDisk.reason)"))
  func `Frey faces are 1965 pictures of 28 × 20`() throws {
    let dataset = try DataOnDisk.load("frey-face/frey_rawface.mat") { $0.shape = [28, 20] }.training
    #expect(dataset.values.shape == [1965, 560] && dataset.values.type == .uint8)
    #expect(neighbourDistance(dataset) < 20)
  }

  @Test(.enabled(if: DataOnDisk.has("olivetti-faces"), "\(DataOnDisk.reason)"))
  func `Olivetti faces are 400 pictures of 64 × 64, upright when transposed`() throws {
    let dataset = try DataOnDisk.load("olivetti-faces/olivettifaces.mat") { $0.transposed = true }.training
    #expect(dataset.values.shape == [400, 4096] && dataset.shape == [64, 64] && dataset.values.type == .uint8)
    // Faces are nearly symmetric from left to right, not from top to bottom.
    let mean = dataset.values.to(type: .float32).mean(over: 0).reshaped([64, 64])
    func asymmetry(_ picture: Tensor) -> Double {
      let order = Tensor((0..<64).map { Int64(63 - $0) })
      return (picture - picture.columns(order)).absolute().mean().item
    }
    #expect(asymmetry(mean) < 0.5 * asymmetry(mean.transposed()))
  }

  @Test(.enabled(if: DataOnDisk.has("lfwcrop-smile"), "\(DataOnDisk.reason)"))
  func `an archive of PPM faces gives colour pictures`() throws {
    let dataset = try DataOnDisk.load("lfwcrop-smile/lfwcrop_color_smile.tar.gz").training
    #expect(dataset.count == 1203 && dataset.shape == [64, 64, 3] && dataset.labels == nil)
    #expect(neighbourDistance(dataset) < 20)
  }

  @Test(.enabled(if: DataOnDisk.has("omniglot"), "\(DataOnDisk.reason)"))
  func `Omniglot is read from its archive, resized, with a label for each character`() throws {
    let dataset = try DataOnDisk.load("omniglot/omniglot_images.tar.gz") { $0.size = [28, 28] }.training
    #expect(dataset.count == 32460 && dataset.shape == [28, 28])
    #expect(DataSummary(of: dataset).labels.map(\.count) == [Int](repeating: 20, count: 1623))
  }

  @Test(.enabled(if: DataOnDisk.has("dsprites"), "\(DataOnDisk.reason)"))
  func `dSprites are binary pictures of scale 1`() throws {
    let dataset = try DataOnDisk.load("dsprites/dsprites_downsampled.npz").training
    #expect(dataset.count == 46080 && dataset.shape == [64, 64] && Scaling.fitted(.unit, to: dataset).scale == [1])
    #expect(
      try DataOnDisk.load("dsprites/dsprites_downsampled.npz:latents_values").training.values.shape == [46080, 5])
  }

  @Test(.enabled(if: DataOnDisk.has("10x-neurons-10k"), "\(DataOnDisk.reason)"))
  func `counts of genes are read from their sparse matrix`() throws {
    let dataset = try DataOnDisk.load("10x-neurons-10k/counts_csr.npz").training
    #expect(dataset.values.shape == [10000, 1000])
    let sums = dataset.values.sum(over: 0).values(as: Double.self)
    #expect(sums.count { $0 == 0 } == 285)
    #expect(DataSummary(of: dataset).reason.contains("counts"))
  }

  @Test(
    .enabled(if: DataOnDisk.has("anomaly"), "\(DataOnDisk.reason)"),
    arguments: [("6_cardio", 1831, 21, 176), ("38_thyroid", 3772, 6, 93), ("23_mammography", 11183, 6, 260)])
  func `tables of anomalies have their labels`(name: String, rows: Int, columns: Int, anomalies: Int) throws {
    let dataset = try DataOnDisk.load("anomaly/\(name).npz").training
    #expect(dataset.values.shape == [rows, columns] && dataset.labelNames == ["0", "1"])
    #expect(dataset.labels?.count { $0 == 1 } == anomalies)
  }

  @Test(.enabled(if: DataOnDisk.has("tabular"), "\(DataOnDisk.reason)"))
  func `tables are read with what they say about their columns`() throws {
    let iris = try DataOnDisk.load("tabular/iris.csv").training
    #expect(iris.values.shape == [150, 4] && iris.labelNames == ["setosa", "versicolor", "virginica"])
    #expect(try DataOnDisk.load("tabular/wine.csv").training.values.shape == [178, 13])
    let quality = try DataOnDisk.load("tabular/winequality-red.csv").training
    #expect(quality.values.shape == [1599, 12] && quality.labels == nil && quality.columns.last == "quality")
    let adult = try DataOnDisk.load("tabular/adult.data.gz") { $0.label = "column 15" }.training
    #expect(adult.values.shape == [32561, 6] && adult.labelNames == ["<=50K", ">50K"])
    let error = #expect(throws: LatentError.self) { try DataOnDisk.load("tabular/penguins.csv") }
    #expect(error?.description.contains("“bill_length_mm” on line 5") == true)
    let penguins = try DataOnDisk.load("tabular/penguins.csv") { ($0.missing, $0.label) = (.drop, "species") }.training
    #expect(penguins.values.shape == [342, 5] && penguins.labelNames == ["Adelie", "Chinstrap", "Gentoo"])
  }

  /// The mean difference between pixels beside each other: small where pictures are read in their own shape.
  private func neighbourDistance(_ dataset: Dataset) -> Double {
    let (height, width) = (dataset.shape[0], dataset.shape[1])
    let pictures = dataset.values.to(type: .float32).reshaped([
      dataset.count, height, width, dataset.dimensions / height / width,
    ])
    let below = pictures.narrowed(along: 1, from: 1, count: height - 1)
    let above = pictures.narrowed(along: 1, from: 0, count: height - 1)
    return (below - above).absolute().mean().item
  }
}
