public import Torch

/// Directions with what they were found from and how well they tell apart rows that they were not found from.
public struct AttributeFindings {
  /// The directions, in the order of the attributes.
  public let vectors: [AttributeVector]
  /// Of each, its ``AttributeVector/separation(of:flags:)`` on rows held out of training; nil where there are none.
  public let separations: [Double?]
  /// The number of those rows.
  public let heldOut: Int
}

extension TrainedModel {
  /// Finds the directions of attributes from the rows that the model was trained on, and only from those.
  ///
  /// - Parameters:
  ///   - attributes: As ``AttributeLabels/flags(for:)`` takes them.
  ///   - path: A table of labels for all rows of the model's own source; nil takes the source's own labels.
  /// - Throws: ``LatentError`` or a codec's error where data or labels cannot be read or an attribute is not to be found.
  public func attributeVectors(_ attributes: [String], labels path: String?, using noise: Noise) throws
    -> AttributeFindings
  {
    let loaded = try DataSource.load(configuration.data)
    let source = AttributeLabelSource(
      all: loaded.training, labels: try AttributeLabels(of: loaded.training, from: path))
    let flags = try attributes.map(source.labels.flags)
    let partition = try Partition.make(from: (source.numbered, loaded.test), configuration.data)
    let (training, trainingRows) = source.part(partition.training)
    let codes = try codes(of: training, using: noise).means
    let vectors = try zip(attributes, flags).map { name, flags in
      try AttributeVector(name: name, codes: codes, flags: trainingRows.map { flags[$0] })
    }
    // Test files of a source's own have no labels here, so what is held out of its training files judges.
    let judges = loaded.test == nil ? [partition.validation, partition.test] : [partition.validation]
    let heldOut = judges.compactMap { $0 }.map(source.part)
    guard !heldOut.isEmpty else {
      return AttributeFindings(vectors: vectors, separations: vectors.map { _ in nil }, heldOut: 0)
    }
    let rows = heldOut.flatMap(\.rows)
    let others = try self.codes(of: source.all.rows(rows), using: noise).means
    let separations = zip(vectors, flags).map { vector, flags in
      vector.separation(of: others, flags: rows.map { flags[$0] })
    }
    return AttributeFindings(vectors: vectors, separations: separations, heldOut: rows.count)
  }
}

/// Rows that keep their numbers through a partition.
private struct AttributeLabelSource {
  let all: Dataset
  let labels: AttributeLabels

  /// The rows with their numbers as labels.
  var numbered: Dataset {
    all.with(values: all.values, labels: (0..<all.count).map { Int32(truncatingIfNeeded: $0) })
  }

  /// A part of the numbered rows, and the numbers of its rows.
  func part(_ part: Dataset) -> (dataset: Dataset, rows: [Int]) { (part, part.labels?.map { Int($0) } ?? []) }
}
