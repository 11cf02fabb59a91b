extension Table {
  /// What the cells of a column are, and how many of them are missing.
  public func summary(ofColumn column: Int) -> (kind: Kind, missingCount: Int) {
    precondition(column >= 0 && column < columns.count, "The column lies within the table.")
    return bytes.withUnsafeBufferPointer { buffer in
      var (missing, hasText) = (0, false)
      for row in 0..<rowCount {
        let text = slice(buffer, index(row, column))
        if !hasText && NumberText.parse(text) != nil { continue }
        if isMissing(text) { missing += 1 } else if NumberText.parse(text) == nil { hasText = true }
      }
      return (missing == rowCount ? .missing : hasText ? .texts : .numbers, missing)
    }
  }

  /// The numbers of a column; missing cells are NaN.
  ///
  /// - Throws: ``CodecError`` at the first text that is no number, with its line, column and words.
  public func numbers(ofColumn column: Int) throws(CodecError) -> [Double] {
    precondition(column >= 0 && column < columns.count, "The column lies within the table.")
    return try bytes.withUnsafeBufferPointer { (buffer) throws(CodecError) in
      var result: [Double] = []
      result.reserveCapacity(rowCount)
      for row in 0..<rowCount { result.append(try number(buffer, row, column)) }
      return result
    }
  }

  /// The texts of a column; missing cells are nil.
  public func texts(ofColumn column: Int) -> [String?] {
    (0..<rowCount).map { isMissing(row: $0, column: column) ? nil : cell(row: $0, column: column) }
  }

  /// The numbers of several columns as an array of shape `[rowCount, columns]` and type `float32`; missing cells are NaN.
  ///
  /// - Parameter chosen: Indices of the columns, in the wanted order; nil means all.
  /// - Throws: ``CodecError`` at the first text that is no number, with its line, column and words.
  public func array(ofColumns chosen: [Int]? = nil) throws(CodecError) -> NumericArray {
    let chosen = chosen ?? Array(columns.indices)
    precondition(chosen.allSatisfy { $0 >= 0 && $0 < columns.count }, "The columns lie within the table.")
    let result = try NumericArray(elementType: .float32, shape: [rowCount, chosen.count])
    let numbers = result.bytes.assumingMemoryBound(to: Float.self)
    try bytes.withUnsafeBufferPointer { (buffer) throws(CodecError) in
      var position = 0
      for row in 0..<rowCount {
        for column in chosen {
          numbers[position] = Float(try number(buffer, row, column))
          position += 1
        }
      }
    }
    return result
  }

  private func number(_ buffer: UnsafeBufferPointer<UInt8>, _ row: Int, _ column: Int) throws(CodecError) -> Double {
    let text = slice(buffer, index(row, column))
    if let number = NumberText.parse(text) { return number }
    if isMissing(text) { return .nan }
    let words = self.cell(row: row, column: column)
    throw CodecError(
      "\(path) has the text “\(words.prefix(60))” in column “\(columns[column])” on line \(line(ofRow: row)); "
        + "give a number there, or leave it empty if it is not known.")
  }
}
