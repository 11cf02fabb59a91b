import CZlib

/// Reads files that may be compressed by gzip: what is not is read as it stands.
public enum Gzip {
  /// Reads a whole file, inflated when it is compressed.
  ///
  /// - Throws: ``CodecError`` when the file is missing, unreadable, empty, cut short or damaged.
  public static func read(_ path: String) throws(CodecError) -> [UInt8] {
    let reader = try GzipReader(path)
    var result: [UInt8] = []
    var room = min(reader.largestContent, max(2 * reader.storedByteCount, 1 << 16))
    while true {
      result.append(contentsOf: repeatElement(0, count: room))
      let start = result.count - room
      let filled = try reader.read(into: &result, from: start)
      if filled < room {
        result.removeLast(room - filled)
        return result
      }
      room = max(min(reader.largestContent - result.count, result.count / 2), 1 << 16)
    }
  }

  /// Inflates bytes in memory that hold one gzip stream.
  ///
  /// - Parameter name: What errors call them.
  public static func inflate(_ packed: [UInt8], name: String) throws(CodecError) -> [UInt8] {
    var stream = z_stream()
    // 16 + 15: a gzip header, the largest window.
    guard inflateInit2_(&stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw CodecError("\(name) cannot be inflated (no memory); free some and try again.")
    }
    defer { inflateEnd(&stream) }
    var input = packed
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let code = input.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      var code = Z_OK
      while code == Z_OK {
        let filled = chunk.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          code = CZlib.inflate(&stream, Z_NO_FLUSH)
          return target.count - Int(stream.avail_out)
        }
        result.append(contentsOf: chunk[..<filled])
      }
      return code
    }
    guard code == Z_STREAM_END else {
      throw CodecError("\(name) is damaged (its gzip stream is not valid); get it again.")
    }
    return result
  }

  /// Reads the first bytes of a file, inflated when it is compressed: enough to recognize what it is.
  ///
  /// - Returns: At most `count` bytes, fewer when the file ends before.
  public static func firstBytes(of path: String, count: Int = 512) throws(CodecError) -> [UInt8] {
    let reader = try GzipReader(path)
    var result = [UInt8](repeating: 0, count: count)
    let filled = try reader.read(into: &result, from: 0)
    return Array(result[..<filled])
  }
}

/// A file that is open for reading, inflated on the way when it is compressed.
final class GzipReader {
  /// The size of the file itself.
  let storedByteCount: Int
  /// The most bytes that the file could hold: deflate shrinks by less than 1032 : 1.
  let largestContent: Int

  private let path: String
  private let file: gzFile

  init(_ path: String) throws(CodecError) {
    self.path = path
    storedByteCount = try FileSystem.byteCount(ofFile: path)
    guard let file = gzopen(path, "rb") else {
      throw CodecError("\(path) cannot be opened (\(FileSystem.reason())); check its permissions.")
    }
    self.file = file
    gzbuffer(file, 1 << 18)
    largestContent = gzdirect(file) == 1 ? storedByteCount : storedByteCount.multipliedReportingOverflow(by: 1032).0
  }

  deinit { gzclose_r(file) }

  /// Fills memory as far as the file goes.
  ///
  /// - Returns: How many bytes were filled: fewer than there is room for only when the file ended.
  func read(into memory: UnsafeMutableRawBufferPointer) throws(CodecError) -> Int {
    var filled = 0
    while filled < memory.count, let start = memory.baseAddress {
      let wanted = min(memory.count - filled, 1 << 30)
      let got = gzread(file, start + filled, UInt32(wanted))
      if got < 0 { throw failure() }
      if got == 0 { break }
      filled += Int(got)
    }
    var code: Int32 = 0
    _ = gzerror(file, &code)
    if code != Z_OK, code != Z_STREAM_END { throw failure() }
    return filled
  }

  /// Fills the end of an array, from an index on.
  func read(into array: inout [UInt8], from start: Int) throws(CodecError) -> Int {
    try array.withUnsafeMutableBufferPointer { (buffer) throws(CodecError) in
      try read(into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[start...]))
    }
  }

  /// The next bytes, fewer than asked for only when the file ended.
  func read(_ count: Int) throws(CodecError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    let filled = try read(into: &result, from: 0)
    return Array(result[..<filled])
  }

  private func failure() -> CodecError {
    var code: Int32 = 0
    let message = gzerror(file, &code)
    switch code {
    case Z_BUF_ERROR: return CodecError("\(path) is cut short (its gzip stream has no end); copy or download it again.")
    case Z_DATA_ERROR:
      return CodecError("\(path) is damaged (its gzip stream is not valid); copy or download it again.")
    case Z_ERRNO: return CodecError("\(path) cannot be read (\(FileSystem.reason())); check it and its permissions.")
    default:
      let words = message.map { String(cString: $0) } ?? "code \(code)"
      return CodecError("\(path) cannot be inflated (\(words)); copy or download it again.")
    }
  }
}
