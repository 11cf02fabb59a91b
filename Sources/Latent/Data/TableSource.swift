internal import Codecs
internal import Torch

/// Tables of text: CSV with commas, semicolons or tabs.
enum TableSource {
  static func load(_ location: DataLocation, _ configuration: DataConfiguration, isLenient: Bool) throws -> [RawRows] {
    let table = try CSV.read(location.path)
    guard table.rowCount > 0 else {
      throw LatentError("\(location.name) has no rows but its header; give at least one.")
    }
    var notes: [String] = []
    let label = try labelColumn(of: table, configuration, isLenient: isLenient, &notes)
    let features =
      configuration.columns.isEmpty
      ? try allNumbers(of: table, but: label, &notes)
      : try configuration.columns.flatMap { try feature(named: $0, of: table) }
    guard !features.isEmpty else {
      throw LatentError(
        "\(location.name) has no column of numbers; give one, or name columns of texts as data.columns.")
    }
    var rows = try RawRows(try array(features, of: table), format: "table", name: location.name)
    rows.columns = features.map(\.name)
    rows.place = { "on line \(table.line(ofRow: $0))" }
    rows.notes = notes
    guard let label else { return [rows] }
    return try LabelCoding.attach([table.texts(ofColumn: label).map { $0 ?? "missing" }], to: [rows])
  }

  /// A column of the result.
  private struct Feature {
    let name: String
    let column: Int
    /// The text that counts as 1, all others as 0; nil for a column of numbers.
    var indicated: String?
  }

  private static func labelColumn(
    of table: Table, _ configuration: DataConfiguration, isLenient: Bool, _ notes: inout [String]
  ) throws -> Int? {
    if isLenient, !configuration.label.isEmpty, !table.columns.contains(configuration.label) { return nil }
    if !configuration.label.isEmpty { return try table.column(named: configuration.label) }
    guard table.hasHeader, table.columns.count > 1, let last = table.columns.last,
      !configuration.columns.contains(last),
      ["class", "label", "target"].contains(last.lowercased())
    else { return nil }
    notes.append("The last column, “\(last)”, is taken as the label; data.label can name another.")
    return table.columns.count - 1
  }

  private static func allNumbers(of table: Table, but label: Int?, _ notes: inout [String]) throws -> [Feature] {
    var features: [Feature] = []
    var (texts, empty): ([String], [String]) = ([], [])
    let index = indexColumn(of: table)
    for column in table.columns.indices where column != label && column != index {
      switch table.summary(ofColumn: column).kind {
      case .numbers: features.append(Feature(name: table.columns[column], column: column))
      case .missing: empty.append(table.columns[column])
      case .texts:
        let cells = table.texts(ofColumn: column).compactMap { $0 }
        // A column mostly of numbers has a mistake in it, which reading it as numbers puts into words.
        if 2 * cells.count(where: { Double($0) != nil }) > cells.count { _ = try table.numbers(ofColumn: column) }
        texts.append(table.columns[column])
      }
    }
    if !texts.isEmpty {
      notes.append("Left out, because of texts: \(listed(texts)); data.columns or data.label can name them.")
    }
    if let index {
      notes.append(
        "Left out, because it only numbers the rows: “\(table.columns[index])”, which has no name; data.columns can name it."
      )
    }
    if !empty.isEmpty { notes.append("Left out, because nothing is in them: \(listed(empty)).") }
    return features
  }

  /// The first column where it has no name and numbers the rows, as pandas writes its index.
  private static func indexColumn(of table: Table) -> Int? {
    guard table.hasHeader, table.columns.count > 1, table.rowCount > 1,
      ["column 1", "Unnamed: 0"].contains(table.columns[0]), table.summary(ofColumn: 0) == (.numbers, 0),
      let numbers = try? table.numbers(ofColumn: 0)
    else { return nil }
    return zip(numbers, 0...).allSatisfy { $0 - numbers[0] == Double($1) } ? 0 : nil
  }

  /// A column of numbers, or one for each text of a column of texts; `column=text` is one of those.
  private static func feature(named name: String, of table: Table) throws -> [Feature] {
    if !table.columns.contains(name) {
      let ends = name.indices.filter { name[$0] == "=" }
      if let end = ends.first(where: { table.columns.contains(String(name[..<$0])) }) {
        let column = try table.column(named: String(name[..<end]))
        return [Feature(name: name, column: column, indicated: String(name[name.index(after: end)...]))]
      }
    }
    let column = try table.column(named: name)
    guard table.summary(ofColumn: column).kind == .texts else { return [Feature(name: name, column: column)] }
    let cells = table.texts(ofColumn: column).compactMap { $0 }
    if 2 * cells.count(where: { Double($0) != nil }) > cells.count { _ = try table.numbers(ofColumn: column) }
    let texts = Set(cells).sorted()
    guard texts.count <= largestTextCount else {
      throw LatentError(
        "\(table.path) has \(texts.count) different texts in column “\(name)”, more than the \(largestTextCount) that can be "
          + "columns of 0 and 1; leave it out of data.columns.")
    }
    return texts.map { Feature(name: "\(name)=\($0)", column: column, indicated: $0) }
  }

  private static let largestTextCount = 256

  private static func array(_ features: [Feature], of table: Table) throws -> NumericArray {
    if features.allSatisfy({ $0.indicated == nil }) { return try table.array(ofColumns: features.map(\.column)) }
    let array = try NumericArray(elementType: .float32, shape: [table.rowCount, features.count])
    let numbers = array.bytes.assumingMemoryBound(to: Float.self)
    for (index, feature) in features.enumerated() {
      let values: [Float]
      if let text = feature.indicated {
        values = table.texts(ofColumn: feature.column).map { $0.map { $0 == text ? 1 : 0 } ?? .nan }
      } else {
        values = try table.numbers(ofColumn: feature.column).map(Float.init)
      }
      for row in 0..<table.rowCount { numbers[row * features.count + index] = values[row] }
    }
    return array
  }
}
