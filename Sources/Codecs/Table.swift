/// A table of texts and numbers, as a CSV file holds it.
///
/// Rows and columns count from 0; only errors name lines of the file, which count from 1.
public struct Table: Sendable {
  /// What the cells of a column are.
  public enum Kind: String, Sendable {
    /// Every cell that is not missing is a number.
    case numbers
    /// Some cell is a text that is no number.
    case texts
    /// Every cell is missing.
    case missing
  }

  /// The file.
  public let path: String
  /// The names of the columns: those of the header, or “column 1” and so on where there is no name.
  public let columns: [String]
  /// How many rows there are, the header not among them.
  public let rowCount: Int
  /// Whether the first row of the file names the columns.
  public let hasHeader: Bool
  /// What separates the cells of a row in the file.
  public let delimiter: Character

  let bytes: [UInt8]
  let cells: [CSVParser.Cell]
  let lines: [Int]

  /// The texts that stand for a missing value, besides a cell with nothing in it.
  public static let missingTexts: Set<String> = ["NA", "NaN", "nan", "?", "null"]

  /// The text of a cell, without the quotes around it.
  public func cell(row: Int, column: Int) -> String {
    precondition(row >= 0 && row < rowCount && column >= 0 && column < columns.count, "The cell lies within the table.")
    return text(at: index(row, column))
  }

  /// Whether nothing is known about a cell: it is empty or one of ``missingTexts``.
  public func isMissing(row: Int, column: Int) -> Bool {
    precondition(row >= 0 && row < rowCount && column >= 0 && column < columns.count, "The cell lies within the table.")
    return bytes.withUnsafeBufferPointer { isMissing(slice($0, index(row, column))) }
  }

  /// The line of the file, counted from 1, on which a row begins.
  public func line(ofRow row: Int) -> Int { lines[row + (hasHeader ? 1 : 0)] }

  /// The column of a name.
  ///
  /// - Throws: ``CodecError`` when no column, or more than one, has this name.
  public func column(named name: String) throws(CodecError) -> Int {
    guard let first = columns.firstIndex(of: name) else {
      let shown = columns.prefix(12).map { "“\($0)”" }.joined(separator: ", ")
      let rest = columns.count > 12 ? " and \(columns.count - 12) more" : ""
      throw CodecError("\(path) has no column “\(name)”; it has \(shown)\(rest).")
    }
    guard columns.lastIndex(of: name) == first else {
      throw CodecError("\(path) has more than one column “\(name)”; give its columns different names.")
    }
    return first
  }

  func index(_ row: Int, _ column: Int) -> Int { (row + (hasHeader ? 1 : 0)) * columns.count + column }

  func slice(_ buffer: UnsafeBufferPointer<UInt8>, _ index: Int) -> Slice<UnsafeBufferPointer<UInt8>> {
    let cell = cells[index]
    return buffer[cell.start..<cell.start + cell.count]
  }

  func text(at index: Int) -> String { Self.text(bytes, cells[index]) }

  static func text(_ bytes: [UInt8], _ cell: CSVParser.Cell) -> String {
    let raw = bytes[cell.start..<cell.start + cell.count]
    guard cell.hasDoubledQuotes else { return String(decoding: raw, as: UTF8.self) }
    var result: [UInt8] = []
    var isSecond = false
    for byte in raw {
      isSecond = byte == 0x22 && !isSecond
      if !isSecond { result.append(byte) }
    }
    return String(decoding: result, as: UTF8.self)
  }

  func isMissing(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    switch text.count {
    case 0: true
    case 1...4: Self.missingTexts.contains(String(decoding: text, as: UTF8.self))
    default: false
    }
  }
}
