/// A variable of a MATLAB 5 file: flags with its class, its shape, its name, and its numbers.
struct MATVariable {
  let name: String
  /// The reverse of MATLAB's shape.
  let shape: [Int]
  private let kind: UInt8
  private let flags: UInt8
  private let numbers: MATElement?
  private let isBigEndian: Bool
  private let path: String

  /// Takes apart the bytes of a matrix; nil when they end too soon or contradict themselves.
  init?(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool, path: String) {
    (self.isBigEndian, self.path) = (isBigEndian, path)
    var cursor = MATCursor(bytes, isBigEndian: isBigEndian)
    guard let head = cursor.next(), let word = MATCursor(head.bytes, isBigEndian: isBigEndian).word(at: 0) else {
      return nil
    }
    kind = UInt8(word & 0xFF)
    flags = UInt8(word >> 8 & 0xFF)
    guard kind != Self.opaque else {
      // An object of a MATLAB class has no shape; its name comes at once.
      guard let title = cursor.next() else { return nil }
      (name, shape, numbers) = (String(decoding: title.bytes, as: UTF8.self), [], nil)
      return
    }
    guard let extents = cursor.next(), let title = cursor.next(), extents.type == 5, extents.bytes.count % 4 == 0,
      (1...64).contains(extents.bytes.count / 4)
    else { return nil }
    let words = MATCursor(extents.bytes, isBigEndian: isBigEndian)
    shape = (0..<extents.bytes.count / 4).reversed().map { Int(words.word(at: 4 * $0) ?? 0) }
    name = String(decoding: title.bytes, as: UTF8.self)
    numbers = cursor.next()
  }

  /// What the variable states to be.
  ///
  /// - Throws: ``CodecError`` when it holds no real numbers.
  func entry() throws(CodecError) -> ArrayListing.Entry {
    guard let elementType else {
      throw CodecError("\(path):\(name) is a MATLAB \(kindName) array; save an array of real numbers.")
    }
    guard flags & 0x08 == 0 else {
      throw CodecError("\(path):\(name) holds complex numbers; save their real and imaginary parts as two arrays.")
    }
    return .init(name: name, shape: shape, elementType: elementType)
  }

  /// The numbers, in the type of the variable's class, whatever smaller type the file stores them in.
  func read() throws(CodecError) -> NumericArray {
    let entry = try entry()
    guard let numbers, let stored = numbers.elementType,
      NumericArray.byteCount(of: stored, shape: shape) == numbers.bytes.count
    else {
      throw CodecError("\(path):\(name) states the shape \(shape) but holds other numbers; copy or download it again.")
    }
    let type = entry.elementType
    let isStoredPlainly = stored == type || type == .bool && stored == .uint8
    let array = try NumericArray(elementType: isStoredPlainly ? type : stored, shape: shape)
    numbers.bytes.withUnsafeBytes { array.bytes.copyMemory(from: $0) }
    if isBigEndian { array.swapBytes() }
    array.normalizeBooleans()
    return isStoredPlainly ? array : try array.converted(to: type)
  }

  private static let opaque: UInt8 = 17

  private var elementType: ElementType? {
    switch kind {
    case 6: .float64
    case 7: .float32
    case 8: .int8
    case 9: flags & 0x02 == 0 ? .uint8 : .bool
    case 10: .int16
    case 11: .uint16
    case 12: .int32
    case 13: .uint32
    case 14: .int64
    case 15: .uint64
    default: nil
    }
  }

  private var kindName: String {
    switch kind {
    case 1: "cell"
    case 2: "struct"
    case 4: "char"
    case 5: "sparse"
    case 16: "function"
    default: "object"
    }
  }
}
