import CArchive

/// Walks through the entries of an archive by libarchive.
final class ArchiveReader {
  /// The kinds of archive that a reader accepts.
  enum Accepted { case zip, all }

  let path: String
  let storedByteCount: Int
  private let archive: OpaquePointer
  private var entry: OpaquePointer?

  init(_ path: String, accepting accepted: Accepted) throws(CodecError) {
    self.path = path
    storedByteCount = try FileSystem.byteCount(ofFile: path)
    guard let archive = archive_read_new() else {
      throw CodecError("\(path) cannot be opened because memory is full; close other programs.")
    }
    self.archive = archive
    archive_read_support_format_zip(archive)
    if accepted == .all {
      archive_read_support_format_tar(archive)
      archive_read_support_format_7zip(archive)
      archive_read_support_filter_gzip(archive)
      archive_read_support_filter_bzip2(archive)
      archive_read_support_filter_xz(archive)
      archive_read_support_filter_zstd(archive)
    }
    guard archive_read_open_filename(archive, path, 1 << 18) == ARCHIVE_OK else {
      throw failure("is not a readable \(accepted == .zip ? "zip" : "zip, tar or 7z") archive")
    }
  }

  deinit { archive_read_free(archive) }

  /// Goes on to the next plain file in the archive.
  ///
  /// - Returns: Its name, or nil after the last.
  func next() throws(CodecError) -> String? {
    while true {
      switch archive_read_next_header(archive, &entry) {
      case ARCHIVE_EOF: return nil
      case ARCHIVE_OK, ARCHIVE_WARN: break
      default: throw failure("is damaged")
      }
      // The type of a file's mode: S_IFREG, which is the same in every archive format.
      guard archive_entry_filetype(entry) & 0o170000 == 0o100000 else { continue }
      if let name = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry) { return String(cString: name) }
      throw CodecError("\(path) holds an entry without a readable name; pack it again.")
    }
  }

  /// Fills memory from the current entry.
  ///
  /// - Returns: How many bytes were filled: fewer than there is room for only when the entry ended.
  func read(into memory: UnsafeMutableRawBufferPointer) throws(CodecError) -> Int {
    var filled = 0
    while filled < memory.count, let start = memory.baseAddress {
      let got = archive_read_data(archive, start + filled, memory.count - filled)
      guard got >= 0 else { throw failure("is damaged") }
      if got == 0 { break }
      filled += got
    }
    return filled
  }

  /// Reads the current entry whole.
  ///
  /// - Parameter limit: The most bytes that an entry may have.
  func contents(name: String, limit: Int) throws(CodecError) -> [UInt8] {
    var result: [UInt8] = []
    var room = 1 << 14
    if archive_entry_size_is_set(entry) != 0 {
      room = min(max(Int(archive_entry_size(entry)), 0) + 1, 1 << 24)
    }
    while true {
      let start = result.count
      result.append(contentsOf: repeatElement(0, count: room))
      let filled = try result.withUnsafeMutableBufferPointer { (buffer) throws(CodecError) in
        try read(into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[start...]))
      }
      result.removeLast(room - filled)
      guard result.count <= limit else {
        throw CodecError("\(path) holds \(name) of more than \(limit) bytes; pack smaller files.")
      }
      if filled < room { return result }
      room = max(result.count, 1 << 14)
    }
  }

  private func failure(_ what: String) -> CodecError {
    let words =
      archive_error_string(archive).map { " (\(String(cString: $0).split(separator: "\n").joined(separator: " ")))" }
      ?? ""
    return CodecError("\(path) \(what)\(words); copy, download or pack it again.")
  }
}
