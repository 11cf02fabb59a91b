/// One piece of a MATLAB 5 file: a type, and bytes that are numbers of that type or further pieces.
struct MATElement {
  /// The types of pieces that matter here, by their numbers in the format.
  static let matrix: UInt32 = 14
  static let compressed: UInt32 = 15

  let type: UInt32
  let bytes: ArraySlice<UInt8>

  /// The type of the numbers, or nil when the piece is no plain numbers.
  var elementType: ElementType? {
    switch type {
    case 1: .int8
    case 2: .uint8
    case 3: .int16
    case 4: .uint16
    case 5: .int32
    case 6: .uint32
    case 7: .float32
    case 9: .float64
    case 12: .int64
    case 13: .uint64
    default: nil
    }
  }
}

/// Walks through the pieces in some bytes of a MATLAB 5 file.
///
/// A piece is two 32-bit words, type and size, and its bytes, padded to a multiple of eight unless it is compressed. At
/// most four bytes may stand in place of the second word; the size is then the upper half of the first.
struct MATCursor {
  private var rest: ArraySlice<UInt8>
  private let isBigEndian: Bool

  init(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) { (rest, self.isBigEndian) = (bytes, isBigEndian) }

  var isAtEnd: Bool { rest.isEmpty }

  /// The next piece, or nil when the bytes end within it.
  mutating func next() -> MATElement? {
    guard let first = word(at: 0), let second = word(at: 4) else { return nil }
    if first >> 16 != 0 {
      let count = Int(first >> 16)
      guard count <= 4 else { return nil }
      return MATElement(type: first & 0xFFFF, bytes: take(count, after: 4, upTo: 8))
    }
    let count = Int(second)
    guard count <= rest.count - 8 else { return nil }
    let padded = first == MATElement.compressed ? 8 + count : 8 + (count + 7) / 8 * 8
    return MATElement(type: first, bytes: take(count, after: 8, upTo: padded))
  }

  /// A 32-bit word at a place from here, in the order of the file's bytes.
  func word(at offset: Int) -> UInt32? {
    guard offset >= 0, rest.count - offset >= 4 else { return nil }
    let bytes = rest.dropFirst(offset).prefix(4)
    return (isBigEndian ? Array(bytes) : bytes.reversed()).reduce(0) { $0 << 8 | UInt32($1) }
  }

  private mutating func take(_ count: Int, after offset: Int, upTo end: Int) -> ArraySlice<UInt8> {
    defer { rest = rest.dropFirst(end) }
    return rest.dropFirst(offset).prefix(count)
  }
}
