import CZlib

/// Undoes the zlib compression of bytes in memory.
enum Inflate {
  /// The bytes that a whole zlib stream stands for, its checksum verified; nil when it is cut short or damaged.
  static func zlib(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var stream = z_stream()
    guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    // The stream only reads its input, whatever the type in zlib's header.
    var input = Array(bytes)
    var result: [UInt8] = []
    guard input.count <= Int(UInt32.max) else { return nil }
    return input.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      var room = max(2 * source.count, 1 << 12)
      while true {
        let start = result.count
        room = min(room, 1 << 30)
        result.append(contentsOf: repeatElement(0, count: room))
        let code = result.withUnsafeMutableBufferPointer { destination in
          stream.next_out = destination.baseAddress.map { $0 + start }
          stream.avail_out = UInt32(room)
          return inflate(&stream, Z_NO_FLUSH)
        }
        result.removeLast(Int(stream.avail_out))
        if code == Z_STREAM_END { return result }
        guard code == Z_OK, stream.avail_out == 0 else { return nil }
        room = result.count
      }
    }
  }
}
