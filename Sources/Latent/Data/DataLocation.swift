internal import Foundation

/// Where a source lies: a file or folder, and perhaps which of a file's arrays.
struct DataLocation {
  let path: String
  let member: String?
  let isFolder: Bool

  /// Finds a source; `file:name` picks one array of the file, unless a file has that whole name.
  ///
  /// - Throws: ``LatentError`` where nothing is there.
  init(_ source: String) throws(LatentError) {
    let source = (source as NSString).expandingTildeInPath
    if let isFolder = Self.isFolder(source) {
      (path, member, self.isFolder) = (source, nil, isFolder)
      return
    }
    if let colon = source.lastIndex(of: ":") {
      let file = String(source[..<colon])
      let name = String(source[source.index(after: colon)...])
      if !name.isEmpty, let isFolder = Self.isFolder(file) {
        guard !isFolder else {
          throw LatentError("\(file) is a folder, of which “\(name)” cannot be picked; name a file that holds arrays.")
        }
        (path, member, self.isFolder) = (file, name, false)
        return
      }
    }
    throw LatentError("\(source) does not exist; give digits, or the path of a file or folder.")
  }

  /// The last part of the path.
  var name: String { (path as NSString).standardizingPath.split(separator: "/").last.map(String.init) ?? path }

  /// The plain files in a folder, without hidden ones, sorted.
  ///
  /// - Parameter isDeep: Whether those in its subfolders count, named by their paths from the folder.
  static func files(in folder: String, isDeep: Bool) throws(LatentError) -> [String] {
    let names: [String]
    do {
      names =
        isDeep
        ? try FileManager.default.subpathsOfDirectory(atPath: (folder as NSString).resolvingSymlinksInPath)
        : try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw LatentError("\(folder) cannot be listed; check its permissions.")
    }
    return names.filter { !isHidden($0) && isFolder("\(folder)/\($0)") == false }.sorted()
  }

  /// Whether a path has a part that file managers and archivers leave behind.
  static func isHidden(_ path: String) -> Bool {
    path.split(separator: "/").contains { $0.hasPrefix(".") && $0 != "." && $0 != ".." || $0 == "__MACOSX" }
  }

  /// Nil where nothing is there.
  static func isFolder(_ path: String) -> Bool? {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) ? isFolder.boolValue : nil
  }
}
