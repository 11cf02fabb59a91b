extension Table {
  /// How many rows decide whether the first one is a header.
  private static let examinedRowCount = 1000

  init(path: String, bytes: [UInt8], parsed: CSVParser, delimiter: UInt8, header: Bool?) {
    let width = parsed.columnCount
    let unnamed = Table(
      path: path, columns: (0..<width).map { "column \($0 + 1)" }, rowCount: parsed.lines.count, hasHeader: false,
      delimiter: Character(UnicodeScalar(delimiter)), bytes: bytes, cells: parsed.cells, lines: parsed.lines)
    guard header ?? (unnamed.beginsWithNames || unnamed.beginsWithNumbering) else {
      self = unnamed
      return
    }
    let names = (0..<width).map { column in
      let name = unnamed.cell(row: 0, column: column)
      return name.isEmpty ? "column \(column + 1)" : name
    }
    self.init(
      path: path, columns: names, rowCount: parsed.lines.count - 1, hasHeader: true,
      delimiter: unnamed.delimiter, bytes: bytes, cells: parsed.cells, lines: parsed.lines)
  }

  /// Whether the first row is 0, 1, 2 and so on, as pandas calls columns without names; perhaps behind the empty name of its index.
  private var beginsWithNumbering: Bool {
    let names = columns.indices.map { cell(row: 0, column: $0) }
    let numbers = names.first == "" ? names.dropFirst() : names[...]
    return rowCount > 1 && numbers.count >= 3
      && numbers.elementsEqual(numbers.indices.map { String($0 - numbers.startIndex) })
  }

  /// Whether the first row names the columns: a column of numbers begins with a text, or no cell of the row is a
  /// number, some cell is a text, and none occurs again in its column.
  private var beginsWithNames: Bool {
    bytes.withUnsafeBufferPointer { buffer in
      let rows = 1..<max(1, min(rowCount, Self.examinedRowCount))
      func isText(_ row: Int, _ column: Int) -> Bool {
        let text = slice(buffer, index(row, column))
        return NumberText.parse(text) == nil && !isMissing(text)
      }
      func isNumber(_ row: Int, _ column: Int) -> Bool { NumberText.parse(slice(buffer, index(row, column))) != nil }
      let texts = columns.indices.filter { isText(0, $0) }
      for column in texts where rows.contains(where: { isNumber($0, column) }) {
        if !rows.contains(where: { isText($0, column) }) { return true }
      }
      guard !texts.isEmpty, !columns.indices.contains(where: { isNumber(0, $0) }) else { return false }
      return texts.allSatisfy { column in
        let name = slice(buffer, index(0, column))
        return !rows.contains { slice(buffer, index($0, column)).elementsEqual(name) }
      }
    }
  }
}
