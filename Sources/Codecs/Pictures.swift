/// Decodes pictures of the formats PNG, JPEG and PNM (PGM and PPM, as text or binary).
public enum Pictures {
  /// Decodes a picture, recognizing its format by its first bytes.
  ///
  /// - Parameters:
  ///   - name: What the sentence of an error calls the picture: its path, or its name within an archive.
  ///   - channels: 1 for grey, 3 for colour, nil for what the file has. Transparency is laid over white, 16 bits
  ///     become 8.
  /// - Throws: ``CodecError`` when the bytes are no such picture, are cut short or damaged.
  public static func decode(_ bytes: [UInt8], name: String, channels: Int? = nil) throws(CodecError) -> Picture {
    let picture =
      switch format(firstBytes: bytes) {
      case .png: try PNG.decode(bytes, name: name)
      case .jpeg: try JPEG.decode(bytes, name: name)
      case .pnm: try PNM.decode(bytes, name: name)
      case nil: throw CodecError("\(name) is not a PNG, JPEG, PGM or PPM picture; convert it to one of these.")
      }
    return try picture.converted(toChannels: channels)
  }

  /// Reads a picture from a file.
  ///
  /// - Throws: ``CodecError`` as ``decode(_:name:channels:)``, and when the file is missing, unreadable or empty.
  public static func read(_ path: String, channels: Int? = nil) throws(CodecError) -> Picture {
    try decode(try Gzip.read(path), name: path, channels: channels)
  }

  /// Whether a file that begins with these bytes claims to be a picture of a format that is decoded here.
  public static func isPicture(firstBytes: [UInt8]) -> Bool { format(firstBytes: firstBytes) != nil }

  private enum Format { case png, jpeg, pnm }

  private static func format(firstBytes: [UInt8]) -> Format? {
    if firstBytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    if firstBytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
    return PNM.isPNM(firstBytes: firstBytes) ? .pnm : nil
  }
}
