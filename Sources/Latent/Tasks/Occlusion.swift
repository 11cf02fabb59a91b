internal import Codecs
internal import Foundation
public import Torch

/// What is hidden of rows that are whole.
public enum Occlusion: Sendable, Equatable {
  /// The white pixels of a picture of the same size.
  case mask(String)
  /// A part of every picture, in pixels.
  case box(top: Int, left: Int, height: Int, width: Int)
  /// Elements at random, each with this probability; the channels of a pixel together.
  case fraction(Double)
  /// The rows of pixels below the middle.
  case lowerHalf

  /// Reads `top,left,height,width`.
  public init(box text: String) throws(LatentError) {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    let known = numbers.compactMap { $0 }
    guard known.count == 4, numbers.count == 4, known[0] >= 0, known[1] >= 0, known[2] > 0, known[3] > 0 else {
      throw LatentError("--box '\(text)': expected top,left,height,width in pixels, such as 14,0,14,28.")
    }
    self = .box(top: known[0], left: known[1], height: known[2], width: known[3])
  }

  /// Which elements of some rows are hidden.
  ///
  /// - Parameter shape: What a row is.
  /// - Returns: Shape `[rows, D]`, 1 where hidden.
  /// - Throws: ``LatentError`` where it does not fit the rows, or would hide nothing or everything.
  public func isHidden(rows: Int, shape: [Int], using noise: Noise) throws -> Tensor {
    let channels = shape.count == 3 ? shape[2] : 1
    let places = shape.prefix(2).reduce(1, *)
    func perElement(_ values: Tensor) -> Tensor {
      values.unsqueezed(at: -1).expanded(values.shape + [channels]).contiguous().reshaped([rows, places * channels])
    }
    if case .fraction(let part) = self {
      guard part > 0, part < 1 else { throw LatentError("--fraction \(part): expected a number between 0 and 1.") }
      return perElement((noise.uniform([rows, places]) .< part).to(type: .float32, device: .cpu))
    }
    guard shape.count > 1 else {
      throw LatentError(
        "rows of a table have no place for a picture's mask; leave cells empty, or hide some by --fraction.")
    }
    let hidden = try pattern(height: shape[0], width: shape[1])
    let count = hidden.count { $0 }
    guard count > 0, count < places else {
      throw LatentError(
        "what is to be hidden covers \(count == 0 ? "no pixel" : "every pixel") of pictures of \(shape[0]) × \(shape[1]); "
          + "hide some and leave some.")
    }
    return perElement(Tensor(hidden.map { $0 ? Float(1) : 0 }, shape: [1, places]).expanded([rows, places]))
  }

  private func pattern(height: Int, width: Int) throws -> [Bool] {
    switch self {
    case .lowerHalf: return Self.places(height, width) { row, _ in row >= height / 2 }
    case .box(let top, let left, let boxHeight, let boxWidth):
      guard top < height, left < width, boxHeight <= height - top, boxWidth <= width - left else {
        throw LatentError(
          "--box \(top),\(left),\(boxHeight),\(boxWidth) reaches beyond pictures of \(height) × \(width); give one within."
        )
      }
      return Self.places(height, width) {
        (top..<top + boxHeight).contains($0) && (left..<left + boxWidth).contains($1)
      }
    case .mask(let path):
      let picture = try Pictures.read(path, channels: 1)
      guard picture.height == height, picture.width == width else {
        throw LatentError(
          "the mask \(path) has \(picture.height) × \(picture.width) pixels, the model's pictures \(height) × \(width); "
            + "give one of that size, white where pixels are missing.")
      }
      return picture.pixels.map { $0 >= 128 }
    case .fraction: return []
    }
  }

  private static func places(_ height: Int, _ width: Int, _ isHidden: (Int, Int) -> Bool) -> [Bool] {
    (0..<height * width).map { isHidden($0 / width, $0 % width) }
  }
}
