public import Torch

/// Rows of data in the units that they came in.
public struct Dataset {
  /// Shape `[count, dimensions]`, `uint8` or `float32`.
  public let values: Tensor
  /// What a row is: `[dimensions]` of a table, `[height, width]` or `[height, width, channels]` of pictures.
  public let shape: [Int]
  /// The names of a table's columns; empty for pictures.
  public let columns: [String]
  /// For each row an index into ``labelNames``.
  public let labels: [Int32]?
  /// What the labels stand for.
  public let labelNames: [String]
  /// For each row the name of its file, where every row is a picture in a file of its own; else empty.
  public let rowNames: [String]
  /// How the source was recognized, such as “IDX pictures with labels”.
  public let format: String
  /// What the source is called.
  public let name: String
  /// What was decided while reading, a sentence each.
  public let notes: [String]
  /// Whether the values are no longer raw but 0 and 1, drawn once for all.
  let isBinarized: Bool

  /// Rows and what is known about them.
  ///
  /// - Parameter values: Shape `[count, product of shape]`, `uint8` or `float32`.
  public init(
    values: Tensor, shape: [Int], columns: [String] = [], labels: [Int32]? = nil, labelNames: [String] = [],
    rowNames: [String] = [], format: String = "values in memory", name: String = "data", notes: [String] = []
  ) {
    self.init(
      values: values, shape: shape, columns: columns, labels: labels, labelNames: labelNames, rowNames: rowNames,
      format: format, name: name, notes: notes, isBinarized: false)
  }

  init(
    values: Tensor, shape: [Int], columns: [String], labels: [Int32]?, labelNames: [String], rowNames: [String],
    format: String, name: String, notes: [String], isBinarized: Bool
  ) {
    precondition(
      values.rank == 2 && values.extent(1) == shape.reduce(1, *), "rows of \(values) are not of shape \(shape)")
    precondition(values.type == .uint8 || values.type == .float32, "\(values) is neither uint8 nor float32")
    precondition(columns.isEmpty || columns.count == values.extent(1), "\(columns.count) names for \(values)")
    precondition(labels == nil || labels?.count == values.extent(0), "\(labels?.count ?? 0) labels for \(values)")
    precondition(rowNames.isEmpty || rowNames.count == values.extent(0), "\(rowNames.count) row names for \(values)")
    self.values = values
    self.shape = shape
    self.columns = columns
    self.labels = labels
    self.labelNames = labelNames
    self.rowNames = rowNames
    self.format = format
    self.name = name
    self.notes = notes
    self.isBinarized = isBinarized
  }
}

extension Dataset {
  /// The number of rows.
  public var count: Int { values.extent(0) }

  /// The number of values in a row.
  public var dimensions: Int { values.extent(1) }

  /// Whether a row is a picture.
  public var isPicture: Bool { shape.count > 1 }

  /// Some of the rows, in this order.
  ///
  /// - Parameter indices: One dimension, `int64`, on the device of the values.
  public func rows(_ indices: Tensor) -> Dataset {
    let chosen = labels != nil || !rowNames.isEmpty ? indices.values(as: Int64.self).map { Int($0) } : []
    return with(
      values: values.rows(indices), labels: labels.map { labels in chosen.map { labels[$0] } },
      rowNames: rowNames.isEmpty ? [] : chosen.map { rowNames[$0] })
  }

  /// Some of the rows, in this order.
  public func rows(_ indices: [Int]) -> Dataset {
    rows(Tensor(indices.map(Int64.init)).to(device: values.device))
  }

  /// The same rows on another device.
  public func on(_ device: Device) -> Dataset { with(values: values.to(device: device), labels: labels) }

  /// Rows of the same kind one after another; labels stay where all have them.
  ///
  /// - Parameter parts: At least one; all of the first's shape and type.
  package static func joined(_ parts: [Dataset]) -> Dataset {
    let labels = parts.map(\.labels)
    return parts[0].with(
      values: parts.count == 1 ? parts[0].values : .concatenate(parts.map(\.values)),
      labels: labels.contains { $0 == nil } ? nil : labels.flatMap { $0 ?? [] },
      rowNames: parts.contains { $0.rowNames.isEmpty } ? [] : parts.flatMap(\.rowNames))
  }

  func with(values: Tensor, labels: [Int32]?, rowNames: [String]? = nil, isBinarized: Bool? = nil) -> Dataset {
    Dataset(
      values: values, shape: shape, columns: columns, labels: labels, labelNames: labelNames,
      rowNames: rowNames ?? self.rowNames, format: format, name: name, notes: notes,
      isBinarized: isBinarized ?? self.isBinarized)
  }
}
