internal import HTTPTypes

/// Why a request is not answered: a status of HTTP and one sentence.
package struct ExplorerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of refusal.
  package enum Kind: Int, Sendable {
    /// The request says something that makes no sense.
    case wrong = 400
    /// It lacks the token.
    case unauthorized = 401
    /// It did not come from where the explorer is shown.
    case forbidden = 403
    /// There is no such thing.
    case missing = 404
    /// There is, but not for this method.
    case method = 405
    /// The run lacks what this needs.
    case conflict = 409
    /// The body is too large.
    case large = 413
    /// The body is not JSON.
    case media = 415
    /// A mistake in the explorer.
    case broken = 500
    /// Too much to do.
    case overload = 503
  }

  package let kind: Kind
  package let description: String

  init(_ kind: Kind, _ sentence: String) { (self.kind, description) = (kind, sentence) }

  /// The request says something that makes no sense.
  static func wrong(_ sentence: String) -> ExplorerError { ExplorerError(.wrong, sentence) }

  static let overload = ExplorerError(.overload, "the explorer has too much to do; ask again in a second.")
}
