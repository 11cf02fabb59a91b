internal import Codecs
internal import Torch

extension RawRows {
  /// Deals with missing values, stores whole greys as bytes, and resizes.
  func finished(
    _ configuration: DataConfiguration, expecting expected: [Int]?, keepingMissing: Bool
  ) throws -> Dataset {
    var rows = self
    try rows.shape(by: configuration, expecting: expected)
    try rows.checkKind(configuration)
    if !keepingMissing { try rows.settleMissing(configuration.missing, isForModel: expected != nil) }
    if rows.isPicture { rows.storeAsBytes() }
    try rows.resize(to: configuration.size)
    return Dataset(
      values: rows.values, shape: rows.shape, columns: rows.columns, labels: rows.labels, labelNames: rows.labelNames,
      rowNames: rows.rowNames, format: rows.format, name: rows.name, notes: rows.notes)
  }

  private func checkKind(_ configuration: DataConfiguration) throws(LatentError) {
    guard isPicture else { return }
    if let channels = configuration.channels.count, channels != (shape.count == 3 ? shape[2] : 1) {
      throw LatentError(
        "\(name) holds \(shape.count == 3 ? "colour" : "grey") pictures, but data.channels is \(configuration.channels.rawValue), "
          + "which only files of pictures can be converted to; leave it automatic.")
    }
  }

  /// - Parameter isForModel: Whether the rows are for a trained model, whose run says how data is read.
  private mutating func settleMissing(_ missing: MissingValues, isForModel: Bool) throws(LatentError) {
    guard values.type == .float32 else { return }
    let (count, columnCount) = (count, dimensions)
    var gaps: [Int] = []
    var first: (column: Int, isInfinite: Bool) = (0, false)
    values.withUnsafeMutableBytes { bytes in
      let numbers = bytes.assumingMemoryBound(to: Float.self)
      for row in 0..<count {
        let cells = row * columnCount..<(row + 1) * columnCount
        guard !numbers[cells].allFinite else { continue }
        if gaps.isEmpty, let gap = cells.first(where: { !numbers[$0].isFinite }) {
          first = (gap - cells.lowerBound, numbers[gap].isInfinite)
        }
        gaps.append(row)
      }
    }
    guard let firstRow = gaps.first else { return }
    if missing == .refuse {
      let column = columns.isEmpty ? "value \(first.column + 1)" : "column “\(columns[first.column])”"
      throw LatentError(
        "\(name) has \(first.isInfinite ? "a value too large" : "no value") in \(column) \(place(firstRow)), "
          + "\(gaps.count == 1 ? "the only such row" : "the first of \(gaps.count) such rows") among \(count); "
          + (isForModel
            ? "leave such rows out of it, or fill them in by latent impute."
            : "leave such rows out by --set data.missing=drop, or fill them in."))
    }
    guard gaps.count < count else {
      throw LatentError(
        "\(name) has a missing value in each of its \(counted(count, "row")), so that data.missing=drop leaves none; "
          + (isForModel
            ? "give rows without gaps, or fill them in by latent impute."
            : "name columns without gaps as data.columns."))
    }
    let left = Set(gaps)
    let kept = (0..<count).filter { !left.contains($0) }
    notes.append("\(counted(gaps.count, "row")) with missing values \(gaps.count == 1 ? "was" : "were") left out.")
    labels = labels.map { labels in kept.map { labels[$0] } }
    values = values.rows(Tensor(kept.map(Int64.init)))
  }

  /// Greys that are whole numbers from 0 to 255 need a byte, whatever type they came in.
  mutating func storeAsBytes() {
    guard values.type == .float32 else { return }
    let isBytes = values.withUnsafeMutableBytes { bytes in
      bytes.assumingMemoryBound(to: Float.self).allSatisfy { $0 >= 0 && $0 <= 255 && $0 == $0.rounded() }
    }
    if isBytes { values = values.to(type: .uint8) }
  }

  private mutating func resize(to size: [Int]) throws {
    guard size.count == 2, size != Array(shape.prefix(2)) else { return }
    guard isPicture else {
      throw LatentError(
        "data.size resizes pictures, but \(name) has rows of \(counted(dimensions, "value")); leave it out, or give data.shape."
      )
    }
    let channels = shape.count == 3 ? shape[2] : 1
    let array = try NumericArray(
      elementType: values.type == .uint8 ? .uint8 : .float32, shape: [count, size[0] * size[1] * channels])
    let resized = try array.tensor(shape: array.shape)
    for start in stride(from: 0, to: count, by: 256) {
      let part = start..<min(start + 256, count)
      let pictures = values[part].to(type: .float32).reshaped([part.count, shape[0], shape[1], channels])
      let small = pictures.permuted([0, 3, 1, 2]).contiguous().resized(height: size[0], width: size[1])
      let rounded = values.type == .uint8 ? small.rounded().clamped(to: 0...255) : small
      resized[part].copy(from: rounded.permuted([0, 2, 3, 1]).contiguous().reshaped([part.count, resized.extent(1)]))
    }
    values = resized
    shape = size + shape.dropFirst(2)
  }
}

extension Slice<UnsafeMutableBufferPointer<Float>> {
  /// Whether none is infinite or not a number: x · 0 is 0 for all others, and a sum tells without a branch.
  fileprivate var allFinite: Bool { reduce(into: Float(0)) { $0 += $1 * 0 } == 0 }
}
