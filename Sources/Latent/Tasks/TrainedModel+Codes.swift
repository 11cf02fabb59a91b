internal import Codecs
internal import Foundation
public import Torch

/// What keeping codes instead of rows saves and costs.
public struct CodeCost: Codable, Sendable, Equatable {
  /// Bytes of the posterior means, four for each number.
  public var codeBytes: Int
  /// Bytes of the rows as they are in memory: one for each value of a picture of bytes, four for any other.
  public var dataBytes: Int
  /// The mean over all values of (x − x̂)², in the data's units squared.
  public var meanSquaredError: Double
  /// The same of the values as the model's scaling makes them.
  public var scaledMeanSquaredError: Double
}

extension TrainedModel {
  /// The size of codes beside that of their rows, and the error of what they decode to.
  ///
  ///     (1 / ND) Σ (x − E[x|z])²
  ///
  /// - Parameter codes: Shape `[rows, latents]`, of the same rows.
  public func cost(of codes: Tensor, for dataset: Dataset) -> CodeCost {
    precondition(codes.extent(0) == dataset.count, "there is a code for each row")
    let noise = Noise(seed: 0, on: device)
    var (error, scaled) = (0.0, 0.0)
    withoutGradients {
      for start in stride(from: 0, to: dataset.count, by: 500) {
        let part = start..<min(start + 500, dataset.count)
        let returned = decode(codes[part].to(device: device), .mean, using: noise)
        let original = dataset.values[part].to(type: .float32, device: .cpu)
        error += (original - returned).to(type: .float64).squared().sum().item
        let difference = data.scaling.toModel(original) - data.scaling.toModel(returned)
        scaled += difference.to(type: .float64).squared().sum().item
      }
    }
    let values = Double(max(dataset.count * dataset.dimensions, 1))
    return CodeCost(
      codeBytes: dataset.count * model.latents * 4,
      dataBytes: dataset.count * dataset.dimensions * dataset.values.type.byteCount, meanSquaredError: error / values,
      scaledMeanSquaredError: scaled / values)
  }

  /// Reads codes back: an array `[rows, latents]`, or a table with the columns `mean 1`, `mean 2` … or with no others.
  ///
  /// - Returns: Shape `[rows, latents]`.
  /// - Throws: ``LatentError`` where the codes are not of this model's width or some are no numbers, or a codec's error where the file
  ///   cannot be read.
  public func codes(from path: String) throws -> Tensor {
    let array: NumericArray
    switch (path as NSString).pathExtension.lowercased() {
    case "npy": array = try NPY.read(path)
    case "csv": array = try codes(in: CSV.read(path))
    default: throw LatentError("'\(path)' is no file of codes; give a .npy or .csv file as latent encode writes them.")
    }
    guard array.shape.count == 2, array.shape[1] == model.latents else {
      throw LatentError(
        "\(path) has the shape \(array.shape), but the model has \(counted(model.latents, "latent")); give codes of the shape [rows, \(model.latents)]."
      )
    }
    guard array.shape[0] > 0 else { throw LatentError("\(path) holds no codes; give at least one row.") }
    let values = array.values(as: Float.self)
    if let gap = values.firstIndex(where: { !$0.isFinite }) {
      throw LatentError("\(path) has no finite number in row \(gap / model.latents + 1); give one for each latent.")
    }
    return Tensor(values, shape: array.shape)
  }

  private func codes(in table: Table) throws -> NumericArray {
    let names = (1...model.latents).map { "mean \($0)" }
    if names.allSatisfy(table.columns.contains), !table.columns.contains("mean \(model.latents + 1)") {
      return try table.array(ofColumns: names.map { try table.column(named: $0) })
    }
    let means = table.columns.count { $0.hasPrefix("mean ") }
    guard means == 0, table.columns.count == model.latents else {
      throw LatentError(
        "\(table.path) has \(means > 0 ? "the means of \(counted(means, "latent"))" : counted(table.columns.count, "column")), but the model has "
          + "\(counted(model.latents, "latent")); give a column for each.")
    }
    return try table.array()
  }
}
