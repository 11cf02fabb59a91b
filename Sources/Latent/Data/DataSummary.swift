/// What a data set holds, in the units that it came in.
public struct DataSummary: Sendable, Codable, Equatable {
  /// One column of a table, or all the pixels of pictures.
  public struct Column: Sendable, Codable, Equatable {
    /// The name of the column; `pixels` for pictures.
    public let name: String
    /// The least value.
    public let minimum: Double
    /// The greatest value.
    public let maximum: Double
    /// The mean.
    public let mean: Double
    /// The population deviation.
    public let deviation: Double
    /// How many values are missing.
    public let missing: Int
    /// Whether all values are whole numbers.
    public let isWhole: Bool
  }

  /// A label and the number of its rows.
  public struct Label: Sendable, Codable, Equatable {
    /// What the label stands for.
    public let name: String
    /// How many rows have it.
    public let count: Int
  }

  /// What the source is called.
  public let name: String
  /// How the source was recognized.
  public let format: String
  /// What was decided while reading, a sentence each.
  public let notes: [String]
  /// The number of rows.
  public let rows: Int
  /// What a row is.
  public let shape: [Int]
  /// The columns of a table; of pictures one entry for all pixels.
  public let columns: [Column]
  /// The least value.
  public let minimum: Double
  /// The greatest value.
  public let maximum: Double
  /// Whether all values are whole numbers.
  public let isWhole: Bool
  /// How many values are missing.
  public let missing: Int
  /// How many different values there are, if at most 256, else 0.
  public let distinctLevels: Int
  /// The labels in the order of their names' indices; empty where there are none.
  public let labels: [Label]
  /// The kind of likelihood that suits the values.
  public let suggestedLikelihood: String
  /// Why that kind.
  public let reason: String
}

extension DataSummary {
  /// Whether a row is a picture.
  public var isPicture: Bool { shape.count > 1 }
}
