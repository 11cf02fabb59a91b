internal import Codecs
internal import Dispatch
internal import Foundation
internal import Synchronization
internal import Torch

/// Picture files in a folder or an archive; the folders that they lie in are their labels.
enum PictureSource {
  /// Reads a folder, or one picture.
  static func loadFiles(_ location: DataLocation, _ configuration: DataConfiguration) throws -> [RawRows] {
    let folder = location.isFolder ? location.path + "/" : ""
    let names = location.isFolder ? try pictureFiles(in: location) : [location.path]
    guard let firstName = names.first else { throw try nothingFound(in: location) }
    let first = try Pictures.read(folder + firstName)
    let values = try inOneFormat(configuration, first: first) { format, isStrict in
      let array = try NumericArray(elementType: .uint8, shape: [names.count, format.byteCount])
      try decode(names.count, in: format, isStrict: isStrict, into: array.bytes) { index in
        (folder + names[index], try Pictures.read(folder + names[index]))
      }
      return try array.tensor(shape: array.shape)
    }
    return try labelled(values, names: names, kind: location.isFolder ? "folder of pictures" : "picture", location)
  }

  /// Reads an archive.
  static func loadArchive(_ location: DataLocation, _ configuration: DataConfiguration) throws -> [RawRows] {
    var first: Picture?
    try forEachPicture(in: location, stoppingAt: 1) { name, bytes in first = try Pictures.decode(bytes, name: name) }
    guard let first else {
      throw LatentError("\(location.path) holds no PNG, JPEG, PGM or PPM picture; give an archive that does.")
    }
    var names: [String] = []
    let values = try inOneFormat(configuration, first: first) { format, isStrict in
      names = []
      var (parts, waiting, waitingBytes): ([Tensor], [(name: String, bytes: [UInt8])], Int) = ([], [], 0)
      func decodeWaiting() throws {
        let (batch, path) = (waiting, location.path)
        let array = try NumericArray(elementType: .uint8, shape: [batch.count, format.byteCount])
        try decode(batch.count, in: format, isStrict: isStrict, into: array.bytes) { index in
          let name = "\(path):\(batch[index].name)"
          return (name, try Pictures.decode(batch[index].bytes, name: name))
        }
        parts.append(try array.tensor(shape: array.shape))
        (waiting, waitingBytes) = ([], 0)
      }
      try forEachPicture(in: location) { name, bytes in
        names.append(name)
        waiting.append((name, bytes))
        waitingBytes += bytes.count
        if waiting.count == 1024 || waitingBytes > 1 << 26 { try decodeWaiting() }
      }
      if !waiting.isEmpty { try decodeWaiting() }
      return Tensor.concatenate(parts)
    }
    let order = names.indices.sorted { names[$0] < names[$1] }
    let isSorted = order == Array(names.indices)
    return try labelled(
      isSorted ? values : (values.0.rows(Tensor(order.map(Int64.init))), values.1), names: order.map { names[$0] },
      kind: "archive of pictures", location)
  }
}

extension PictureSource {
  /// Reads all pictures in the format of the first; anew in colour where a later one has it.
  private static func inOneFormat(
    _ configuration: DataConfiguration, first: Picture, _ read: (PictureFormat, _ isStrict: Bool) throws -> Tensor
  ) throws -> (Tensor, PictureFormat) {
    let format = PictureFormat(configuration, first: first, isColour: false)
    do {
      let isOpen = configuration.channels == .automatic && configuration.shape.count != 3
      return (try read(format, isOpen), format)
    } catch is PictureFormat.FoundColour {
      let format = PictureFormat(configuration, first: first, isColour: true)
      return (try read(format, false), format)
    }
  }

