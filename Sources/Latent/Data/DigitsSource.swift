internal import CAssets
internal import Codecs
internal import Torch

/// The embedded digits: 1797 pictures of 8 × 8 pixels valued 0 … 16, and which digit each of them is.
///
/// - SeeAlso: Alpaydin & Kaynak, “Optical Recognition of Handwritten Digits”, UCI Machine Learning Repository, 1998.
enum DigitsSource {
  static func load() throws -> RawRows {
    let lines = try text().split(separator: UInt8(ascii: "\n"))
    let array = try NumericArray(elementType: .uint8, shape: [lines.count, 8, 8])
    var labels: [Int32] = []
    for (row, line) in lines.enumerated() {
      let numbers = line.split(separator: UInt8(ascii: ",")).map { $0.reduce(0) { 10 * $0 + Int32($1 & 15) } }
      guard numbers.count == 65 else {
        throw LatentError("The embedded digits are damaged; build or install Latent again.")
      }
      for pixel in 0..<64 { array.bytes[64 * row + pixel] = UInt8(truncatingIfNeeded: numbers[pixel]) }
      labels.append(numbers[64])
    }
    var rows = try RawRows(array, format: "the embedded digits", name: "digits")
    rows.labels = labels
    rows.labelNames = (0...9).map(String.init)
    return rows
  }

  private static func text() throws -> [UInt8] {
    let asset = ct_asset_digits()
    let packed = Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
    return try Gzip.inflate(packed, name: "the embedded digits")
  }
}
