/// Where data comes from: recognizes a source by what it holds, and reads it.
public enum DataSource {
  /// Reads a source.
  ///
  /// - Parameters:
  ///   - configuration: Where it is and how it is read.
  ///   - description: What a trained model knows about its data. Pictures in files are then brought to its size, columns are
  ///     chosen by its names, and the shape has to be its own.
  ///   - keepingMissing: Whether missing values stay in, as not-a-number, whatever the configuration says.
  /// - Returns: The rows, and the test rows where the source brings its own.
  /// - Throws: ``LatentError``, or another error that describes itself in a sentence, where the source is missing, damaged,
  ///   of no known format, or does not fit the configuration or the description.
  public static func load(
    _ configuration: DataConfiguration, for description: DataDescription? = nil, keepingMissing: Bool = false
  ) throws -> (training: Dataset, test: Dataset?) {
    try configuration.validate()
    let location = configuration.source == "digits" ? nil : try DataLocation(configuration.source)
    let kind = try location.map(SourceKind.init) ?? .digits
    let name = location?.path ?? "the embedded data"
    if let member = location?.member, kind != .npz, kind != .mat {
      throw LatentError("\(name) holds one thing, of which “\(member)” cannot be picked; leave it out.")
    }
    let configuration = description.map { adapt(configuration, to: $0, kind) } ?? configuration
    try refuseNames(configuration, kind, name)
    let parts = try rows(location, kind, configuration, isLenient: description != nil)
      .map { try $0.finished(configuration, expecting: description?.shape, keepingMissing: keepingMissing) }
    if parts.count > 1, parts[0].shape != parts[1].shape {
      throw LatentError(
        "\(name) has test rows of the shape \(parts[1].shape), but rows of \(parts[0].shape) to train on; give both in one shape."
      )
    }
    for part in parts { try description?.check(part) }
    return (parts[0], parts.count > 1 ? parts[1] : nil)
  }

  /// - Parameter isLenient: Whether labels may be missing that the configuration names.
  private static func rows(
    _ location: DataLocation?, _ kind: SourceKind, _ configuration: DataConfiguration, isLenient: Bool
  ) throws -> [RawRows] {
    guard let location else { return [try DigitsSource.load()] }
    switch kind {
    case .digits: return [try DigitsSource.load()]
    case .idx: return try IDXSource.load(location)
    case .npy: return try ArraySource.loadNPY(location)
    case .npz: return try ArraySource.loadNPZ(location, configuration, isLenient: isLenient)
    case .mat: return try ArraySource.loadMAT(location, configuration, isLenient: isLenient)
    case .table: return try TableSource.load(location, configuration, isLenient: isLenient)
    case .pictureFiles: return try PictureSource.loadFiles(location, configuration)
    case .pictureArchive: return try PictureSource.loadArchive(location, configuration)
    }
  }

  /// Reads another source so that it fits a model.
  private static func adapt(
    _ configuration: DataConfiguration, to description: DataDescription, _ kind: SourceKind
  ) -> DataConfiguration {
    var result = configuration
    result.columns = kind == .table && !description.columns.allSatisfy(\.isPositional) ? description.columns : []
    if !kind.hasNames { result.label = "" }
    guard kind.isPictureFiles, description.isPicture else {
      result.channels = .automatic
      return result
    }
    result.shape = []
    result.size = Array(description.shape.prefix(2))
    result.channels = description.shape.count == 3 ? .colour : .grey
    return result
  }

  /// Refuses names of columns and labels where there are none.
  private static func refuseNames(
    _ configuration: DataConfiguration, _ kind: SourceKind, _ name: String
  ) throws(LatentError) {
    guard kind == .table || configuration.columns.isEmpty else {
      throw LatentError(
        "data.columns names \(listed(configuration.columns)), but \(name) is not a table; leave it empty.")
    }
    guard kind.hasNames || configuration.label.isEmpty else {
      throw LatentError(
        "data.label names “\(configuration.label)”, but \(name) has no such column or array; leave it empty.")
    }
  }
}
