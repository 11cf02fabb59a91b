public import Foundation

/// Named tensors in the safetensors format: numbers and text only, nothing that runs.
///
///     8 bytes: length n of the header, little-endian
///     n bytes: JSON {"__metadata__": {…}, "name": {"dtype": "F32", "shape": […], "data_offsets": [begin, end]}, …}
///     the elements, in the header's order, without gaps
///
/// The same tensors, names and metadata give the same bytes.
/// - SeeAlso: The format's description in the `safetensors` project.
public struct Safetensors {
  /// Tensors with their names, in the file's order.
  public var tensors: [(name: String, tensor: Tensor)]

  /// Free text by name.
  public var metadata: [String: String]

  /// Tensors to be written.
  public init(_ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor with this name, if there is one.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }
}

extension Safetensors {
  /// Hands over the file's bytes piece by piece.
  public func write(to sink: (UnsafeRawBufferPointer) throws -> Void) throws {
    let header = try self.header()
    try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try sink($0) }
    try header.withUnsafeBytes { try sink($0) }
    for (_, tensor) in tensors where tensor.count > 0 {
      try tensor.detached().to(device: .cpu).contiguous().withUnsafeMutableBytes {
        try sink(UnsafeRawBufferPointer($0))
      }
    }
  }

  private func header() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func json(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    var entries: [String] = []
    if !metadata.isEmpty { entries.append("\"__metadata__\":\(try json(metadata))") }
    var offset = 0
    for (name, tensor) in tensors {
      let end = offset + tensor.count * tensor.type.byteCount
      let entry = Entry(dtype: Self.name(of: tensor.type), shape: tensor.shape, data_offsets: [offset, end])
      entries.append("\(try json(name)):\(try json(entry))")
      offset = end
    }
    var bytes = Array("{\(entries.joined(separator: ","))}".utf8)
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - bytes.count % 8) % 8))
    return bytes
  }
}

extension Safetensors {
  /// Reads a file; every offset and shape is checked against its size before memory is touched.
  ///
  /// - Parameter name: What errors call the file.
  /// - Throws: ``TorchError`` where the bytes are not a whole safetensors file.
  public init(_ file: Data, name: String) throws(TorchError) {
    func refuse(_ reason: String) -> TorchError {
      TorchError("'\(name)' is not a whole safetensors file: \(reason); write it again or use another copy.")
    }
    guard file.count >= 8 else { throw refuse("it has only \(file.count) bytes") }
    let length = file.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
    guard length <= UInt64(file.count - 8) else {
      throw refuse("its header should have \(length) bytes and the file ends after \(file.count - 8)")
    }
    let body = file.dropFirst(8 + Int(length))
    let entries: [String: Entry]
    let metadata: [String: String]
    do {
      let header = try JSONDecoder().decode(Header.self, from: file.dropFirst(8).prefix(Int(length)))
      (entries, metadata) = (header.entries, header.metadata)
    } catch { throw refuse("its header is not the JSON that the format asks for") }

    var found: [(name: String, tensor: Tensor)] = []
    var expected = 0
    for (key, entry) in entries.sorted(by: {
      ($0.value.begin, $0.value.end, $0.key) < ($1.value.begin, $1.value.end, $1.key)
    }) {
      guard let kind = Self.kind(named: entry.dtype) else {
        throw refuse("tensor '\(key)' has element type '\(entry.dtype)', which is not supported")
      }
      guard let bytes = entry.byteCount(of: kind), entry.data_offsets.count == 2, entry.begin == expected,
        entry.end >= entry.begin, entry.end - entry.begin == bytes, entry.end <= body.count
      else { throw refuse("the place of tensor '\(key)' does not fit its shape or the file's size") }
      expected = entry.end
      let tensor = Tensor.zeros(entry.shape, type: kind)
      if bytes > 0 {
        let start = body.startIndex + entry.begin
        tensor.withUnsafeMutableBytes { target in
          body[start..<(start + bytes)].withUnsafeBytes { target.copyMemory(from: $0) }
        }
      }
      found.append((key, tensor))
    }
    guard expected == body.count else { throw refuse("\(body.count - expected) bytes follow its last tensor") }
    self.init(found, metadata: metadata)
  }
}

extension Safetensors {
  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]

    var begin: Int { data_offsets.first ?? -1 }
    var end: Int { data_offsets.last ?? -1 }

    /// The bytes that shape and type ask for; nil where an extent is negative or where they, or the strides, overflow.
    func byteCount(of kind: ElementKind) -> Int? {
      var total = kind.byteCount
      for extent in shape {
        let (product, overflow) = total.multipliedReportingOverflow(by: max(extent, 1))
        guard extent >= 0, !overflow else { return nil }
        total = product
      }
      return shape.contains(0) ? 0 : total
    }
  }

  private struct Header: Decodable {
    var entries: [String: Entry] = [:]
    var metadata: [String: String] = [:]

    struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }
  }

  private static let names: [(String, ElementKind)] = [
    ("U8", .uint8), ("I32", .int32), ("I64", .int64), ("F16", .float16), ("F32", .float32), ("F64", .float64),
    ("BOOL", .bool), ("BF16", .bfloat16),
  ]

  private static func name(of kind: ElementKind) -> String { names.first { $0.1 == kind }?.0 ?? kind.rawValue }

  private static func kind(named name: String) -> ElementKind? { names.first { $0.0 == name }?.1 }
}
