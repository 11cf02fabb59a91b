/// Reads and writes one array in NumPy's `.npy` format; the file may be compressed by gzip.
public enum NPY {
  /// Reads the array of a file, whatever its order of dimensions and bytes was.
  ///
  /// - Returns: The numbers in C order and in the order of this machine's bytes.
  /// - Throws: ``CodecError`` when the file is missing, is no `.npy` file, is cut short, or holds Python objects.
  public static func read(_ path: String) throws(CodecError) -> NumericArray {
    let reader = try GzipReader(path)
    return try read(subject: path, largestContent: reader.largestContent) { (memory) throws(CodecError) in
      try reader.read(into: memory)
    }
  }

  /// Writes an array, replacing the file only once all of it is on disk.
  public static func write(_ array: NumericArray, to path: String) throws(CodecError) {
    do {
      try AtomicFile.write(to: path) { file in
        try file.append(NPYHeader.bytes(elementType: array.elementType, shape: array.shape))
        try file.append(UnsafeRawBufferPointer(array.bytes))
      }
    } catch {
      throw error as? CodecError ?? CodecError("\(path) cannot be written (\(error)); try again.")
    }
  }

  /// Whether a file that begins with these bytes is a `.npy` file.
  public static func isNPY(firstBytes: [UInt8]) -> Bool { firstBytes.starts(with: NPYHeader.magic) }

  /// A source of bytes: fills memory and answers how many bytes it filled, fewer only at the end.
  typealias Source = (UnsafeMutableRawBufferPointer) throws(CodecError) -> Int

  /// Reads an array from wherever its bytes come.
  ///
  /// - Parameter largestContent: The most bytes that may follow; a header that states more is refused.
  static func read(subject: String, largestContent: Int, from source: Source) throws(CodecError) -> NumericArray {
    let header = try header(subject: subject, from: source)
    let expected = header.byteCount
    guard expected <= largestContent else {
      throw CodecError("\(subject) states the shape \(header.shape), more than it can hold; copy or download it again.")
    }
    let array = try NumericArray(elementType: header.elementType, shape: header.shape)
    let filled = try source(array.bytes)
    guard filled == expected else {
      throw CodecError(
        "\(subject) ends after \(filled) of the \(expected) bytes of its numbers; copy or download it again.")
    }
    guard try bytes(1, from: source).isEmpty else {
      throw CodecError("\(subject) goes on after the \(expected) bytes of its numbers; save one array in it.")
    }
    if header.isBigEndian { array.swapBytes() }
    array.normalizeBooleans()
    return header.isFortranOrdered ? try array.fromFortranOrder() : array
  }

  /// Reads only what the beginning states.
  static func header(subject: String, from source: Source) throws(CodecError) -> NPYHeader {
    var prefix = try bytes(8, from: source)
    guard isNPY(firstBytes: prefix) else {
      throw CodecError("\(subject) is not a .npy array; save it with numpy.save.")
    }
    guard let prefixByteCount = NPYHeader.prefixByteCount(of: prefix) else {
      throw CodecError(
        "\(subject) has a version of the .npy format other than 1, 2 and 3; save it again with numpy.save.")
    }
    prefix += try bytes(prefixByteCount - 8, from: source)
    let length = NPYHeader.dictionaryByteCount(of: prefix)
    guard prefix.count == prefixByteCount, length <= NPYHeader.longestDictionary else {
      throw CodecError("\(subject) has a header that is not NumPy's; save it again with numpy.save.")
    }
    let dictionary = try bytes(length, from: source)
    guard dictionary.count == length else {
      throw CodecError("\(subject) ends within its header; copy or download it again.")
    }
    return try NPYHeader(dictionary: dictionary, subject: subject)
  }

  private static func bytes(_ count: Int, from source: Source) throws(CodecError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    let filled = try result.withUnsafeMutableBufferPointer { (buffer) throws(CodecError) in
      try source(UnsafeMutableRawBufferPointer(buffer))
    }
    return Array(result[..<filled])
  }
}
