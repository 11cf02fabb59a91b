#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Writes files whole or not at all.
///
/// The bytes go to a file of another name in the same folder, reach the disk, and only then take the file's name: a
/// crash at any moment leaves the old file or the new one. What stands at the path and is no plain file (a pipe,
/// `/dev/stdout`) is written straight to; a symbolic link stays one, and what it points to is replaced.
public enum AtomicFile {
  /// Writes bytes to a path.
  ///
  /// - Throws: ``CodecError`` when the folder is missing or closed to writing, the disk is full, or the path is a folder.
  public static func write(_ bytes: [UInt8], to path: String) throws(CodecError) {
    do {
      try write(to: path) { try $0.append(bytes) }
    } catch {
      throw error as? CodecError ?? CodecError("\(path) cannot be written (\(error)); try again.")
    }
  }

  /// Writes what a closure appends; the file appears once the closure has returned, and never when it throws.
  public static func write(to path: String, _ body: (FileWriter) throws -> Void) throws {
    switch FileSystem.kind(of: path) {
    case .folder: throw CodecError("\(path) is a folder where a file is to be written; name a file in it.")
    case .other:
      let writer = try FileWriter(opening: path, naming: path, flags: O_WRONLY)
      try body(writer)
      try writer.finish(synchronized: false)
    case .file, .nothing: try replace(FileSystem.target(of: path), naming: path, body)
    }
  }

  /// Refuses a path in a folder that is not there.
  ///
  /// - Throws: ``CodecError`` that names the folder.
  public static func demandFolder(of path: String) throws(CodecError) {
    let folder = FileSystem.split(FileSystem.target(of: path)).0
    switch FileSystem.kind(of: folder) {
    case .folder: break
    case .nothing:
      throw CodecError("\(path) cannot be written because the folder \(folder) does not exist; create it first.")
    case .file, .other:
      throw CodecError("\(path) cannot be written because \(folder) is not a folder; choose another path.")
    }
  }

  private static func replace(_ target: String, naming path: String, _ body: (FileWriter) throws -> Void) throws {
    try demandFolder(of: path)
    let (folder, name) = FileSystem.split(target)
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    let temporary = "\(folder)/.\(name.prefix(40)).\(suffix).part"
    let writer = try FileWriter(opening: temporary, naming: path, flags: O_WRONLY | O_CREAT | O_EXCL)
    do {
      try body(writer)
      try writer.finish(synchronized: true)
      guard rename(temporary, target) == 0 else { throw FileWriter.failure(path) }
    } catch {
      unlink(temporary)
      throw error
    }
    FileSystem.synchronize(folder: folder)
  }
}

/// A file that is open for writing at its end.
public final class FileWriter {
  private let path: String
  private let descriptor: Int32
  private var isOpen = true

  init(opening file: String, naming path: String, flags: Int32) throws(CodecError) {
    self.path = path
    descriptor = open(file, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  deinit { if isOpen { close(descriptor) } }

  /// Appends bytes.
  public func append(_ bytes: [UInt8]) throws(CodecError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(CodecError) in try append(UnsafeRawBufferPointer(buffer)) }
  }

  /// Appends bytes.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(CodecError) {
    var written = 0
    while written < bytes.count, let start = bytes.baseAddress {
      let count = write(descriptor, start + written, min(bytes.count - written, 1 << 30))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(path) }
      written += count
    }
  }

  func finish(synchronized: Bool) throws(CodecError) {
    isOpen = false
    let reached = !synchronized || fsync(descriptor) == 0
    guard reached else {
      let error = Self.failure(path)
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw Self.failure(path) }
  }

  static func failure(_ path: String) -> CodecError {
    switch errno {
    case ENOSPC, EDQUOT:
      CodecError("\(path) cannot be written because the disk is full; free some space or choose another.")
    case EACCES, EPERM, EROFS:
      CodecError("\(path) cannot be written (\(FileSystem.reason())); choose a folder that you may write to.")
    default: CodecError("\(path) cannot be written (\(FileSystem.reason())); choose another path.")
    }
  }
}
