public import Torch

/// Rows filled in without the model, for its error to be set beside.
public struct ImputationBaseline {
  /// By what.
  public enum Kind: Sendable, Equatable {
    /// The mean of each element.
    case columnMeans
    /// The conditional mean of probabilistic principal components, whose number was chosen as `best` says, or given.
    case principalComponents(latents: Int, best: Choice?)
    /// The conditional mean of a Gaussian with full covariance, fitted by EM to what is known of the rows.
    case gaussian
  }

  /// How a number of components was chosen.
  public struct Choice: Sendable, Equatable {
    /// The numbers that were tried.
    public let tried: [Int]
    /// The rows whose error decided.
    public let rows: Int
    /// Whether they are the run's validation rows; else training rows that were kept from the fit.
    public let isOfValidation: Bool
  }

  /// By what.
  public let kind: Kind
  /// Whether it was fitted to the rows that the model was trained on; else to what is known of the rows themselves.
  public let isOfTraining: Bool
  /// The filled-in rows in the data's units, shape `[rows, D]`; only what is missing counts.
  public let means: Tensor

  /// A name for machines: `column-means`, `ppca`, `best-ppca` or `gaussian-em`.
  public var name: String {
    switch kind {
    case .columnMeans: "column-means"
    case .principalComponents(_, let best): best == nil ? "ppca" : "best-ppca"
    case .gaussian: "gaussian-em"
    }
  }

  /// A baseline of the given parts.
  public init(kind: Kind, isOfTraining: Bool, means: Tensor) {
    self.kind = kind
    self.isOfTraining = isOfTraining
    self.means = means
  }

  /// The number of components.
  public var latents: Int? {
    if case .principalComponents(let latents, _) = kind { return latents }
    return nil
  }

  /// What it is, in words.
  public var description: String {
    let rows = isOfTraining ? "the training rows" : "these rows"
    switch kind {
    case .columnMeans: return "column means of \(rows)"
    case .principalComponents(let latents, nil): return "PPCA of \(rows), \(counted(latents, "latent"))"
    case .principalComponents(let latents, let best?):
      return
        "PPCA of \(rows), \(counted(latents, "latent")), the best of \(best.tried.first ?? 0) … \(best.tried.last ?? 0) on "
        + (best.isOfValidation ? counted(best.rows, "validation row") : "\(best.rows) training rows kept for that")
    case .gaussian: return "Gaussian of full covariance, by EM of what is left of \(rows)"
    }
  }
}
