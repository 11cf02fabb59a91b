/// What the numbers of a likelihood are statements of; those of different kinds do not compare.
public enum LikelihoodMeasure: String, Codable, Sendable {
  /// Probabilities of values that are told apart: never above 1, and not touched by a scaling.
  case probability
  /// Densities, which a scaling multiplies by its slope.
  case density
  /// Neither: the Bernoulli's formula on values between 0 and 1.
  case score

  /// In words.
  var words: String {
    switch self {
    case .probability: "probabilities"
    case .density: "densities"
    case .score: "scores that are no density"
    }
  }
}
