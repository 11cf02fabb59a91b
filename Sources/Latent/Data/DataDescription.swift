internal import Torch

/// What a model has to know about its data, stored beside its weights.
public struct DataDescription: Codable, Sendable, Equatable {
  /// What a row is: `[dimensions]`, `[height, width]` or `[height, width, channels]`.
  public let shape: [Int]
  /// The names of a table's columns; empty for pictures.
  public let columns: [String]
  /// What labels stand for, if there were any.
  public let labelNames: [String]
  /// The way from raw values to the model's.
  public let scaling: Scaling
  /// Whether the model's values are made 0 or 1.
  public let binarization: Binarization

  /// The number of values in a row.
  public var dimensions: Int { shape.reduce(1, *) }

  /// Whether a row is a picture.
  public var isPicture: Bool { shape.count > 1 }

  /// Height and width of a picture, and its channels; a row of a table is one pixel wide.
  var pictureSize: (size: PictureSize, channels: Int) {
    (PictureSize(height: shape[0], width: isPicture ? shape[1] : 1), shape.count > 2 ? shape[2] : 1)
  }

  /// Describes the rows to train on.
  ///
  /// - Parameter scaling: What to scale by instead of what the configuration says, if a likelihood asks for it.
  /// - Throws: ``LatentError`` where values outside [0, 1] are to be binarized.
  public init(
    of training: Dataset, configuration: DataConfiguration, scaling: ScalingKind? = nil
  ) throws(LatentError) {
    shape = training.shape
    columns = training.columns
    labelNames = training.labelNames
    self.scaling = Scaling.fitted(scaling ?? configuration.scaling, to: training)
    binarization = configuration.binarization
    guard binarization != .none else { return }
    let (minimum, maximum) = self.scaling.range(of: training)
    guard minimum >= 0, maximum <= 1 else {
      throw LatentError(
        "data.binarization is \(binarization.rawValue), but the scaled values of \(training.name) go from "
          + "\(minimum.brief) to \(maximum.brief); use --set data.scaling=unit, or no binarization.")
    }
  }

  /// Refuses what no training can have stored: call it on what was read from a file, before anything else.
  ///
  /// - Throws: ``LatentError`` where the extents, the columns and the scaling do not belong together.
  public func validate() throws(LatentError) {
    var (product, isSound) = (1, !shape.isEmpty)
    for extent in shape where isSound {
      let (next, overflows) = product.multipliedReportingOverflow(by: extent)
      (product, isSound) = (next, extent > 0 && !overflows && next < 1 << 32)
    }
    let counts = [scaling.offset.count, scaling.scale.count]
    guard isSound, columns.isEmpty || columns.count == product, counts == [1, 1] || counts == [product, product],
      (scaling.offset + scaling.scale).allSatisfy(\.isFinite), !scaling.scale.contains(0)
    else {
      throw LatentError(
        "The stored description of the data is damaged: its shape \(shape), its \(counted(columns.count, "column")) and its "
          + "scaling do not belong together; use an undamaged copy, or train again.")
    }
  }

  /// Makes sure that a model of this data can take other rows.
  ///
  /// - Throws: ``LatentError`` where their shape or their columns are different.
  public func check(_ dataset: Dataset) throws(LatentError) {
    guard dataset.shape == shape else {
      throw LatentError(
        "\(dataset.name) has \(words(dataset.shape)), but the model was trained on \(words(shape)); give data of the same shape."
      )
    }
    guard columns != dataset.columns, !columns.isEmpty, !dataset.columns.allSatisfy(\.isPositional) else { return }
    let index = zip(columns, dataset.columns).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
    throw LatentError(
      "\(dataset.name) has “\(dataset.columns[index])” as its column \(index + 1), but the model was trained with "
        + "“\(columns[index])” there; give the same columns.")
  }

  private func words(_ shape: [Int]) -> String {
    shape.count == 1
      ? "rows of \(shape[0]) \(shape[0] == 1 ? "value" : "values")"
      : "pictures of \(extents(shape))"
  }
}

extension String {
  /// Whether a column has no name but its place.
  var isPositional: Bool { hasPrefix("column ") && Int(dropFirst(7)) != nil }
}

extension Scaling {
  /// The least and the greatest of the model's values.
  func range(of dataset: Dataset) -> (minimum: Double, maximum: Double) {
    guard dataset.count > 0, dataset.dimensions > 0 else { return (0, 0) }
    if offset.count == 1 {
      let (minimum, maximum) = (dataset.values.minimum().item, dataset.values.maximum().item)
      return ((minimum - offset[0]) / scale[0], (maximum - offset[0]) / scale[0])
    }
    let minima = dataset.values.minimum(over: 0).values(as: Double.self)
    let maxima = dataset.values.maximum(over: 0).values(as: Double.self)
    let low = minima.indices.map { (minima[$0] - offset[$0]) / scale[$0] }
    let high = maxima.indices.map { (maxima[$0] - offset[$0]) / scale[$0] }
    return (low.min() ?? 0, high.max() ?? 0)
  }
}
