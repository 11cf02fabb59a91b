internal import Torch

/// Rows of a model's own source with what is known of their attributes, divided as the run divided them.
struct AttributedRows {
  /// Some of the rows.
  struct Part {
    let dataset: Dataset
    /// For each attribute, whether each row has it; nil where that is not known.
    let flags: [[Bool?]]

    /// The rows of which an attribute is known, and whether they have it, as 1 and 0.
    func known(_ attribute: Int) -> (dataset: Dataset, labels: [Int32]) {
      let rows = flags[attribute].indices.filter { flags[attribute][$0] != nil }
      return (dataset.rows(rows), rows.map { flags[attribute][$0] == true ? 1 : 0 })
    }
  }

  /// What the model was trained on.
  let training: Part
  /// What decided when it had been trained enough.
  let validation: Part?
  /// What nothing was decided by; nil where there is none, or nothing is known of it.
  let test: Part?

  /// Reads rows and labels.
  ///
  /// - Parameters:
  ///   - attributes: As ``AttributeLabels/flags(for:)`` takes them.
  ///   - path: A table of labels for all rows of the source, which says nothing of test files of its own; nil takes the data's own labels.
  init(of configuration: DataConfiguration, _ attributes: [String], labels path: String?) throws {
    let loaded = try DataSource.load(configuration)
    let all = loaded.training
    let labels = try AttributeLabels(of: all, from: path)
    let flags = try attributes.map(labels.flags)
    // Rows keep their numbers through the partition as labels.
    let numbered = all.with(values: all.values, labels: (0..<all.count).map { Int32(truncatingIfNeeded: $0) })
    let partition = try Partition.make(from: (numbered, loaded.test), configuration)
    func part(_ dataset: Dataset) -> Part {
      let rows = (dataset.labels ?? []).map { Int($0) }
      return Part(dataset: dataset, flags: flags.map { flags in rows.map { flags[$0] } })
    }
    training = part(partition.training)
    validation = partition.validation.map(part)
    if let test = loaded.test {
      self.test =
        try path == nil && test.labels != nil
        ? Part(dataset: test, flags: attributes.map(AttributeLabels(of: test, from: nil).flags)) : nil
    } else {
      test = partition.test.map(part)
    }
  }
}

extension TrainedModel {
  /// The rows of the model's own data whose attribute is known, divided as the run divided them, labelled by it.
  ///
  /// - Parameters:
  ///   - attribute: As ``AttributeLabels/flags(for:)`` takes it.
  ///   - path: A table of labels for all rows of the source; nil takes the data's own labels.
  /// - Throws: ``LatentError`` or a codec's error where data or labels cannot be read.
  public func partition(by attribute: String, labels path: String?) throws -> Partition {
    let rows = try AttributedRows(of: configuration.data, [attribute], labels: path)
    func part(_ part: AttributedRows.Part) -> Dataset {
      let (dataset, labels) = part.known(0)
      return Dataset(
        values: dataset.values, shape: dataset.shape, columns: dataset.columns, labels: labels,
        labelNames: ["not \(attribute)", attribute], rowNames: dataset.rowNames, format: dataset.format,
        name: dataset.name, notes: dataset.notes)
    }
    return Partition(training: part(rows.training), validation: rows.validation.map(part), test: rows.test.map(part))
  }
}
