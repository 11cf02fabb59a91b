internal import Codecs
internal import Foundation

/// Pictures in IDX files, with their labels in files beside.
enum IDXSource {
  /// Reads a folder with the files of MNIST, or one file of pictures.
  ///
  /// - Returns: The rows to train on, then the test rows if the folder has some.
  static func load(_ location: DataLocation) throws -> [RawRows] {
    let files = location.isFolder ? try pictureFiles(in: location) : [location.path]
    let labelFiles = files.compactMap(labelFile)
    let format = location.isFolder ? "IDX files" : "IDX file"
    let parts = try files.map { try RawRows(IDX.read($0), format: format, name: location.name) }
    return labelFiles.count == files.count
      ? try LabelCoding.attach(labelFiles.map { try IDX.read($0) }, to: parts) : parts
  }

  /// Whether a folder holds IDX files.
  static func isFolder(_ path: String) throws -> Bool { try !idxFiles(in: path).isEmpty }

  private static func idxFiles(in folder: String) throws -> [String] {
    try DataLocation.files(in: folder, isDeep: false).filter { file in
      // What cannot be read counts by its name, so that reading it tells what is wrong.
      (try? Gzip.firstBytes(of: "\(folder)/\(file)", count: 4)).map(IDX.isIDX) ?? file.lowercased().contains("idx")
    }
  }

  /// The files of pictures to train on and, if there is one, to test with.
  private static func pictureFiles(in location: DataLocation) throws -> [String] {
    let all = try idxFiles(in: location.path)
    // Where a file is there both plain and compressed, the plain one counts.
    let files = all.filter { !($0.hasSuffix(".gz") && all.contains(String($0.dropLast(3)))) }
    let pictures = files.filter { !$0.lowercased().contains("label") }
    let tests = pictures.filter { $0.lowercased().contains("t10k") || $0.lowercased().contains("test") }
    let training = pictures.filter { !tests.contains($0) }
    guard training.count == 1, tests.count <= 1 else {
      throw LatentError(
        training.isEmpty
          ? "\(location.path) holds no IDX file of pictures to train on, such as train-images-idx3-ubyte; add it or name a file."
          : "\(location.path) holds several IDX files of pictures, \(listed(training + tests)); name one of them.")
    }
    return (training + tests).map { "\(location.path)/\($0)" }
  }

  /// The file of labels that belongs to a file of pictures, if it is there.
  private static func labelFile(of pictures: String) -> String? {
    let (folder, name) = ((pictures as NSString).deletingLastPathComponent, (pictures as NSString).lastPathComponent)
    guard name.contains("images") else { return nil }
    let plain = (name.hasSuffix(".gz") ? String(name.dropLast(3)) : name)
      .replacingOccurrences(of: "images", with: "labels").replacingOccurrences(of: "idx3", with: "idx1")
    return [plain, plain + ".gz"].map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
      .first { DataLocation.isFolder($0) == false }
  }
}
