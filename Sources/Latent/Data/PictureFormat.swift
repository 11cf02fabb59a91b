internal import Codecs
internal import Torch

/// The size that all pictures of a data set have or are brought to.
struct PictureFormat {
  let height: Int
  let width: Int
  let channels: Int
  /// Whether pictures of another size are resized; else they are refused.
  let isResizing: Bool

  var byteCount: Int { height * width * channels }
  var shape: [Int] { channels == 1 ? [height, width] : [height, width, channels] }

  /// A colour picture where grey ones were expected: all are to be read anew, in colour.
  struct FoundColour: Error {}

  /// What the configuration asks for, and the first picture where it does not say.
  init(_ configuration: DataConfiguration, first: Picture, isColour: Bool) {
    let size = configuration.size.isEmpty ? Array(configuration.shape.prefix(2)) : configuration.size
    height = size.first ?? first.height
    width = size.last ?? first.width
    isResizing = !size.isEmpty
    let stated = configuration.channels.count ?? (configuration.shape.count == 3 ? configuration.shape[2] : nil)
    channels = stated ?? (isColour || first.channels == 3 ? 3 : 1)
  }

  /// Brings a picture to this format and stores its pixels.
  ///
  /// - Parameter target: ``byteCount`` bytes.
  /// - Throws: ``LatentError`` where the size differs and nothing says what to resize to.
  func write(_ picture: Picture, name: String, to target: UnsafeMutableRawBufferPointer, isStrict: Bool) throws {
    if isStrict, picture.channels > channels { throw FoundColour() }
    let picture = try picture.converted(toChannels: channels)
    if picture.height == height, picture.width == width {
      picture.pixels.withUnsafeBytes { target.copyMemory(from: $0) }
      return
    }
    guard isResizing else {
      throw LatentError(
        "\(name) is \(picture.height) pixels high and \(picture.width) wide, unlike the first picture with \(height) and "
          + "\(width); state one size for all, such as --set data.size=[\(height),\(width)].")
    }
    let pixels = Tensor(picture.pixels, shape: [1, picture.height, picture.width, channels]).to(type: .float32)
    let resized = pixels.permuted([0, 3, 1, 2]).contiguous().resized(height: height, width: width)
    let bytes = resized.permuted([0, 2, 3, 1]).rounded().clamped(to: 0...255).to(type: .uint8).contiguous()
    bytes.withUnsafeMutableBytes { target.copyMemory(from: UnsafeRawBufferPointer($0)) }
  }
}
