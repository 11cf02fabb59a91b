internal import Foundation
public import Torch

/// Rows with their missing elements filled in, by draws from p(x_missing | x_observed), in the data's units.
public struct Imputation {
  /// The estimate of E[x_missing | x_observed] beside the observed elements, shape `[rows, D]`.
  public let means: Tensor
  /// The deviation of each missing element given the observed ones, 0 where it is observed, shape `[rows, D]`.
  public let deviations: Tensor
  /// Draws of whole rows, shape `[completions, rows, D]`.
  public let completions: Tensor
  /// Whether each element is missing, shape `[rows, D]`.
  public let isMissing: Tensor
  /// The standard error of ``means`` from the draws, root mean square over missing elements, in the units of the scaled data.
  public let meanError: Double
  /// The part of the proposals from the encoder that were taken.
  public let acceptanceFromEncoder: Double
  /// The part of the proposals by differences between chains that were taken.
  public let acceptanceByDifference: Double
  /// The chains of each row.
  public let chains: Int
}

/// How rows are filled in.
public struct ImputationSettings: Sendable {
  /// Whole rows that are drawn.
  public var completions = 5
  /// Steps of the Markov chains: a quarter of annealing, another to settle, and half that counts.
  public var steps = 200
  /// Chains a row at the least; nil for 16, or two more than twice the latents, 64 at the most, so that differences between those of one
  /// half reach all directions.
  public var chains: Int?

  /// The defaults.
  public init(completions: Int = 5, steps: Int = 200, chains: Int? = nil) {
    self.completions = completions
    self.steps = steps
    self.chains = chains
  }

  /// The number of chains for a model and for so many completions: even.
  public func chains(latents: Int) -> Int {
    let count = max(chains ?? min(64, max(16, 2 * (latents + 1))), completions)
    return count + count % 2
  }

  func validate() throws(LatentError) {
    guard (0...1000).contains(completions) else {
      throw LatentError("completions: \(completions) draws of a row cannot be made; expected 0 to 1000.")
    }
    guard (2...1_000_000).contains(steps) else {
      throw LatentError("steps: \(steps) is no length of a Markov chain; expected 2 to 1000000.")
    }
    guard let chains else { return }
    guard (4...1000).contains(chains) else {
      throw LatentError("chains: \(chains) Markov chains cannot be run; expected 4 to 1000.")
    }
  }
}

extension TrainedModel {
  /// The numbers that one pass holds at the most in any one tensor.
  private static let limit = 1 << 22

  /// Fills in what is missing, by Markov chains that settle at p(x_missing | x_observed).
  ///
  /// - Parameter isMissing: Shape `[rows, D]`; elements that are not a number are missing whatever it says.
  /// - Parameter columnMeans: What the encoder sees of missing elements at first, in the data's units, shape `[D]`.
  /// - Parameter progress: Is told the part that is done, 0 … 1.
  /// - Throws: ``LatentError`` where the data is of another shape than the model's, or a setting makes no sense.
  public func imputation(
    of dataset: Dataset, missing isMissing: Tensor? = nil, columnMeans: Tensor, settings: ImputationSettings = .init(),
    using noise: Noise, progress: (Double) -> Void = { _ in }
  ) throws(LatentError) -> Imputation {
    var work = try imputing(dataset, missing: isMissing, columnMeans: columnMeans, settings: settings, using: noise)
    while !work.isOver {
      work.advance()
      progress(work.progress)
    }
    return work.result()
  }

  /// The same step by step.
  ///
  /// - SeeAlso: ``imputation(of:missing:columnMeans:settings:using:progress:)``
  package func imputing(
    _ dataset: Dataset, missing isMissing: Tensor?, columnMeans: Tensor, settings: ImputationSettings,
    using noise: Noise
  ) throws(LatentError) -> ImputationWork {
    try settings.validate()
    try data.check(dataset)
    guard dataset.count > 0 else { throw LatentError("\(dataset.name) has no rows to fill in.") }
    let raw = dataset.values.to(type: .float32, device: .cpu)
    let unknown = raw.isNaN()
    let missing = isMissing.map { ($0.to(type: .float32, device: .cpu) + unknown.to(type: .float32)) .> 0 } ?? unknown
    let filled = Tensor.choose(columnMeans.to(type: .float32, device: .cpu), where: missing, else: raw)
    guard filled.isAllFinite else {
      throw LatentError("\(dataset.name) holds a value that is infinite; make it a number, or leave it empty.")
    }
    let preparation = Preparation(data, on: device)
    let rows = try preparation.prepared(
      dataset.with(values: filled, labels: nil), part: "imputation", seed: configuration.data.splitSeed)
    let chains = settings.chains(latents: model.latents)
    let features = data.dimensions * max(1, model.likelihood.featuresPerElement)
    let batch = max(1, min(200, Self.limit / (chains * features)))
    return ImputationWork(
      trained: self, settings: settings, chains: chains, batch: batch, preparation: preparation, rows: rows,
      missing: missing, filled: filled, noise: noise)
  }
}

