/// A fault of a model: its cause, the figures that show it, and what to change.
public struct Finding: Codable, Sendable, Equatable {
  /// What can be wrong.
  public enum Fault: String, Codable, Sendable, CaseIterable {
    /// No latent varies with x.
    case collapse
    /// Latents vary with x, and the decoder makes the same of those of any row.
    case ignoredLatents = "ignored-latents"
    /// Most latents carry nothing.
    case idleLatents = "idle-latents"
    /// The divergence's weight was below the one that was asked for when training ended, or at the best epoch.
    case unfinishedSchedule = "unfinished-schedule"
    /// Variances of the likelihood ran to the least that they may be.
    case varianceFloor = "variance-floor"
    /// Variances of the posterior ran to an end of their range.
    case posteriorClamp = "posterior-clamp"
    /// The model is much better on rows that it was trained on.
    case overfit
  }

  /// Which.
  public var fault: Fault
  /// The cause, as a statement.
  public var cause: String
  /// The figures.
  public var evidence: String
  /// What to change, with the setting's name.
  public var remedy: String

  /// All of it as one sentence.
  public var sentence: String { "\(cause): \(evidence); \(remedy)." }
}
