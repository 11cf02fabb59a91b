internal import Torch

/// How noisy each estimator's gradient is: its variance over draws of z, for a model and a batch that stay as they are.
///
///     V = mean over parameters θ of Var_z[∂c/∂θ],   estimated by ½ (g − g′)² of independent pairs of gradients g, g′
///
/// Half the squared difference of a pair is an unbiased estimate of a variance, and pairs do not depend on each other, so that their
/// spread gives an honest standard error. An estimator with little variance may still be wrong: see ``isUnbiased``.
public struct GradientVariance: Codable, Sendable, Equatable {
  /// Parameters that belong together.
  public struct Group: Codable, Sendable, Equatable {
    /// `all`, or the part of the model: `encoder`, `decoder` …
    public var name: String
    /// How many numbers it has.
    public var parameters: Int
    /// V, in squared nats per row, for the objective's mean over the batch.
    public var variance: Double
    /// The standard error of V.
    public var standardError: Double
  }

  /// The estimator's name.
  public var estimator: String
  /// Whether its mean is the gradient of the objective.
  public var isUnbiased: Bool
  /// Rows of the batch.
  public var rows: Int
  /// Gradients that were computed.
  public var draws: Int
  /// All parameters, then those of each part.
  public var groups: [Group]

  /// Draws that an estimator sees before it is measured, so that a running baseline has settled.
  private static let settling = 20

  /// Measures every estimator on the first rows of some data, as many as a training step takes.
  ///
  /// Layers are in their evaluation mode, so that only draws of z differ.
  /// - Parameter draws: M, an even number from 4 on.
  /// - Parameter progress: Is told the part that is done, 0 … 1.
  /// - Throws: ``LatentError`` where the data has no rows, or is not of the model's shape.
  public static func measure(
    of trained: TrainedModel, on data: Dataset, draws: Int = 100, seed: UInt64 = 0,
    progress: (Double) -> Void = { _ in }
  ) throws(LatentError) -> [GradientVariance] {
    guard draws >= 4, draws.isMultiple(of: 2) else {
      throw LatentError("gradients: \(draws) draws are no pairs with a spread; use an even number from 4 on.")
    }
    guard data.count > 0 else { throw LatentError("\(data.name) has no rows to measure gradients on.") }
    let configuration = trained.configuration
    let objective = try configuration.objective.member()
    let criterion = try objective.criterion(for: trained.data, rows: data.count, on: trained.device)
    let preparation = Preparation(trained.data, on: trained.device)
    let rows = try preparation.prepared(data, part: "evaluation", seed: configuration.data.splitSeed)
    let x = preparation.batch(
      of: rows, rows: 0..<min(rows.count, configuration.training.batch),
      noise: Noise(seed: seed, stream: "rows of an evaluation", on: trained.device))
    let initializer = Initializer(noise: Noise(seed: seed, stream: "estimator"), device: trained.device)
    let choices = try choices(for: objective)
    var found: [GradientVariance] = []
    for choice in choices {
      let estimator = choice.make(with: initializer)
      let noise = Noise(seed: seed, stream: "variance of gradients", on: trained.device)
      func cost() -> Tensor {
        criterion.terms(
          of: trained.model, on: x, divergenceFactor: 1, mode: .evaluation, using: noise, estimator: estimator
        ).total
      }
      for _ in 0..<settling { _ = cost() }
      var sums = PairSums(trained.model.parameters)
      for pair in 0..<draws / 2 {
        sums.add(cost().gradients(in: sums.parameters), cost().gradients(in: sums.parameters))
        progress((Double(found.count) + Double(pair + 1) / Double(draws / 2)) / Double(choices.count))
      }
      found.append(
        GradientVariance(
          estimator: type(of: choice).kind, isUnbiased: type(of: choice).isUnbiased, rows: x.extent(0), draws: draws,
          groups: sums.groups))
    }
    return found
  }

  /// Every estimator, the objective's own with its settings; or that one alone, where an objective has no choice.
  private static func choices(for objective: any Objective) throws(LatentError) -> [any EstimatorChoice] {
    let own = try objective.estimator.member()
    guard objective.takesEstimator else { return [own] }
    return Estimators.choices.compactMap { $0.kind == type(of: own).kind ? own : $0.init() as? any EstimatorChoice }
  }
}

/// Half the squared differences of pairs of gradients, by groups of parameters.
private struct PairSums {
  let parameters: [Parameter]
  /// For each pair, the mean over each group's numbers.
  private var values: [[Double]] = []
  private let names: [String]
  private let groupOfParameter: [Int]
  private let counts: [Int]

  init(_ named: [(name: String, parameter: Parameter)]) {
    parameters = named.map(\.parameter)
    let parts = named.map { String($0.name.prefix { $0 != "." }) }
    var names = ["all"]
    for part in parts where !names.contains(part) { names.append(part) }
    var counts = [Int](repeating: 0, count: names.count)
    groupOfParameter = parts.map { names.firstIndex(of: $0) ?? 0 }
    for (group, parameter) in zip(groupOfParameter, parameters) {
      for index in [0, group] { counts[index] += parameter.value.count }
    }
    (self.names, self.counts) = (names, counts)
  }

  mutating func add(_ first: [Tensor], _ second: [Tensor]) {
    var sums = [Double](repeating: 0, count: names.count)
    for (index, group) in groupOfParameter.enumerated() {
      let value = (first[index] - second[index]).squared().sum().item / 2
      for group in [0, group] { sums[group] += value }
    }
    values.append(zip(sums, counts).map { $0 / Double($1) })
  }

  var groups: [GradientVariance.Group] {
    let count = Double(values.count)
    return names.indices.map { group in
      let mean = values.reduce(0) { $0 + $1[group] } / count
      let spread = values.reduce(0) { $0 + ($1[group] - mean) * ($1[group] - mean) } / (count - 1)
      return GradientVariance.Group(
        name: names[group], parameters: counts[group], variance: mean, standardError: (spread / count).squareRoot())
    }
  }
}
