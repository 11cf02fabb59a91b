internal import Codecs

/// What a source was recognized as.
enum SourceKind {
  case digits, idx, npy, npz, mat, table, pictureFiles, pictureArchive

  /// Whether decoded pictures come out of it, which can have any size.
  var isPictureFiles: Bool { self == .pictureFiles || self == .pictureArchive }

  /// Whether its arrays or columns have names.
  var hasNames: Bool { self == .npz || self == .mat || self == .table }

  /// Looks at the first bytes of a file, or at the files of a folder.
  ///
  /// - Throws: ``LatentError`` where it is nothing known.
  init(of location: DataLocation) throws {
    if location.isFolder {
      self = try IDXSource.isFolder(location.path) ? .idx : .pictureFiles
      return
    }
    let beginning = try Gzip.firstBytes(of: location.path, count: 512)
    if IDX.isIDX(firstBytes: beginning) {
      self = .idx
    } else if NPY.isNPY(firstBytes: beginning) {
      self = .npy
    } else if MAT.isMAT(firstBytes: beginning) {
      self = .mat
    } else if Pictures.isPicture(firstBytes: beginning) {
      self = .pictureFiles
    } else if Archive.isArchive(firstBytes: beginning) {
      let isZip = beginning.starts(with: "PK".utf8)
      self = try isZip && Archive.names(in: location.path).contains { $0.hasSuffix(".npy") } ? .npz : .pictureArchive
    } else if beginning.starts(with: "MATLAB 7.3".utf8) || beginning.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      throw LatentError("\(location.path) is in MATLAB's format 7.3 (HDF5), which is not read; save it with -v7.")
    } else if beginning.contains(0) {
      throw LatentError(
        "\(location.path) is of no known format; give IDX, .npy, .npz, .mat or .csv, or a folder or archive of pictures."
      )
    } else {
      self = .table
    }
  }
}
