#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What this module asks of the operating system.
enum FileSystem {
  /// What stands at a path.
  enum Kind: Equatable {
    case file(byteCount: Int)
    case folder
    case other
    case nothing
  }

  /// What stands at a path, following symbolic links.
  static func kind(of path: String) -> Kind {
    var information = stat()
    guard stat(path, &information) == 0 else { return .nothing }
    switch information.st_mode & S_IFMT {
    case S_IFREG: return .file(byteCount: Int(information.st_size))
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// The size of an existing, plain file that is not empty.
  static func byteCount(ofFile path: String) throws(CodecError) -> Int {
    var information = stat()
    guard stat(path, &information) == 0 else {
      throw errno == ENOENT
        ? CodecError("\(path) does not exist; check the path.")
        : CodecError("\(path) cannot be reached (\(reason())); check the path and its permissions.")
    }
    switch information.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw CodecError("\(path) is a folder where a file is needed; name a file in it.")
    default: throw CodecError("\(path) is not a plain file; store the data in one.")
    }
    guard access(path, R_OK) == 0 else {
      throw CodecError("\(path) cannot be opened (\(reason())); check its permissions.")
    }
    guard information.st_size > 0 else { throw CodecError("\(path) is empty; copy or download it again.") }
    return Int(information.st_size)
  }

  /// Why the last call of the operating system failed.
  static func reason() -> String { String(cString: strerror(errno)) }

  /// Memory that is not initialized, or nil when there is not enough; never of zero bytes, so that its address exists.
  static func allocate(byteCount: Int, alignment: Int) -> UnsafeMutableRawBufferPointer? {
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, alignment, max(byteCount, 1)) == 0, let memory else { return nil }
    return UnsafeMutableRawBufferPointer(start: memory, count: byteCount)
  }

  /// Gives back what ``allocate(byteCount:alignment:)`` gave.
  static func free(_ memory: UnsafeMutableRawBufferPointer) {
    #if canImport(Darwin)
      Darwin.free(memory.baseAddress)
    #else
      Glibc.free(memory.baseAddress)
    #endif
  }

  /// Where a path leads once symbolic links are followed; the path itself when nothing stands there.
  static func target(of path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(UnsafeMutableRawBufferPointer(start: resolved, count: 0)) }
    return String(cString: resolved)
  }

  /// The folder of a path (`.` when it names none) and the last name in it.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  /// Makes a change of names in a folder outlast a loss of power, where the file system can.
  static func synchronize(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
