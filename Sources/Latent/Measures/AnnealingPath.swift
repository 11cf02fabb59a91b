internal import Foundation
internal import Torch

/// The powers β of the path from the prior to the posterior, and step sizes for each that pilots found.
struct AnnealingPath {
  /// From 0 to 1, T + 1 of them.
  let powers: [Double]
  /// Of the moves at `powers[1] …`, shape `[rows, 1]` each.
  private(set) var stepSizes: [Tensor] = []

  /// The share of ends that should be taken.
  private static let aim = 0.65
  /// Moves at the first power before the path is followed.
  private static let warmUp = 20

  /// Sigmoidal: most temperatures are near both ends, where the distributions change fastest.
  ///
  ///     β_t = (s(δ(2t/T − 1)) − s(−δ)) / (s(δ) − s(−δ)),   s the logistic function, δ = 4
  /// - SeeAlso: Wu, Burda, Salakhutdinov & Grosse, “On the Quantitative Analysis of Decoder-Based Models”, 2017.
  static func powers(_ count: Int) -> [Double] {
    func logistic(_ value: Double) -> Double { 1 / (1 + exp(-4 * value)) }
    return (0...count).map {
      (logistic(2 * Double($0) / Double(count) - 1) - logistic(-1)) / (logistic(1) - logistic(-1))
    }
  }

  /// Follows the path once with chains of its own, whose step sizes go with the share of ends that are taken; nil where it was stopped.
  ///
  /// Chains that follow it afterwards take these sizes as they are: they do not depend on them, so that the estimate stays valid.
  init?(
    of model: VAE, on x: Tensor, temperatures: Int, pilots: Int, using noise: Noise, progress: (Double) -> Void,
    isStopped: () -> Bool
  ) {
    powers = Self.powers(temperatures)
    var chains = AnnealedChains(of: model, on: x, count: pilots, using: noise)
    var size = Tensor.full([x.extent(0), 1], 0.3, type: x.type, on: x.device)
    func adapt(_ taken: Tensor, by rate: Double) {
      size = size * ((taken.unsqueezed(at: -1) - Self.aim) * rate).exponential()
    }
    for _ in 0..<Self.warmUp { adapt(chains.move(at: powers[1], stepSizes: size), by: 0.5) }
    for step in 1..<max(2, temperatures) {
      if isStopped() { return nil }
      adapt(chains.move(at: powers[step], stepSizes: size), by: 0.2)
      stepSizes.append(size)
      progress(Double(step) / Double(temperatures))
    }
  }

  /// log weights of chains that follow the path, shape `[chains][rows]` as one row after another of each chain; nil where it was stopped.
  ///
  ///     forward:  Σ_t (β_t − β_{t−1}) log p(x|z_{t−1}),   z_0 ~ p(z), z_t by a move at β_t:   the mean of their exponentials is p(x)
  ///     backward: the same sum of chains that start from p(z|x):   the mean of the exponentials of its negative is 1 / p(x)
  func logWeights(
    _ chains: inout AnnealedChains, isBackward: Bool, progress: (Double) -> Void, isStopped: () -> Bool
  ) -> (weights: Tensor, acceptance: Double)? {
    let steps = Array(1..<powers.count)
    var total = chains.logLikelihood.to(type: .float64) * 0
    var acceptance = RunningMoments()
    for step in isBackward ? steps.reversed() : steps {
      if isStopped() { return nil }
      total = total + chains.logLikelihood.to(type: .float64) * (powers[step] - powers[step - 1])
      // Between two terms the chain moves at the power that they share.
      let shared = isBackward ? step - 1 : step
      if shared > 0 && shared < powers.count - 1 {
        acceptance.add(chains.move(at: powers[shared], stepSizes: stepSizes[shared - 1]).mean().item)
      }
      progress(Double(isBackward ? powers.count - step : step) / Double(steps.count))
    }
    return (total, acceptance.mean)
  }
}
