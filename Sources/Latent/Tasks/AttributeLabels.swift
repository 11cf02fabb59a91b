internal import Codecs
internal import Foundation

/// What is known of a data set's rows besides their values: the columns of a labels file, or the data's own labels.
public struct AttributeLabels {
  private let dataset: Dataset
  private let table: Table?
  /// For each row of the data the row of the table, if it is there.
  private let rows: [Int?]

  /// Labels of a data set.
  ///
  /// - Parameters:
  ///   - dataset: All rows of a source, in its order.
  ///   - path: A table with a column for each attribute; nil takes the data's own labels, as a column called `label`. Where the data is
  ///     picture files and a column has their names, with or without folders, rows are matched by it, else by their order.
  /// - Throws: ``LatentError`` where the table does not belong to the data, or a codec's error where it cannot be read.
  public init(of dataset: Dataset, from path: String?) throws {
    self.dataset = dataset
    guard let path else {
      guard dataset.labels != nil else {
        throw LatentError("\(dataset.name) brings no labels of its own; give a CSV file of them by --labels.")
      }
      (table, rows) = (nil, [])
      return
    }
    let table = try CSV.read(path)
    self.table = table
    if let matched = try Self.matched(dataset, table) {
      rows = matched
      return
    }
    guard table.rowCount == dataset.count else {
      throw LatentError(
        "\(path) has \(counted(table.rowCount, "row")) of labels, but \(dataset.name) has \(counted(dataset.count, "row")); "
          + "give one for each, in the same order\(dataset.rowNames.isEmpty ? "" : ", or a column of file names").")
    }
    rows = Array(0..<table.rowCount)
  }

  /// The table's row for each picture, by the first column that has a picture's name in it; nil where no column has names of files.
  ///
  /// Names without folders count where no two pictures share one.
  private static func matched(_ dataset: Dataset, _ table: Table) throws -> [Int?]? {
    guard !dataset.rowNames.isEmpty else { return nil }
    let short = dataset.rowNames.map { ($0 as NSString).lastPathComponent }
    let isShortEnough = Set(short).count == short.count
    let names = Set(dataset.rowNames).union(isShortEnough ? short : [])
    for column in table.columns.indices where table.summary(ofColumn: column).kind == .texts {
      let cells = table.texts(ofColumn: column)
      guard cells.contains(where: { $0.map(names.contains) ?? false }) else {
        guard let file = cells.compactMap({ $0 }).first(where: isPictureName) else { continue }
        throw LatentError(
          "\(table.path) names pictures such as “\(file)”, but \(dataset.name) has none of them, only such as "
            + "“\(dataset.rowNames[0])”; give the labels of these pictures, with their folders where names occur again."
        )
      }
      var places: [String: Int] = [:]
      for (row, cell) in cells.enumerated() {
        guard let cell else { continue }
        guard places.updateValue(row, forKey: cell) == nil else {
          throw LatentError(
            "\(table.path) names “\(cell)” a second time on line \(table.line(ofRow: row)); label each picture once.")
        }
      }
      return zip(dataset.rowNames, short).map { places[$0] ?? (isShortEnough ? places[$1] : nil) }
    }
    return nil
  }

  private static func isPictureName(_ text: String) -> Bool {
    ["png", "jpg", "jpeg", "ppm", "pgm", "pnm"].contains((text as NSString).pathExtension.lowercased())
  }

  /// Whether each row has an attribute; nil where that is not known.
  ///
  /// - Parameter attribute: `smiling`, a column of yes and no, 1 and 0 or true and false; `eyes=blue`, the rows with this text; or
  ///   `a+b+c`, what most of several say.
  /// - Throws: ``LatentError`` where there is no such column or value, or a cell says neither yes nor no.
  public func flags(for attribute: String) throws -> [Bool?] {
    let parts = isColumn(attribute) ? [attribute] : attribute.split(separator: "+").map(String.init)
    guard !parts.isEmpty else { throw LatentError("an attribute has no name; give a column, or column=value.") }
    let votes = try parts.map(vote)
    if votes.count == 1 { return votes[0] }
    return (0..<dataset.count).map { row in
      let known = votes.compactMap { $0[row] }
      let yes = known.count { $0 }
      return yes * 2 == known.count ? nil : yes * 2 > known.count
    }
  }

  private func isColumn(_ name: String) -> Bool { table?.columns.contains(name) ?? (name == "label") }

  private func vote(_ part: String) throws -> [Bool?] {
    if let end = part.lastIndex(of: "="), !isColumn(part) {
      let (column, value) = (String(part[..<end]), String(part[part.index(after: end)...]))
      let texts = try texts(of: column)
      guard texts.contains(value) else {
        let known = Set(texts.compactMap { $0 }).sorted()
        throw LatentError(
          "no row has “\(value)” as its \(column); \(known.isEmpty ? "it is empty" : "there are \(listed(known, limit: 12))")."
        )
      }
      return texts.map { $0.map { $0 == value } }
    }
    let texts = try texts(of: part)
    return try texts.map { text in
      guard let text else { return nil }
      guard let flag = Self.words[text.lowercased()] else {
        throw LatentError(
          "\(part) is “\(text)” in some row, neither yes nor no; use a column of 1 and 0, or name a value as \(part)=\(text)."
        )
      }
      return flag
    }
  }

  private static let words = [
    "1": true, "yes": true, "true": true, "y": true, "1.0": true, "0": false, "no": false, "false": false, "n": false,
    "0.0": false, "-1": false,
  ]

  /// What a column says of each row of the data.
  private func texts(of column: String) throws -> [String?] {
    guard let table else {
      guard column == "label", let labels = dataset.labels else {
        throw LatentError(
          "the data's own labels have no column “\(column)”; write label=\(dataset.labelNames.first ?? "value"), or give a CSV file "
            + "by --labels.")
      }
      return labels.map { dataset.labelNames.indices.contains(Int($0)) ? dataset.labelNames[Int($0)] : "\($0)" }
    }
    let index = try table.column(named: column)
    let texts = table.texts(ofColumn: index)
    return rows.map { $0.flatMap { texts[$0] } }
  }
}
