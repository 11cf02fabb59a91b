/// Reads archives of files: zip, tar and 7z, and tar compressed by gzip, bzip2, xz or zstd.
public enum Archive {
  /// Calls a closure with every plain file of an archive, in the order of the archive.
  ///
  /// - Parameters:
  ///   - limit: The most bytes that one file may have once unpacked.
  ///   - body: Receives the path within the archive, and the whole contents.
  /// - Throws: ``CodecError`` when the archive is missing, is none, is cut short or damaged; else what `body` throws.
  public static func forEachEntry(
    in path: String, limit: Int = 1 << 30, _ body: (_ name: String, _ bytes: [UInt8]) throws -> Void
  ) throws {
    let reader = try ArchiveReader(path, accepting: .all)
    while let name = try reader.next() {
      try body(name, try reader.contents(name: name, limit: limit))
    }
  }

  /// The paths within an archive of its plain files, in the order of the archive.
  public static func names(in path: String) throws(CodecError) -> [String] {
    let reader = try ArchiveReader(path, accepting: .all)
    var result: [String] = []
    while let name = try reader.next() { result.append(name) }
    return result
  }

  /// Whether a file that begins with these bytes is an archive; give 512 bytes, inflated when they are gzip's.
  public static func isArchive(firstBytes: [UInt8]) -> Bool {
    let signatures: [[UInt8]] = [
      [0x50, 0x4B, 0x03, 0x04], [0x50, 0x4B, 0x05, 0x06], [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C],
      [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], [0x42, 0x5A, 0x68], [0x28, 0xB5, 0x2F, 0xFD],
    ]
    return signatures.contains { firstBytes.starts(with: $0) } || isTar(firstBytes)
  }

  /// A tar header holds the sum of its 512 bytes, counted as if the eight bytes of the sum were spaces.
  private static func isTar(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 512, bytes[0] != 0 else { return false }
    let field = String(decoding: bytes[148..<156], as: UTF8.self).trimmed(of: " \0")
    guard let stated = Int(field, radix: 8) else { return false }
    let sum = bytes[..<512].reduce(0) { $0 + Int($1) } - bytes[148..<156].reduce(0) { $0 + Int($1) } + 8 * 32
    return sum == stated
  }
}

extension String {
  /// The text without these characters at its ends.
  func trimmed(of characters: String) -> Substring {
    let start = drop { characters.contains($0) }
    guard let last = start.lastIndex(where: { !characters.contains($0) }) else { return "" }
    return start[...last]
  }
}