  /// Decodes pictures side by side, each to its place; the error of the first that fails is thrown.
  private static func decode(
    _ count: Int, in format: PictureFormat, isStrict: Bool, into target: UnsafeMutableRawBufferPointer,
    picture: @Sendable (Int) throws -> (name: String, picture: Picture)
  ) throws {
    // Every iteration writes to a part of its own.
    nonisolated(unsafe) let target = target
    let failure = Mutex<(index: Int, error: any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: count) { index in
      if failure.withLock({ $0.map { $0.index < index } ?? false }) { return }
      do {
        let (name, picture) = try picture(index)
        let place = UnsafeMutableRawBufferPointer(
          rebasing: target[index * format.byteCount..<(index + 1) * format.byteCount])
        try format.write(picture, name: name, to: place, isStrict: isStrict)
      } catch {
        failure.withLock { if $0.map({ index < $0.index }) ?? true { $0 = (index, error) } }
      }
    }
    if let error = failure.withLock({ $0?.error }) { throw error }
  }

  private static let extensions: Set<String> = ["png", "jpg", "jpeg", "ppm", "pgm", "pnm"]

  private static func isNamedAsPicture(_ path: String) -> Bool {
    extensions.contains((path as NSString).pathExtension.lowercased())
  }

  private static func pictureFiles(in location: DataLocation) throws -> [String] {
    try DataLocation.files(in: location.path, isDeep: true).filter { file in
      isNamedAsPicture(file)
        || (try? Gzip.firstBytes(of: "\(location.path)/\(file)", count: 16)).map(Pictures.isPicture) == true
    }
  }

  /// - Parameter limit: After how many pictures to stop; 0 for never.
  private static func forEachPicture(
    in location: DataLocation, stoppingAt limit: Int = 0, _ body: (String, [UInt8]) throws -> Void
  ) throws {
    struct Enough: Error {}
    var count = 0
    do {
      try Archive.forEachEntry(in: location.path) { name, bytes in
        guard !DataLocation.isHidden(name), isNamedAsPicture(name) || Pictures.isPicture(firstBytes: bytes) else {
          return
        }
        try body(name, bytes)
        count += 1
        if count == limit { throw Enough() }
      }
    } catch is Enough {}
  }

  private static func nothingFound(in location: DataLocation) throws -> LatentError {
    let files = try DataLocation.files(in: location.path, isDeep: false)
    return files.isEmpty
      ? LatentError("\(location.path) is empty; give a folder of IDX files or of PNG, JPEG, PGM or PPM pictures.")
      : LatentError(
        "\(location.path) holds neither IDX files nor PNG, JPEG, PGM or PPM pictures; name one of its files: \(listed(files))."
      )
  }

  /// Rows with the folders of the pictures as labels, and divided where the topmost folders are `train` and `test`.
  private static func labelled(
    _ pictures: (values: Tensor, format: PictureFormat), names: [String], kind: String, _ location: DataLocation
  ) throws -> [RawRows] {
    var folders = names.map { Array($0.split(separator: "/").dropLast()) }
    let shared = folders.dropFirst().reduce(folders[0]) { common, folder in
      Array(zip(common, folder).prefix { $0 == $1 }.map(\.0))
    }
    folders = folders.map { Array($0.dropFirst(shared.count)) }
    func rows(_ indices: [Int]?) -> RawRows {
      var rows = RawRows(
        values: indices.map { pictures.values.rows(Tensor($0.map(Int64.init))) } ?? pictures.values,
        shape: pictures.format.shape, format: kind, name: location.name)
      rows.rowNames = indices.map { $0.map { names[$0] } } ?? names
      return rows
    }
    let tops = Set(folders.map { $0.first?.lowercased() ?? "" })
    var (parts, labels) = ([rows(nil)], [folders])
    if tops == ["train", "test"] || tops == ["training", "testing"] {
      let tests = folders.indices.filter { folders[$0][0].lowercased().hasPrefix("test") }
      let training = folders.indices.filter { !folders[$0][0].lowercased().hasPrefix("test") }
      parts = [rows(training), rows(tests)]
      labels = [training, tests].map { $0.map { Array(folders[$0].dropFirst()) } }
    }
    let texts = labels.map { $0.map { $0.joined(separator: "/") } }
    guard Set(texts.joined()).count > 1 else { return parts }
    return try LabelCoding.attach(texts, to: parts)
  }
}
