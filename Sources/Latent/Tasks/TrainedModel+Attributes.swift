public import Torch

/// Directions with what they were found from and how well they tell apart rows that they were not found from.
public struct AttributeFindings {
  /// The directions, in the order of the attributes.
  public let vectors: [AttributeVector]
  /// Of each, its ``AttributeVector/separation(of:flags:)`` on rows held out of training; nil where there are none.
  public let separations: [Double?]
  /// The number of those rows.
  public let heldOut: Int
  /// The rows that directions and judges are found from.
  let rows: AttributedRows
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
    let rows = try AttributedRows(of: configuration.data, attributes, labels: path)
    let codes = try codes(of: rows.training.dataset, using: noise).means
    let vectors = try zip(attributes, rows.training.flags).map { name, flags in
      try AttributeVector(name: name, codes: codes, flags: flags)
    }
    let heldOut = [rows.validation, rows.test].compactMap { $0 }
    guard !heldOut.isEmpty else {
      return AttributeFindings(vectors: vectors, separations: vectors.map { _ in nil }, heldOut: 0, rows: rows)
    }
    let others = try Tensor.concatenate(heldOut.map { try self.codes(of: $0.dataset, using: noise).means })
    let separations = vectors.enumerated().map { index, vector in
      vector.separation(of: others, flags: heldOut.flatMap { $0.flags[index] })
    }
    return AttributeFindings(vectors: vectors, separations: separations, heldOut: others.extent(0), rows: rows)
  }
}
