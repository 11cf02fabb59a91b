internal import Codecs
internal import Foundation

/// What rows were made from: for each factor of variation the value that each row has.
public struct Factors: Sendable, Equatable {
  /// What the factors are called.
  public let names: [String]
  /// For each factor the value of each row, counted from 0 in the order of the values themselves.
  public let values: [[Int]]
  /// Columns that were left out because all rows have the same value.
  public let constants: [String]

  /// How many values each factor takes.
  public var counts: [Int] { values.map { ($0.max() ?? -1) + 1 } }

  /// The number of rows.
  public var rows: Int { values.first?.count ?? 0 }

  /// Factors by their values in any coding.
  ///
  /// - Parameter columns: For each factor a number for each row, of which equal ones are the same value.
  /// - Throws: ``LatentError`` where there are no factors that vary, or one has too many values for classes.
  public init(names: [String], columns: [[Double]]) throws(LatentError) {
    precondition(names.count == columns.count, "each factor has a name")
    var kept: (names: [String], values: [[Int]]) = ([], [])
    var constants: [String] = []
    for (name, column) in zip(names, columns) {
      guard column.allSatisfy(\.isFinite) else {
        throw LatentError("factor '\(name)' has no number in some row; give a value for each.")
      }
      let known = Set(column).sorted()
      let places = [Double: Int](uniqueKeysWithValues: known.enumerated().map { ($1, $0) })
      guard known.count > 1 else {
        constants.append(name)
        continue
      }
      guard known.count <= Self.limit else {
        throw LatentError(
          "factor '\(name)' has \(known.count) different values; factors are classes, of which there are at most \(Self.limit)."
        )
      }
      kept.names.append(name)
      kept.values.append(column.map { places[$0] ?? 0 })
    }
    guard kept.names.count > 1 else {
      throw LatentError(
        "\(kept.names.count == 1 ? "only the factor '\(kept.names[0])' varies" : "no factor varies") over the rows; "
          + "give at least two that do.")
    }
    (self.names, values, self.constants) = (kept.names, kept.values, constants)
  }

  /// Values that a factor can have at the most.
  static let limit = 1000

  /// Reads factors: an array `[rows, factors]`, `file.npz:name` or `.npy`, or a table with a column for each.
  ///
  /// - Parameter rows: How many rows there have to be.
  /// - Parameter names: What to call the factors; empty takes the columns' own names, or counts them from 1.
  /// - Throws: ``LatentError`` or a codec's error where the file cannot be read or does not belong to the rows.
  public init(from source: String, rows: Int, names: [String] = []) throws {
    let location = try DataLocation(source)
    guard !location.isFolder else {
      throw LatentError("\(source) is a folder; give factors as .npz:name, .npy or .csv.")
    }
    let (own, columns) = try Self.columns(of: location)
    guard columns[0].count == rows else {
      throw LatentError(
        "\(source) has factors of \(counted(columns[0].count, "row")), but there are \(counted(rows, "row")) of data; give one for each, in the same order."
      )
    }
    guard names.isEmpty || names.count == columns.count else {
      throw LatentError(
        "\(source) has \(counted(columns.count, "factor")), but \(names.count) were named; name each.")
    }
    try self.init(names: names.isEmpty ? own : names, columns: columns)
  }

  private static func columns(of location: DataLocation) throws -> (names: [String], columns: [[Double]]) {
    switch (location.path as NSString).pathExtension.lowercased() {
    case "csv", "tsv":
      let table = try CSV.read(location.path)
      guard table.rowCount > 0, !table.columns.isEmpty else {
        throw LatentError("\(location.path) holds no factors; give a column for each.")
      }
      return (table.columns, try table.columns.indices.map { try column($0, of: table) })
    case "npy": return try columns(of: NPY.read(location.path), location)
    case "npz": return try columns(of: NPZ.read(location.path, name: location.member), location)
    default:
      throw LatentError("\(location.path) is no file of factors; give them as .npz:name, .npy or .csv.")
    }
  }

  /// Numbers as they are, texts by their alphabet.
  private static func column(_ index: Int, of table: Table) throws -> [Double] {
    if table.summary(ofColumn: index).kind != .texts { return try table.numbers(ofColumn: index) }
    let texts = table.texts(ofColumn: index)
    let known = Set(texts.compactMap { $0 }).sorted()
    let places = [String: Double](uniqueKeysWithValues: known.enumerated().map { ($1, Double($0)) })
    return texts.map { $0.flatMap { places[$0] } ?? .nan }
  }

  private static func columns(
    of array: NumericArray, _ location: DataLocation
  ) throws(LatentError) -> (names: [String], columns: [[Double]]) {
    guard array.shape.count == 2, array.shape[0] > 0, array.shape[1] > 0 else {
      throw LatentError(
        "\(location.path)\(location.member.map { ":\($0)" } ?? "") has the shape \(array.shape); factors are an array [rows, factors], "
          + "of a .npz file named as in data.npz:factors.")
    }
    let values = array.values(as: Double.self)
    let count = array.shape[1]
    return (
      (1...count).map { "factor \($0)" },
      (0..<count).map { factor in stride(from: factor, to: values.count, by: count).map { values[$0] } }
    )
  }
}
