internal import CTorch

/// An error that libtorch reported about something from outside.
public struct TorchError: Error, CustomStringConvertible, Sendable {
  /// One sentence: the thing, what is wrong, what would be right.
  public let description: String

  /// An error in these words.
  public init(_ description: String) { self.description = description }
}

/// Throws what the engine reported, if anything.
@inline(__always)
func check(_ error: ct_error?) throws(TorchError) {
  guard let error else { return }
  throw TorchError(text(of: error))
}

/// Stops the program where the engine refused an operation: a mistake in the program, not in its input.
@inline(__always)
func demand(_ operation: StaticString, _ error: ct_error?) {
  guard let error else { return }
  fatalError("\(operation): \(text(of: error))")
}

private func text(of error: UnsafeMutablePointer<CChar>) -> String {
  defer { ct_error_free(error) }
  return String(cString: error)
}
