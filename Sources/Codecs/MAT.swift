/// Reads arrays from MATLAB's version 5 format (`.mat`, saved with `-v6` or `-v7`).
///
/// MATLAB's first dimension varies fastest, so the same bytes are an array in C order of the reversed shape: a matrix of
/// p rows and n columns is read as `[n, p]`, one row for each column of MATLAB, and nothing is moved.
///
/// - SeeAlso: MathWorks, “MAT-File Format”, level 5.
public enum MAT {
  /// The arrays of real numbers in a file, with reversed shapes; variables of other kinds are passed over with the reason.
  ///
  /// - Throws: ``CodecError`` when the file is missing, is no MATLAB 5 file, is cut short or damaged.
  public static func variables(in path: String) throws(CodecError) -> ArrayListing {
    listing(of: try contents(of: path))
  }

  /// Reads one array.
  ///
  /// - Parameter name: The variable's name; nil means the only array, else the one with most numbers among those of
  ///   two or more dimensions, the first of equals.
  /// - Returns: The numbers in C order, in the reverse of MATLAB's shape.
  /// - Throws: ``CodecError`` when there is no such variable, it holds no real numbers, or the file cannot be read.
  public static func read(_ path: String, name: String? = nil) throws(CodecError) -> NumericArray {
    let variables = try contents(of: path)
    let chosen = try listing(of: variables).choose(name, path: path)
    guard let variable = variables.first(where: { $0.name == chosen.name }) else {
      throw CodecError("\(path) holds no array named “\(chosen.name)”; name another.")
    }
    return try variable.read()
  }

  /// Whether a file that begins with these bytes is a MATLAB 5 file; give at least 128.
  public static func isMAT(firstBytes: [UInt8]) -> Bool {
    guard firstBytes.count >= 128 else { return false }
    return [[0x00, 0x01, 0x49, 0x4D], [0x01, 0x00, 0x4D, 0x49]].contains(Array(firstBytes[124..<128]))
  }

  private static func listing(of variables: [MATVariable]) -> ArrayListing {
    var arrays: [ArrayListing.Entry] = []
    var skipped: [ArrayListing.Skipped] = []
    for variable in variables {
      do throws(CodecError) {
        arrays.append(try variable.entry())
      } catch {
        skipped.append(.init(name: variable.name, reason: error.description))
      }
    }
    return ArrayListing(arrays: arrays, skipped: skipped)
  }

  private static func contents(of path: String) throws(CodecError) -> [MATVariable] {
    let bytes = try Gzip.read(path)
    guard isMAT(firstBytes: bytes) else {
      throw bytes.starts(with: Array("MATLAB 7.3".utf8))
        ? CodecError("\(path) is a MATLAB 7.3 file; save it again with the option -v7.")
        : CodecError("\(path) is not a MATLAB 5 file; save it in MATLAB with the option -v7.")
    }
    let isBigEndian = bytes[126] == 0x4D
    var cursor = MATCursor(bytes[128...], isBigEndian: isBigEndian)
    var variables: [MATVariable] = []
    while !cursor.isAtEnd {
      guard let element = cursor.next() else {
        throw CodecError("\(path) ends within its variable \(variables.count + 1); copy or download it again.")
      }
      guard let matrix = matrix(element, isBigEndian: isBigEndian),
        let variable = MATVariable(matrix, isBigEndian: isBigEndian, path: path)
      else {
        throw CodecError("\(path) is damaged in its variable \(variables.count + 1); copy or download it again.")
      }
      // MATLAB keeps the data of its objects in a variable without a name.
      if !variable.name.isEmpty { variables.append(variable) }
    }
    return variables
  }

  /// The bytes of a matrix, inflated when the piece is compressed.
  private static func matrix(_ element: MATElement, isBigEndian: Bool) -> ArraySlice<UInt8>? {
    guard element.type == MATElement.compressed else { return element.type == MATElement.matrix ? element.bytes : nil }
    guard let inflated = Inflate.zlib(element.bytes) else { return nil }
    var cursor = MATCursor(inflated[...], isBigEndian: isBigEndian)
    return cursor.next().flatMap { $0.type == MATElement.matrix ? $0.bytes : nil }
  }
}
