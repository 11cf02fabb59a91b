internal import Torch

extension Dataset {
  /// Sixteen hexadecimal digits that change when a value, a label or the shape does.
  ///
  ///     h ← (h ⊕ word) · 0x100000001B3,   h ← h ⊕ (h >> 29)
  ///
  /// FNV-1a over 64-bit words with a shift: quick, and no protection against intent.
  public var hash: String {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    func mix(_ word: UInt64) {
      state = (state ^ word) &* 0x100_0000_01B3
      state ^= state >> 29
    }
    for extent in [count] + shape { mix(UInt64(extent)) }
    values.detached().to(device: .cpu).contiguous().withUnsafeMutableBytes { bytes in
      let whole = bytes.count / 8 * 8
      for offset in stride(from: 0, to: whole, by: 8) {
        mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      }
      for byte in bytes[whole...] { mix(UInt64(byte)) }
    }
    for label in labels ?? [] { mix(UInt64(UInt32(bitPattern: label))) }
    for byte in labelNames.joined(separator: "\n").utf8 { mix(UInt64(byte)) }
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
