/// Reads arrays from NumPy's `.npz` format: a zip archive of `.npy` files, deflated or stored.
public enum NPZ {
  /// The arrays of a file; pickled Python objects, texts and files of other kinds are passed over with the reason.
  ///
  /// - Throws: ``CodecError`` when the file is missing, is no zip archive, or is damaged.
  public static func arrays(in path: String) throws(CodecError) -> ArrayListing {
    let reader = try ArchiveReader(path, accepting: .zip)
    var arrays: [ArrayListing.Entry] = []
    var skipped: [ArrayListing.Skipped] = []
    while let file = try reader.next() {
      let name = arrayName(of: file)
      do throws(CodecError) {
        let header = try NPY.header(subject: "\(path):\(name)") { (memory) throws(CodecError) in
          try reader.read(into: memory)
        }
        arrays.append(.init(name: name, shape: header.shape, elementType: header.elementType))
      } catch {
        skipped.append(.init(name: name, reason: error.description))
      }
    }
    return ArrayListing(arrays: arrays, skipped: skipped)
  }

  /// Reads one array.
  ///
  /// - Parameter name: The array's name, as `numpy.savez(path, name=…)` gave it; nil means the only array, else the
  ///   one with most numbers among those of two or more dimensions, the first of equals.
  /// - Throws: ``CodecError`` when there is no such array, the choice is open, or the file cannot be read.
  public static func read(_ path: String, name: String? = nil) throws(CodecError) -> NumericArray {
    let chosen = try arrays(in: path).choose(name, path: path).name
    let reader = try ArchiveReader(path, accepting: .zip)
    while let file = try reader.next() {
      guard arrayName(of: file) == chosen else { continue }
      let largest = reader.storedByteCount.multipliedReportingOverflow(by: 1032).partialValue
      return try NPY.read(subject: "\(path):\(chosen)", largestContent: largest) { (memory) throws(CodecError) in
        try reader.read(into: memory)
      }
    }
    throw CodecError("\(path) holds no array named “\(chosen)” any more; it changed while it was read.")
  }

  private static func arrayName(of file: String) -> String {
    file.hasSuffix(".npy") ? String(file.dropLast(4)) : file
  }
}
