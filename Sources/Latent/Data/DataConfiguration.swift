/// Which data is used, how it is read, and how its rows are divided.
public struct DataConfiguration: Codable, Sendable, Equatable {
  /// `digits` for the embedded data, or the path of a file or folder; `file:name` picks one array of several.
  public var source = "digits"
  /// The most rows to train on, drawn at random; 0 for all.
  public var rows = 0
  /// The rows kept for validation: below 1 a fraction, from 1 on a count, 0 for none.
  public var validation = 0.1
  /// The rows kept for testing, as ``validation``; not used where the source brings its own test rows.
  public var test = 0.1
  /// What the division of the rows and a fixed binarization are drawn from.
  public var splitSeed: UInt64 = 0
  /// What a row is read as: `[height, width]` or `[height, width, channels]`, row by row; empty for what is found.
  public var shape: [Int] = []
  /// Whether pictures are stored column by column.
  public var transposed = false
  /// `[height, width]` that pictures are resized to; empty for the size that they have.
  public var size: [Int] = []
  /// The channels that picture files are read with.
  public var channels = PictureChannels.automatic
  /// The columns of a table to use, in this order; empty for all that hold numbers.
  ///
  /// A column of texts that is named here becomes one column of 0 and 1 for each of its texts, called `column=text`.
  public var columns: [String] = []
  /// The column of a table, or the array of a file of several, that holds the labels.
  ///
  /// Empty takes the last column of a table if it is called class, label or target, and the array `y` or `labels`.
  public var label = ""
  /// How values are scaled.
  public var scaling = ScalingKind.automatic
  /// Whether values in [0, 1] become 0 or 1.
  public var binarization = Binarization.none
  /// What happens to rows in which a value is missing.
  public var missing = MissingValues.refuse

  /// The embedded digits, divided 8 : 1 : 1.
  public init() {}
}

extension DataConfiguration {
  /// Refuses what no data could make sense of.
  ///
  /// - Throws: ``LatentError`` that names the field, its value and what would be right.
  public func validate() throws(LatentError) {
    guard !source.isEmpty else {
      throw LatentError("data.source is empty; give digits, or the path of a file or folder.")
    }
    guard rows >= 0 else { throw LatentError("data.rows is \(rows); give 0 for all rows or how many to train on.") }
    try validate(part: validation, named: "validation")
    try validate(part: test, named: "test")
    guard validation >= 1 || test >= 1 || validation + test < 1 else {
      throw LatentError(
        "data.validation \(validation) and data.test \(test) leave no rows to train on; give fractions that add up to less than 1."
      )
    }
    guard shape.isEmpty || shape.count == 2 || shape.count == 3 && (shape[2] == 1 || shape[2] == 3),
      shape.allSatisfy({ (1...Self.largestExtent).contains($0) })
    else {
      throw LatentError(
        "data.shape is \(shape); give [height, width], or [height, width, channels] with 1 or 3 channels.")
    }
    guard size.isEmpty || size.count == 2, size.allSatisfy({ (1...Self.largestExtent).contains($0) }) else {
      throw LatentError("data.size is \(size); give [height, width], each from 1 to \(Self.largestExtent).")
    }
    guard Set(columns).count == columns.count else {
      throw LatentError("data.columns names a column twice; name each once.")
    }
    guard label.isEmpty || !columns.contains(label) else {
      throw LatentError(
        "data.columns holds “\(label)”, which data.label names as the label; leave it out of one of them.")
    }
  }

  private static let largestExtent = 1 << 14

  private func validate(part: Double, named name: String) throws(LatentError) {
    guard part >= 0, part < 1 || part == part.rounded(), part <= 1e15 else {
      throw LatentError("data.\(name) is \(part); give a fraction below 1, a whole number of rows, or 0 for none.")
    }
  }
}
