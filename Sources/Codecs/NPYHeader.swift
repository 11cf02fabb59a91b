/// What the beginning of a `.npy` file states: the type of the numbers, their order and their shape.
///
/// Six magic bytes, two for the version, two or four for the length of a Python dictionary, and that dictionary, as in
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
///
/// - SeeAlso: NumPy, “numpy.lib.format”.
struct NPYHeader {
  let elementType: ElementType
  let shape: [Int]
  let isFortranOrdered: Bool
  let isBigEndian: Bool

  /// The bytes before the dictionary for each version of the format.
  static func prefixByteCount(of start: [UInt8]) -> Int? {
    guard start.count >= 8, Array(start[..<6]) == magic else { return nil }
    return start[6] == 1 ? 10 : (2...3).contains(start[6]) ? 12 : nil
  }

  /// How long the dictionary is, from the bytes before it.
  static func dictionaryByteCount(of prefix: [UInt8]) -> Int {
    prefix.dropFirst(8).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The most bytes of a dictionary: far more than any number of dimensions needs.
  static let longestDictionary = 1 << 16
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads the dictionary.
  ///
  /// - Parameter subject: What the sentence of an error is about.
  init(dictionary: [UInt8], subject: String) throws(CodecError) {
    var scanner = PythonScanner(bytes: dictionary)
    guard let entries = scanner.dictionary(), let descriptor = entries["descr"],
      case .boolean(let isFortranOrdered)? = entries["fortran_order"], case .tuple(let shape)? = entries["shape"]
    else {
      throw CodecError("\(subject) has a header that is not NumPy's; save it again with numpy.save.")
    }
    guard case .text(let name) = descriptor else {
      throw CodecError("\(subject) holds records of several fields; save each field as an array of numbers.")
    }
    let isSwapped = name.hasPrefix(">")
    let type = name.first.map { "<>|=".contains($0) } == true ? String(name.dropFirst()) : name
    guard !type.hasPrefix("O") else {
      throw CodecError("\(subject) holds Python objects, which Latent never unpickles; save it as numbers.")
    }
    guard let elementType = Self.elementTypes[type] else {
      throw CodecError(
        "\(subject) holds the NumPy type \(name); save it as booleans, integers or floating-point numbers.")
    }
    guard NumericArray.byteCount(of: elementType, shape: shape) != nil else {
      throw CodecError("\(subject) states the impossible shape \(shape); save it again with numpy.save.")
    }
    (self.elementType, self.shape) = (elementType, shape)
    (self.isFortranOrdered, isBigEndian) = (isFortranOrdered, isSwapped)
  }

  /// The bytes of the numbers that follow the header.
  var byteCount: Int { NumericArray.byteCount(of: elementType, shape: shape) ?? 0 }

  /// The whole beginning of a file for an array in C order, padded to a multiple of 64 bytes.
  static func bytes(elementType: ElementType, shape: [Int]) -> [UInt8] {
    let order = elementType.byteCount == 1 ? "|" : "<"
    let name = elementTypes.first { $0.value == elementType }?.key ?? ""
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    var dictionary = "{'descr': '\(order)\(name)', 'fortran_order': False, 'shape': (\(extents)), }"
    dictionary += String(repeating: " ", count: 63 - (10 + dictionary.utf8.count) % 64) + "\n"
    let length = dictionary.utf8.count
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8 & 0xFF)] + Array(dictionary.utf8)
  }

  private static let elementTypes: [String: ElementType] = [
    "b1": .bool, "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32, "i4": .int32,
    "u8": .uint64, "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64,
  ]
}
