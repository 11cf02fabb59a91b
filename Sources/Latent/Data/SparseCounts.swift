internal import Codecs
internal import Torch

/// Counts that are mostly zero, stored by rows as `scipy.sparse.save_npz` does.
///
/// Row r has the value `data[k]` in column `indices[k]` for k from `indptr[r]` until `indptr[r + 1]`.
enum SparseCounts {
  /// Whether the arrays of a file are those of such a matrix.
  static func isPresent(in names: [String]) -> Bool {
    ["data", "indices", "indptr", "shape"].allSatisfy(names.contains)
  }

  /// Reads a matrix with all its zeros.
  static func load(_ location: DataLocation) throws -> RawRows {
    func read(_ name: String) throws -> NumericArray { try NPZ.read(location.path, name: name) }
    let shape = try read("shape").values(as: Int.self)
    let (starts, columns) = (try read("indptr").values(as: Int.self), try read("indices").values(as: Int.self))
    let stored = try read("data")
    guard shape.count == 2, shape[0] > 0, shape[1] > 0 else {
      throw LatentError(
        "\(location.name) states the shape \(shape) of a sparse matrix; give at least one row and one column.")
    }
    guard starts.count - 1 == shape[0] else {
      throw LatentError(
        "\(location.name) has \(starts.count) starts of rows where its \(counted(shape[0], "row")) need \(shape[0]) + 1; "
          + "save it with tocsr().")
    }
    guard starts.first == 0, starts.last == columns.count, stored.count == columns.count,
      zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }), columns.allSatisfy({ (0..<shape[1]).contains($0) })
    else {
      throw LatentError("\(location.name) is no valid sparse matrix: its indices do not fit its shape; save it again.")
    }
    let array = try NumericArray(elementType: .float32, shape: shape)
    let numbers = array.bytes.assumingMemoryBound(to: Float.self)
    numbers.update(repeating: 0)
    let values = stored.values(as: Float.self)
    for row in 0..<shape[0] {
      for index in starts[row]..<starts[row + 1] { numbers[row * shape[1] + columns[index]] += values[index] }
    }
    return try RawRows(array, format: "sparse matrix (CSR)", name: location.name)
  }
}
