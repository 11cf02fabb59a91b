/// Finds the cells of a table in the bytes of a text, by the rules of RFC 4180.
///
/// A cell may be quoted, and then holds delimiters, line ends and doubled quotes; lines end with LF, CRLF or CR; lines
/// without any cell are passed over; white space around a cell is no part of it.
struct CSVParser {
  /// Where a cell lies: the first byte, the number of bytes, and whether doubled quotes stand for single ones.
  struct Cell {
    private let packed: UInt64

    static let longest = 1 << 23 - 1

    init(start: Int, count: Int, hasDoubledQuotes: Bool) {
      packed = UInt64(start) << 24 | UInt64(count) << 1 | (hasDoubledQuotes ? 1 : 0)
    }

    var start: Int { Int(packed >> 24) }
    var count: Int { Int(packed >> 1 & 0x7F_FFFF) }
    var hasDoubledQuotes: Bool { packed & 1 == 1 }
  }

  private(set) var cells: [Cell] = []
  /// The line of the file, counted from 1, on which each row begins.
  private(set) var lines: [Int] = []
  private(set) var columnCount = 0

  private let path: String
  private let delimiter: UInt8
  private var line = 1

  /// Finds all cells.
  ///
  /// - Throws: ``CodecError`` when a row has more or fewer cells than the first, or a quoted cell does not end.
  init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, delimiter: UInt8, path: String) throws(CodecError) {
    (self.path, self.delimiter) = (path, delimiter)
    var position = start
    while position < bytes.count { try row(bytes, &position) }
  }

  private mutating func row(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) throws(CodecError) {
    let (first, firstLine, start) = (cells.count, line, position)
    while true {
      try cell(bytes, &position)
      guard position < bytes.count, bytes[position] == delimiter else { break }
      position += 1
    }
    let isBlank = cells.count == first + 1 && cells[first].count == 0 && !bytes[start..<position].contains(0x22)
    if position < bytes.count {
      position += bytes[position] == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A ? 2 : 1
      line += 1
    }
    if isBlank {
      cells.removeLast()
      return
    }
    if lines.isEmpty { columnCount = cells.count }
    guard cells.count - first == columnCount else {
      throw CodecError(
        "\(path) has \(cells.count - first) cells on line \(firstLine) where its first row has \(columnCount); "
          + "give every row as many.")
    }
    lines.append(firstLine)
  }

  private mutating func cell(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) throws(CodecError) {
    while position < bytes.count, isBlank(bytes[position]) { position += 1 }
    if position < bytes.count, bytes[position] == 0x22 { return try quoted(bytes, &position) }
    let start = position
    while position < bytes.count, bytes[position] != delimiter, bytes[position] != 0x0A, bytes[position] != 0x0D {
      position += 1
    }
    var end = position
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    try append(start, end, hasDoubledQuotes: false)
  }

  private mutating func quoted(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) throws(CodecError) {
    let (start, firstLine) = (position + 1, line)
    var hasDoubledQuotes = false
    position = start
    while true {
      guard position < bytes.count else {
        throw CodecError(
          "\(path) has a quote on line \(firstLine) that is never closed; close it, or double it inside quotes.")
      }
      if bytes[position] == 0x22 {
        guard position + 1 < bytes.count, bytes[position + 1] == 0x22 else { break }
        hasDoubledQuotes = true
        position += 1
      } else if bytes[position] == 0x0A
        || bytes[position] == 0x0D && !(position + 1 < bytes.count && bytes[position + 1] == 0x0A)
      {
        line += 1
      }
      position += 1
    }
    try append(start, position, hasDoubledQuotes: hasDoubledQuotes)
    position += 1
    while position < bytes.count, isBlank(bytes[position]) { position += 1 }
    guard position == bytes.count || bytes[position] == delimiter || bytes[position] == 0x0A || bytes[position] == 0x0D
    else {
      throw CodecError(
        "\(path) has text after a closing quote on line \(line); double a quote that is part of the text.")
    }
  }

  private mutating func append(_ start: Int, _ end: Int, hasDoubledQuotes: Bool) throws(CodecError) {
    guard end - start <= Cell.longest else {
      throw CodecError("\(path) has a cell of \(end - start) bytes on line \(line); a cell may have \(Cell.longest).")
    }
    cells.append(Cell(start: start, count: end - start, hasDoubledQuotes: hasDoubledQuotes))
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 && delimiter != 0x09 }
}
