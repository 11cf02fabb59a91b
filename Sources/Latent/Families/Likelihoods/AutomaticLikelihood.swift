/// The likelihood that the data suggests, as `latent data` says with its reason.
public struct AutomaticLikelihood: LikelihoodChoice {
  /// `automatic`.
  public static var kind: String { "automatic" }
  /// One sentence.
  public static var summary: String { "the likelihood that the data suggests, with its default settings" }
  /// The only one.
  public init() {}

  /// The suggested likelihood, resolved in its turn.
  public func resolved(for data: DataSummary) throws(LatentError) -> any LikelihoodChoice {
    guard
      let type = Likelihoods.choices.first(where: { $0.kind == data.suggestedLikelihood }),
      let choice = type.init() as? any LikelihoodChoice, !(choice is AutomaticLikelihood)
    else {
      throw LatentError(
        "model.likelihood: nothing is suggested for this data; choose one with --set model.likelihood=KIND.")
    }
    return try choice.resolved(for: data)
  }

  /// That of the suggestion, once resolved.
  public func scaling(for data: DataSummary) -> ScalingKind { .automatic }

  /// Makes nothing: the data decides first.
  ///
  /// - Throws: ``LatentError``, always.
  public func make(dimensions: Int, with initializer: Initializer) throws(LatentError) -> any Likelihood {
    throw LatentError(
      "model.likelihood: '\(Self.kind)' must be resolved for some data before a model can be made of it.")
  }
}
