/// What one request may ask for at the most.
package struct Limits: Encodable, Sendable {
  /// Rows, or codes.
  package let rows = 500
  /// The size of a latent.
  package let latent = 100.0
  /// Observations on a way: of a traversal, a morph or an edit.
  package let steps = 200
  /// Completions of a row.
  package let completions = 20
  /// Steps of the Markov chains that complete a row.
  package let chainSteps = 400
  /// Draws of a score.
  package private(set) var samples = 5000
  /// New observations.
  package let count = 500
  /// Cells in a line of a grid.
  package let edgeOfGrid = 40
  /// Rows of a model's data that are shown.
  package let shownRows = 60_000
  /// Bytes of a body.
  package let bodyBytes = 8 << 20

  package static let standard = Limits()

  /// The same with fewer draws of a score.
  func with(samples: Int) -> Limits {
    var limits = self
    limits.samples = samples
    return limits
  }
}