/// The filling in of rows, a step of their Markov chains at a time.
package struct ImputationWork {
  private let trained: TrainedModel
  private let settings: ImputationSettings
  private let chains: Int
  private let batch: Int
  private let preparation: Preparation
  private let rows: Dataset
  private let missing: Tensor
  private let observed: Tensor
  private let filled: Tensor
  private let noise: Noise
  private var start = 0
  private var current: RunningChains?
  private var parts: [RunningChains.Part] = []

  fileprivate init(
    trained: TrainedModel, settings: ImputationSettings, chains: Int, batch: Int, preparation: Preparation,
    rows: Dataset, missing: Tensor, filled: Tensor, noise: Noise
  ) {
    (self.trained, self.settings, self.chains, self.batch) = (trained, settings, chains, batch)
    (self.preparation, self.rows, self.missing, self.filled, self.noise) = (preparation, rows, missing, filled, noise)
    observed = missing.logicalNot().to(device: trained.device)
  }

  /// Whether nothing is left to do.
  package var isOver: Bool { current == nil && start >= rows.count }

  /// The part that is done, 0 … 1.
  package var progress: Double {
    let count = Double(rows.count)
    guard let current else { return Double(start) / count }
    return (Double(start) + Double(min(batch, rows.count - start)) * current.progress) / count
  }

  /// Makes one step of the chains of some rows.
  package mutating func advance() {
    withoutGradients {
      let range = start..<min(start + batch, rows.count)
      var running =
        current
        ?? RunningChains(
          of: trained.model, preparation.batch(of: rows, rows: range, noise: noise), observed[range], chains: chains,
          settings, noise)
      running.advance()
      current = running
      guard running.isOver else { return }
      parts.append(running.part)
      (current, start) = (nil, range.upperBound)
    }
  }

  /// The rows filled in, once it is over.
  package func result() -> Imputation { withoutGradients { made() } }

  private func made() -> Imputation {
    let data = trained.data
    func original(_ values: Tensor) -> Tensor { .choose(values.to(type: .float32), where: missing, else: filled) }
    let deviations = data.scaling.toRaw(Tensor.concatenate(parts.map(\.deviations)).to(type: .float32))
    let zero = data.scaling.toRaw(.zeros(filled.shape))
    let count = max(1, missing.to(type: .float64).sum().item)
    let rows = parts.reduce(0) { $0 + Double($1.means.extent(0)) }
    func weighted(_ value: (RunningChains.Part) -> Double) -> Double {
      parts.reduce(0) { $0 + value($1) * Double($1.means.extent(0)) } / rows
    }
    return Imputation(
      means: original(data.scaling.toRaw(.concatenate(parts.map(\.means)))),
      deviations: .choose((deviations - zero).absolute(), where: missing, else: .zeros([])),
      completions: original(data.scaling.toRaw(.concatenate(parts.map(\.completions), along: 1))), isMissing: missing,
      meanError: (parts.reduce(0) { $0 + $1.squaredErrors } / count).squareRoot(),
      acceptanceFromEncoder: weighted { $0.acceptance.encoder },
      acceptanceByDifference: weighted { $0.acceptance.difference }, chains: chains)
  }
}

/// The chains of some rows on their way, and what they have given so far.
private struct RunningChains {
  /// What they gave, in the units of the scaled data.
  struct Part {
    let means: Tensor
    let deviations: Tensor
    let completions: Tensor
    let squaredErrors: Double
    let acceptance: (encoder: Double, difference: Double)
  }

  private var chains: ConditionalChains
  private let observed: Tensor
  private let settings: ImputationSettings
  private let count: Int
  private var step = 0
  private var means: Tensor
  private var draws: Tensor
  private var squares: Tensor

  init(
    of model: VAE, _ x: Tensor, _ observed: Tensor, chains count: Int, _ settings: ImputationSettings, _ noise: Noise
  ) {
    (self.observed, self.settings, self.count) = (observed, settings, count)
    chains = ConditionalChains(
      of: model, from: x, isObserved: observed, chains: count, warmUp: settings.steps / 2 / 4, using: noise)
    means = .zeros([count] + x.shape, on: x.device)
    draws = .zeros(x.shape, type: .float64, on: x.device)
    squares = draws
  }

  var isOver: Bool { step >= settings.steps }
  var progress: Double { Double(step) / Double(settings.steps) }

  /// Makes one step of every chain: annealed at first, then settling, then counted.
  mutating func advance() {
    let burnIn = settings.steps / 2
    let annealing = max(1, burnIn / 2)
    if step < burnIn, step < annealing { chains.anneal(to: Double(step + 1) / Double(annealing)) }
    chains.step()
    step += 1
    guard step > burnIn else { return }
    let kept = Double(settings.steps - burnIn)
    means = means + chains.conditionalMeans / kept
    let values = chains.completions.to(type: .float64)
    draws = draws + values.mean(over: 0) / kept
    squares = squares + values.squared().mean(over: 0) / kept
  }

  /// What has been found, after the last step.
  var part: Part {
    let unknown = observed.logicalNot().to(type: .float64)
    return Part(
      means: means.mean(over: 0).to(type: .float32, device: .cpu),
      deviations: ((squares - draws.squared()).rectified() * unknown).squareRoot().to(device: .cpu),
      completions: chains.completions[0..<settings.completions].to(type: .float32, device: .cpu),
      squaredErrors: (means.to(type: .float64).variance(over: 0) * unknown).sum().item / Double(count - 1),
      acceptance: chains.acceptance)
  }
}
