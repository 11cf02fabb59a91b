internal import Codecs
internal import Torch

/// Arrays in the files of NumPy and MATLAB.
enum ArraySource {
  /// Reads a `.npy` file.
  static func loadNPY(_ location: DataLocation) throws -> [RawRows] {
    [try RawRows(NPY.read(location.path), format: "NumPy array", name: location.name)]
  }

  /// Reads one array of a `.npz` file, or the pair for training and testing, and the labels if they are there.
  static func loadNPZ(
    _ location: DataLocation, _ configuration: DataConfiguration, isLenient: Bool
  ) throws -> [RawRows] {
    let names = try NPZ.arrays(in: location.path).arrays.map(\.name)
    if location.member == nil, SparseCounts.isPresent(in: names) { return [try SparseCounts.load(location)] }
    let file = ArrayFile(location: location, format: "NumPy arrays", names: names) { name throws(CodecError) in
      try NPZ.read(location.path, name: name)
    }
    let pairs = [("x_train", "x_test"), ("X_train", "X_test"), ("train_images", "test_images")]
    guard location.member == nil, let pair = pairs.first(where: { names.contains($0.0) && names.contains($0.1) }) else {
      return try file.load(configuration, isLenient: isLenient)
    }
    let parts = try [pair.0, pair.1].map { try RawRows(file.read($0), format: file.format, name: location.name) }
    guard configuration.label.isEmpty else {
      throw LatentError(
        "\(location.name) has rows for training and testing, for which data.label is found; leave it empty.")
    }
    let labels = [("y_train", "y_test"), ("Y_train", "Y_test"), ("train_labels", "test_labels")]
      .first { names.contains($0.0) && names.contains($0.1) }
    return try labels.map { try LabelCoding.attach([file.read($0.0), file.read($0.1)], to: parts) } ?? parts
  }

  /// Reads one array of a `.mat` file, and the labels if they are there.
  static func loadMAT(
    _ location: DataLocation, _ configuration: DataConfiguration, isLenient: Bool
  ) throws -> [RawRows] {
    let names = try MAT.variables(in: location.path).arrays.map(\.name)
    let file = ArrayFile(location: location, format: "MATLAB array", names: names) { name throws(CodecError) in
      try MAT.read(location.path, name: name)
    }
    return try file.load(configuration, isLenient: isLenient) { rows, extents in
      switch extents.count {
      case 2: matrixOrder(&rows, extents, configuration)
      // Each picture is stored column by column.
      case 3: [0, 2, 1]
      case 4: [0, 3, 2, 1]
      default: Array(extents.indices)
      }
    }
  }

  /// Whether MATLAB's columns, which arrive as rows, stay rows.
  ///
  /// Where `data.shape` fits only one of the two, that one is taken; else columns of bytes are taken for pictures, as MATLAB
  /// lays pictures out, and of other numbers a row of MATLAB is a row.
  private static func matrixOrder(
    _ rows: inout RawRows, _ extents: [Int], _ configuration: DataConfiguration
  ) -> [Int] {
    let columnsAreRows: Bool
    if !configuration.shape.isEmpty {
      let wanted = configuration.shape.reduce(1, *)
      columnsAreRows = wanted == extents[1] || wanted != extents[0]
    } else {
      // MATLAB keeps bytes as numbers of double precision unless told otherwise.
      if rows.values.type == .float32, isSquare(extents[1]), rows.values.maximum().item > 31 { rows.storeAsBytes() }
      columnsAreRows = rows.values.type == .uint8
    }
    if columnsAreRows {
      rows.notes.append(
        "The columns of the MATLAB array are taken as rows; data.transposed turns pictures that lie on their side.")
    }
    return columnsAreRows ? [0, 1] : [1, 0]
  }

  private static func isSquare(_ count: Int) -> Bool {
    let side = Int(Double(count).squareRoot().rounded())
    return side >= 8 && side * side == count
  }
}

/// A file that holds several arrays by their names.
private struct ArrayFile {
  let location: DataLocation
  let format: String
  let names: [String]
  let read: (String?) throws(CodecError) -> NumericArray

  /// - Parameter order: In which order the dimensions of an array are taken; nil as they are.
  func load(
    _ configuration: DataConfiguration, isLenient: Bool, order: ((inout RawRows, [Int]) -> [Int])? = nil
  ) throws -> [RawRows] {
    let array = try read(location.member)
    var rows = try RawRows(array, format: format, name: location.name)
    if let order = order?(&rows, array.shape), order != Array(array.shape.indices) {
      rows.permute(from: array.shape, to: order)
    }
    if !configuration.label.isEmpty, !isLenient || names.contains(configuration.label) {
      return try LabelCoding.attach([read(configuration.label)], to: [rows])
    }
    guard names.count > 1,
      let label = names.first(where: { Self.labelNames.contains($0.lowercased()) && $0 != location.member })
    else { return [rows] }
    let labels = try read(label)
    guard labels.shape.count(where: { $0 != 1 }) <= 1, labels.count > 1 || rows.count == 1 else { return [rows] }
    return try LabelCoding.attach([labels], to: [rows])
  }

  private static let labelNames: Set<String> = ["y", "label", "labels", "target", "targets"]
}

extension RawRows {
  /// Puts dimensions into another order, the first of which counts the rows from then on.
  fileprivate mutating func permute(from extents: [Int], to order: [Int]) {
    let turned = values.reshaped(extents).permuted(order).contiguous()
    shape = Array(turned.shape.dropFirst())
    values = turned.reshaped([turned.extent(0), turned.count / turned.extent(0)])
  }
}
