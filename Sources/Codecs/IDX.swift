/// Reads the IDX format of the MNIST files, plain or compressed by gzip.
///
/// A file is two zero bytes, a byte for the type, a byte for the number of dimensions, their extents as 32-bit
/// big-endian integers, then the numbers in C order, big-endian.
///
/// - SeeAlso: LeCun, Cortes and Burges, “The MNIST database of handwritten digits”, file formats.
public enum IDX {
  /// Reads the array of a file.
  ///
  /// - Returns: The numbers in the order of this machine's bytes, in the shape that the file states.
  /// - Throws: ``CodecError`` when the file is missing, no IDX file, cut short, or longer than its header states.
  public static func read(_ path: String) throws(CodecError) -> NumericArray {
    let reader = try GzipReader(path)
    let magic = try reader.read(4)
    guard isIDX(firstBytes: magic), let elementType = elementType(code: magic[2]) else {
      throw CodecError(
        "\(path) is not an IDX file; it should begin with two zero bytes, a type and a number of dimensions.")
    }
    let rank = Int(magic[3])
    let extents = try reader.read(4 * rank)
    guard extents.count == 4 * rank else {
      throw CodecError("\(path) ends within its header of \(4 + 4 * rank) bytes; copy or download it again.")
    }
    let shape = (0..<rank).map { dimension in extents[4 * dimension..<4 * dimension + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard let expected = NumericArray.byteCount(of: elementType, shape: shape), expected <= reader.largestContent else {
      throw CodecError(
        "\(path) states the shape \(shape), more than its \(reader.storedByteCount) bytes can hold; copy or download it again."
      )
    }
    let array = try NumericArray(elementType: elementType, shape: shape)
    let filled = try reader.read(into: array.bytes)
    guard filled == expected else {
      throw CodecError(
        "\(path) ends after \(filled) of the \(expected) bytes of its numbers; copy or download it again.")
    }
    guard try reader.read(1).isEmpty else {
      throw CodecError(
        "\(path) goes on after the \(expected) bytes of its numbers; its header should state the whole shape.")
    }
    array.swapBytes()
    return array
  }

  /// Whether a file that begins with these (inflated) bytes is an IDX file.
  public static func isIDX(firstBytes: [UInt8]) -> Bool {
    firstBytes.count >= 4 && firstBytes[0] == 0 && firstBytes[1] == 0 && elementType(code: firstBytes[2]) != nil
      && (1...8).contains(firstBytes[3])
  }

  private static func elementType(code: UInt8) -> ElementType? {
    switch code {
    case 0x08: .uint8
    case 0x09: .int8
    case 0x0B: .int16
    case 0x0C: .int32
    case 0x0D: .float32
    case 0x0E: .float64
    default: nil
    }
  }
}
