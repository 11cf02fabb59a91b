/// Why something that came from outside could not be used: the thing, what is wrong, what would be right.
public struct LatentError: Error, CustomStringConvertible, Sendable, Equatable {
  /// One sentence.
  public let description: String

  /// An error in these words.
  public init(_ description: String) { self.description = description }
}
