/// The arrays that a file of several holds.
public struct ArrayListing: Sendable {
  /// An array that can be read.
  public struct Entry: Sendable, Equatable {
    /// What to ask for it by.
    public let name: String
    /// The extent of each dimension.
    public let shape: [Int]
    /// The type of its numbers.
    public let elementType: ElementType
  }

  /// Something that is no array of numbers, and why it is passed over.
  public struct Skipped: Sendable, Equatable {
    /// Its name in the file.
    public let name: String
    /// A sentence that says what it is and what would be right.
    public let reason: String
  }

  /// The arrays, in the order of the file.
  public let arrays: [Entry]
  /// What is passed over, in the order of the file.
  public let skipped: [Skipped]

  /// Finds the array to read.
  ///
  /// - Parameter name: The wanted name; nil means the only array, else the one with most numbers among those of two
  ///   or more dimensions, the first of equals.
  func choose(_ name: String?, path: String) throws(CodecError) -> Entry {
    if let name {
      if let entry = arrays.first(where: { $0.name == name }) { return entry }
      if let skipped = skipped.first(where: { $0.name == name }) { throw CodecError(skipped.reason) }
      throw CodecError("\(path) holds no array named “\(name)”; it holds \(names).")
    }
    guard !arrays.isEmpty else { throw CodecError("\(path) holds no array of numbers; save at least one in it.") }
    if arrays.count == 1 { return arrays[0] }
    let tables = arrays.filter { $0.shape.count >= 2 }
    func count(_ entry: Entry) -> Int { NumericArray.byteCount(of: .uint8, shape: entry.shape) ?? 0 }
    guard var largest = tables.first else {
      throw CodecError("\(path) does not say by itself which of its arrays to read; name one: it holds \(names).")
    }
    for entry in tables where count(entry) > count(largest) { largest = entry }
    return largest
  }

  private var names: String {
    arrays.isEmpty ? "no array of numbers" : arrays.map { "“\($0.name)” \($0.shape)" }.joined(separator: ", ")
  }
}
