internal import Torch

extension Dataset {
  /// Sixteen hexadecimal digits that change when a value, a label or the shape does.
  ///
  /// FNV-1a over 64-bit words with a shift: quick, and no protection against intent.
  public var hash: String {
    var digest = Fingerprint()
    for extent in [count] + shape { digest.mix(UInt64(extent)) }
    values.detached().to(device: .cpu).contiguous().withUnsafeMutableBytes { digest.mix(UnsafeRawBufferPointer($0)) }
    for label in labels ?? [] { digest.mix(UInt64(UInt32(bitPattern: label))) }
    for byte in labelNames.joined(separator: "\n").utf8 { digest.mix(UInt64(byte)) }
    return digest.text
  }
}
