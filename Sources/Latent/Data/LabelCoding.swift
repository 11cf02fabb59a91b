internal import Codecs

/// Turns labels as they were found into indices of their sorted names.
enum LabelCoding {
  /// Labels sets of rows, which share the names.
  ///
  /// - Parameter labels: For each set one for each row.
  static func attach<Label: Hashable & Comparable>(
    _ labels: [[Label]], to parts: [RawRows], name: (Label) -> String
  ) throws(LatentError) -> [RawRows] {
    var numbers: [Label: Int32] = [:]
    for label in labels.joined() { numbers[label] = 0 }
    let sorted = numbers.keys.sorted()
    for (index, label) in sorted.enumerated() { numbers[label] = Int32(truncatingIfNeeded: index) }
    var result = parts
    for index in parts.indices {
      guard labels[index].count == parts[index].count else {
        throw LatentError(
          "\(parts[index].name) has \(counted(labels[index].count, "label")) for \(counted(parts[index].count, "row")); "
            + "give one for each row.")
      }
      result[index].labels = labels[index].map { numbers[$0] ?? 0 }
      result[index].labelNames = sorted.map(name)
      result[index].format += " with labels"
    }
    return result
  }

  /// Labels sets of rows by texts, which are sorted as numbers where all of them are some.
  static func attach(_ texts: [[String]], to parts: [RawRows]) throws(LatentError) -> [RawRows] {
    guard texts.joined().allSatisfy({ Double($0)?.isFinite == true }) else {
      return try attach(texts, to: parts) { $0 }
    }
    return try attach(texts.map { $0.map { Numbered(value: Double($0) ?? 0, text: $0) } }, to: parts) { $0.text }
  }

  /// Labels sets of rows by arrays of whole numbers, or leaves them as they are where there are fractions.
  static func attach(_ arrays: [NumericArray], to parts: [RawRows]) throws(LatentError) -> [RawRows] {
    let numbers = arrays.compactMap { try? $0.values(as: Int.self) }
    if numbers.count == arrays.count { return try attach(numbers, to: parts) { String($0) } }
    var result = parts
    for index in parts.indices { result[index].notes.append("The labels are not whole numbers and were left out.") }
    return result
  }

  /// A text that is compared by the number that it spells.
  private struct Numbered: Hashable, Comparable {
    let value: Double
    let text: String

    static func < (a: Numbered, b: Numbered) -> Bool { (a.value, a.text) < (b.value, b.text) }
  }
}
