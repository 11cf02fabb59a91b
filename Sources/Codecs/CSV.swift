/// Reads and writes tables as CSV, plain or (when read) compressed by gzip.
public enum CSV {
  /// Reads a table.
  ///
  /// - Parameters:
  ///   - header: Whether the first row names the columns; nil means that it does when a column of
  ///     numbers begins with a text, when its cells are texts of which none occurs again in its column, or when it is 0, 1, 2 and
  ///     so on, at least three of them, as pandas writes for columns without names.
  ///   - delimiter: What separates cells: comma, semicolon or tab; nil takes the one that occurs equally often on the
  ///     first lines.
  /// - Throws: ``CodecError`` when the file is missing, is no text, or its rows have different numbers of cells.
  public static func read(
    _ path: String, header: Bool? = nil, delimiter: Character? = nil
  ) throws(CodecError) -> Table {
    let bytes = try Gzip.read(path)
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) else {
      throw CodecError("\(path) is a text in UTF-16; save it as UTF-8.")
    }
    guard !bytes.prefix(1 << 16).contains(0) else {
      throw CodecError("\(path) holds binary data where a table of text is needed; save it as CSV.")
    }
    if let delimiter, delimiter.asciiValue == nil || delimiter == "\"" {
      throw CodecError("\(path) cannot be read with the delimiter “\(delimiter)”; use a comma, a semicolon or a tab.")
    }
    return try bytes.withUnsafeBufferPointer { (buffer) throws(CodecError) in
      let separator = delimiter?.asciiValue ?? Delimiter.recognize(buffer, from: start)
      let parsed = try CSVParser(buffer, from: start, delimiter: separator, path: path)
      guard !parsed.lines.isEmpty else { throw CodecError("\(path) has no rows; give at least one.") }
      return Table(path: path, bytes: bytes, parsed: parsed, delimiter: separator, header: header)
    }
  }
}

/// What separates the cells of a row.
enum Delimiter {
  /// The first of tab, semicolon and comma that occurs equally often on each of the first lines; comma when none does.
  static func recognize(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt8 {
    let candidates: [UInt8] = [0x09, 0x3B, 0x2C]
    var counts: [[Int]] = []
    var (line, isQuoted, hasText) = ([0, 0, 0], false, false)
    for byte in bytes[start...] {
      if byte == 0x22 { isQuoted.toggle() }
      if !isQuoted && (byte == 0x0A || byte == 0x0D) {
        if hasText { counts.append(line) }
        (line, hasText) = ([0, 0, 0], false)
        if counts.count == 16 { break }
      } else {
        hasText = true
        if !isQuoted, let index = candidates.firstIndex(of: byte) { line[index] += 1 }
      }
    }
    if hasText && counts.count < 16 { counts.append(line) }
    guard let first = counts.first else { return 0x2C }
    for (index, candidate) in candidates.enumerated() where first[index] > 0 {
      if counts.allSatisfy({ $0[index] == first[index] }) { return candidate }
    }
    let most = first.max() ?? 0
    return most == 0 ? 0x2C : candidates[first.firstIndex(of: most) ?? 2]
  }
}
