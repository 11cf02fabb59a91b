/// What a file is, by what it begins with: its name does not matter.
public enum FileFormat: String, Sendable, CaseIterable {
  case idx, npy, npz, mat, picture, archive
  /// Anything else that holds no zero byte at its beginning: a table as CSV, as far as one can tell.
  case text

  /// Recognizes a file; what gzip compressed is recognized by what it holds.
  ///
  /// A zip archive is `npz` when its first file's name ends with `.npy`.
  ///
  /// - Throws: ``CodecError`` when the file is missing, unreadable, empty, or nothing that can be read here.
  public static func recognize(_ path: String) throws(CodecError) -> FileFormat {
    let start = try Gzip.firstBytes(of: path)
    if NPY.isNPY(firstBytes: start) { return .npy }
    if MAT.isMAT(firstBytes: start) { return .mat }
    if start.starts(with: [0x50, 0x4B]), Archive.isArchive(firstBytes: start),
      try Archive.names(in: path).first?.hasSuffix(".npy") == true
    {
      return .npz
    }
    if Archive.isArchive(firstBytes: start) { return .archive }
    if Pictures.isPicture(firstBytes: start) { return .picture }
    if IDX.isIDX(firstBytes: start) { return .idx }
    guard !start.contains(0) else {
      throw CodecError(
        "\(path) is of no known format; give IDX, NPY, NPZ, MATLAB 5, CSV, or pictures (PNG, JPEG, PPM), alone or in an archive."
      )
    }
    return .text
  }
}
