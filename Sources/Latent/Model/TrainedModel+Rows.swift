internal import Foundation

/// Which rows of a source are meant.
public enum Part: String, NamedValue {
  /// Those that the run was trained on.
  case training
  /// Those that it was validated on.
  case validation
  /// Those that it never saw.
  case test
  /// All of the source's, apart from test files that it brings.
  case all
}

extension TrainedModel {
  /// Rows to use the model on, read as the model's own data was.
  ///
  /// - Parameter source: A path, or nil for the data that the model was trained on.
  /// - Parameter part: Which of its rows; nil takes those that the model never saw if the source has such, else all of it.
  /// - Parameter keepingMissing: Whether missing values stay in, as not-a-number.
  /// - Returns: The rows, and which they are.
  /// - Throws: ``LatentError`` or a codec's error where the source cannot be read or is of another shape.
  public func rows(of source: String?, part: Part? = nil, keepingMissing: Bool = false) throws -> (
    rows: Dataset, part: Part
  ) {
    let own = configuration.data
    let isOwn = source.map { Self.place(of: $0) == Self.place(of: own.source) } ?? true
    var reading = own
    if let source, !isOwn { reading.source = source }
    let loaded = try DataSource.load(reading, for: isOwn ? nil : data, keepingMissing: keepingMissing)
    if part == .all { return (loaded.training, .all) }
    guard isOwn || part != nil else {
      return if let test = loaded.test { (test, .test) } else { (loaded.training, .all) }
    }
    let partition = try Partition.make(from: loaded, reading)
    switch part {
    case .training: return (partition.training, .training)
    case .validation:
      guard let rows = partition.validation else {
        throw LatentError("the run kept no validation rows (data.validation is 0); use another --part.")
      }
      return (rows, .validation)
    case .test:
      guard let rows = partition.test else {
        throw LatentError("the run kept no test rows (data.test is 0 and the source brings none); use another --part.")
      }
      return (rows, .test)
    case .all, nil:
      if let rows = partition.test { return (rows, .test) }
      if let rows = partition.validation { return (rows, .validation) }
      return (partition.training, .training)
    }
  }

  /// The rows that the run was trained on, validated on and never saw.
  ///
  /// - Throws: ``LatentError`` or a codec's error where they cannot be read any more.
  package func partition() throws -> Partition {
    let loaded = try DataSource.load(configuration.data)
    try data.check(loaded.training)
    return try Partition.make(from: loaded, configuration.data)
  }

  /// The same text for every spelling of a path: `wine.csv`, `./wine.csv`, `~/data/wine.csv`.
  private static func place(of source: String) -> String {
    source == "digits"
      ? source : URL(fileURLWithPath: (source as NSString).expandingTildeInPath).standardizedFileURL.path
  }
}
