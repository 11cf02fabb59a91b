/// The nearest valid word to one that is not.
package enum Suggestion {
  /// `; the nearest is 'x'` where a word is near, else the words that are valid, if there are any.
  package static func text(for word: String, among known: [String]) -> String {
    if known.isEmpty { return "; there is nothing to set here" }
    let nearest = known.min { distance(word, $0) < distance(word, $1) }
    if let nearest, distance(word, nearest) <= max(2, word.count / 3) { return "; the nearest is '\(nearest)'" }
    return "; expected one of: \(known.joined(separator: ", "))"
  }

  /// The number of letters to insert, delete or replace.
  ///
  /// - SeeAlso: Wagner & Fischer, “The String-to-String Correction Problem”, 1974.
  static func distance(_ a: String, _ b: String) -> Int {
    let b = Array(b.lowercased())
    var row = Array(0...b.count)
    for (i, letter) in a.lowercased().enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let replaced = diagonal + (letter == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, min(row[j], row[j + 1]) + 1)
      }
    }
    return row[b.count]
  }
}
