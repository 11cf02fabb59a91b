extension CSV {
  /// One cell of a table to be written.
  public enum Cell: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case float(Float)
    case double(Double)
    /// Nothing is known; the cell stays empty, as it does for NaN.
    case missing

    var written: String {
      switch self {
      case .text(let text): CSV.quoted(text)
      case .integer(let number): String(number)
      case .float(let number): NumberText.format(number)
      case .double(let number): NumberText.format(number)
      case .missing: ""
      }
    }
  }

  /// Writes a table with commas, replacing the file only once all of it is on disk; numbers read back the same.
  ///
  /// - Parameters:
  ///   - header: The names of the columns; nil writes none.
  ///   - rows: The cells of each row; every row has as many as the header, or as the first row.
  /// - Throws: ``CodecError`` when a row has another number of cells, or the file cannot be written.
  public static func write(
    header: [String]?, rows: some Sequence<[Cell]>, to path: String
  ) throws(CodecError) {
    do {
      try AtomicFile.write(to: path) { file in
        var (pending, width): ([UInt8], Int?) = ([], header?.count)
        if let header { append(header.map(quoted), to: &pending) }
        for row in rows {
          guard row.count == width ?? row.count else {
            throw CodecError(
              "\(path) cannot hold a row of \(row.count) cells among rows of \(width ?? 0); give every row as many.")
          }
          width = row.count
          append(row.map(\.written), to: &pending)
          if pending.count >= 1 << 20 {
            try file.append(pending)
            pending.removeAll(keepingCapacity: true)
          }
        }
        try file.append(pending)
      }
    } catch {
      throw error as? CodecError ?? CodecError("\(path) cannot be written (\(error)); try again.")
    }
  }

  private static func append(_ texts: [String], to bytes: inout [UInt8]) {
    // A row of one empty cell would be a blank line, which readers pass over.
    let line = texts == [""] ? "\"\"" : texts.joined(separator: ",")
    bytes.append(contentsOf: line.utf8)
    bytes.append(0x0A)
  }

  private static func quoted(_ text: String) -> String {
    let hasBlankEnd = text.utf8.first == 0x20 || text.utf8.last == 0x20
    let isPlain = text.utf8.allSatisfy { !",;\t\"\r\n".utf8.contains($0) }
    if isPlain && !hasBlankEnd && !text.hasPrefix("\u{FEFF}") { return text }
    let doubled = text.utf8.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] }
    return "\"" + String(decoding: doubled, as: UTF8.self) + "\""
  }
}

extension CSV.Cell: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A number of double precision.
  public init(floatLiteral value: Double) { self = .double(value) }
}
