/// Why a file could not be read or written, in one sentence: the file, what is wrong with it, what would be right.
public struct CodecError: Error, CustomStringConvertible, Sendable {
  /// The sentence.
  public let description: String

  /// Makes an error of its sentence.
  public init(_ description: String) { self.description = description }
}
