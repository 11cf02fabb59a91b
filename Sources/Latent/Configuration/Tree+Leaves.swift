extension Tree {
  /// Where a value stands: a name, or a place in a list.
  struct Key: CodingKey {
    var stringValue: String
    var intValue: Int?

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init(intValue: Int) { (stringValue, self.intValue) = ("Index \(intValue)", intValue) }
  }

  /// Every value that holds no others, with its place, sorted by names.
  var leaves: [(keys: [any CodingKey], value: Tree)] {
    switch self {
    case .object(let fields):
      fields.sorted { $0.key < $1.key }.flatMap { name, value in value.leaves.map { ([Key(name)] + $0.keys, $0.value) }
      }
    case .list(let values):
      values.enumerated().flatMap { index, value in value.leaves.map { ([Key(intValue: index)] + $0.keys, $0.value) } }
    default: [([], self)]
    }
  }

  /// The tree with another value at a place.
  func replacing(_ keys: ArraySlice<any CodingKey>, by value: Tree) -> Tree {
    guard let key = keys.first else { return value }
    switch self {
    case .object(var fields):
      fields[key.stringValue] = fields[key.stringValue]?.replacing(keys.dropFirst(), by: value)
      return .object(fields)
    case .list(var values):
      guard let index = key.intValue, values.indices.contains(index) else { return self }
      values[index] = values[index].replacing(keys.dropFirst(), by: value)
      return .list(values)
    default: return self
    }
  }

  /// Whether it is anything but an infinite number or none at all.
  var isFinite: Bool {
    if case .number(let value) = self { value.isFinite } else { true }
  }

  /// Whether it is a number that no whole number can hold.
  var isFraction: Bool {
    if case .number(let value) = self { Int(exactly: value) == nil } else { false }
  }

  /// Whether it is a number below 0.
  var isNegative: Bool {
    switch self {
    case .integer(let value): value < 0
    case .number(let value): value < 0
    default: false
    }
  }
}
