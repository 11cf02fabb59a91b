internal import Foundation
internal import Torch

/// Markov chains over latents and missing elements, whose distribution settles at p(z, x_missing | x_observed).
///
/// One step of every chain is three moves, each of which leaves that distribution as it is:
///
/// 1. z′ ~ q(z|x) of the completed row, taken with probability min(1, p(x, z′) q(z|x) / (p(x, z) q(z′|x))): Metropolis within Gibbs.
/// 2. z′ = z + γ (z_a − z_b) + e with a and b two chains of the other half, taken with probability
///    min(1, p(x_observed, z′) / p(x_observed, z)): differential evolution. The other half is held still, so the proposal is symmetric.
/// 3. x_missing ~ p(x_missing|z), exactly, as the elements are independent given z.
///
/// The chains start from draws of the prior and of q(z|x), missing elements filled with their means, resampled by importance.
/// - SeeAlso: Mattei & Frellsen, “Leveraging the Exact Likelihood of Deep Latent Variable Models”, 2018; ter Braak, “A Markov Chain
///   Monte Carlo version of the genetic algorithm Differential Evolution”, 2006.
struct ConditionalChains {
  /// The completed rows, shape `[chains, rows, D]`.
  private(set) var completions: Tensor
  /// E[x|z] of every chain with the observed elements as they are, shape `[chains, rows, D]`.
  var conditionalMeans: Tensor { fill(model.likelihood.mean(features)) }
  /// The parts of the proposals of the first two moves that were taken so far.
  var acceptance: (encoder: Double, difference: Double) {
    steps == 0 ? (0, 0) : (takenFromEncoder / Double(steps), takenByDifference / Double(steps))
  }

  private let model: VAE
  private let observations: Tensor
  private let isObserved: Tensor
  private let weights: Tensor
  private let noise: Noise
  private let chains: Int
  private var z: Tensor
  private var features: Tensor
  /// log p(z) + log p(x_observed|z), shape `[chains, rows]`.
  private var logDensity: Tensor
  private var steps = 0
  private var takenFromEncoder = 0.0
  private var takenByDifference = 0.0

  /// Starts the chains.
  ///
  /// - Parameter x: Shape `[rows, D]`, missing elements filled with something likely.
  /// - Parameter isObserved: Shape `[rows, D]`, whether an element is known.
  /// - Parameter chains: Even and at least 4.
  init(of model: VAE, from x: Tensor, isObserved: Tensor, chains: Int, using noise: Noise) {
    self.model = model
    self.noise = noise
    self.chains = chains
    self.isObserved = isObserved
    observations = x
    weights = isObserved.to(type: x.type)
    z = Self.start(of: model, from: x, weights: weights, chains: chains, using: noise)
    features = model.decoder(z)
    logDensity = Self.logDensity(of: model, x, weights, z, features)
    completions = x
    completions = fill(model.likelihood.sample(features, using: noise))
  }

  /// Makes one step of every chain.
  mutating func step() {
    proposeFromEncoder()
    let half = chains / 2
    let scale = steps % 5 == 4 ? 1 : 2.38 / (2 * Double(model.latents)).squareRoot()
    let first = moved(z[0..<half], by: z[half..<chains], scale: scale, logDensity[0..<half], features[0..<half])
    let second = moved(z[half..<chains], by: first.z, scale: scale, logDensity[half..<chains], features[half..<chains])
    z = .concatenate([first.z, second.z])
    logDensity = .concatenate([first.logDensity, second.logDensity])
    features = .concatenate([first.features, second.features])
    takenByDifference += (first.taken + second.taken) / 2
    completions = fill(model.likelihood.sample(features, using: noise))
    steps += 1
  }

  private func fill(_ values: Tensor) -> Tensor { .choose(observations, where: isObserved, else: values) }

  private mutating func proposeFromEncoder() {
    let (rows, dimensions) = (observations.extent(0), observations.extent(1))
    let flat = completions.reshaped([chains * rows, dimensions])
    let posterior = model.encode(flat)
    let proposal = posterior.sample(1, using: noise)
    func grid(_ values: Tensor) -> Tensor { values.reshaped([chains, rows]) }
    let forth = grid(posterior.logDensity(of: proposal))
    let back = grid(posterior.logDensity(of: z.reshaped([1, chains * rows, model.latents])))
    let proposed = proposal.reshaped([chains, rows, model.latents])
    let proposedFeatures = model.decoder(proposed)
    func densities(_ features: Tensor) -> Tensor {
      let perElement = model.likelihood.logDensities(
        of: flat, features: features.reshaped([chains * rows, features.extent(-1)]))
      return perElement.reshaped([chains, rows, dimensions])
    }
    let (now, then) = (densities(features), densities(proposedFeatures))
    let ratio =
      then.sum(over: -1) + model.prior.logDensity(of: proposed) - forth
      - (now.sum(over: -1) + model.prior.logDensity(of: z) - back)
    let taken = isTaken(ratio)
    let known = (then * weights).sum(over: -1) + model.prior.logDensity(of: proposed)
    logDensity = .choose(known, where: taken, else: logDensity)
    z = .choose(proposed, where: taken.unsqueezed(at: -1), else: z)
    features = .choose(proposedFeatures, where: taken.unsqueezed(at: -1), else: features)
    takenFromEncoder += taken.to(type: .float64).mean().item
  }

  private func moved(
    _ z: Tensor, by others: Tensor, scale: Double, _ logDensity: Tensor, _ features: Tensor
  ) -> (z: Tensor, logDensity: Tensor, features: Tensor, taken: Double) {
    let half = z.extent(0)
    let shape = [half, z.extent(1), 1]
    let first = (noise.uniform(shape) * Double(half)).floor().clamped(to: 0...Double(half - 1))
    let distance = (noise.uniform(shape) * Double(half - 1)).floor().clamped(to: 0...Double(half - 2)) + 1
    let beyond = first + distance
    let second = Tensor.choose(beyond - Double(half), where: beyond .>= Double(half), else: beyond)
    func pick(_ index: Tensor) -> Tensor {
      others.gathered(along: 0, at: index.to(type: .int64).expanded(z.shape).contiguous())
    }
    let jitter = noise.normal(z.shape, type: z.type) * 1e-3
    let proposed = z + (pick(first) - pick(second)) * scale + jitter
    let proposedFeatures = model.decoder(proposed)
    let density = Self.logDensity(of: model, observations, weights, proposed, proposedFeatures)
    let taken = isTaken(density - logDensity)
    let wide = taken.unsqueezed(at: -1)
    return (
      .choose(proposed, where: wide, else: z), .choose(density, where: taken, else: logDensity),
      .choose(proposedFeatures, where: wide, else: features), taken.to(type: .float64).mean().item
    )
  }

  /// Whether ln u is below the ratio; a ratio that is no number is refused.
  private func isTaken(_ logRatio: Tensor) -> Tensor {
    noise.uniform(logRatio.shape, type: logRatio.type).logarithm() .< logRatio
  }

  /// log p(z) + Σ over the observed d of log p(x_d|z).
  private static func logDensity(
    of model: VAE, _ x: Tensor, _ weights: Tensor, _ z: Tensor, _ features: Tensor
  ) -> Tensor {
    (model.likelihood.logDensities(of: x, features: features) * weights).sum(over: -1) + model.prior.logDensity(of: z)
  }

  /// Draws of z by importance resampling, from prior and posterior in equal parts.
  private static func start(
    of model: VAE, from x: Tensor, weights: Tensor, chains: Int, using noise: Noise
  ) -> Tensor {
    let rows = x.extent(0)
    let half = 2 * chains
    let posterior = model.encode(x)
    let fromPrior = model.prior.sample(half * rows, using: noise).reshaped([half, rows, model.latents])
    let z = Tensor.concatenate([posterior.sample(half, using: noise), fromPrior])
    let logPrior = model.prior.logDensity(of: z)
    let logProposal = Tensor.stack([posterior.logDensity(of: z), logPrior]).logSumExp(over: 0)
    // In parts, as these are several times as many as the chains.
    let parts = stride(from: 0, to: 2 * half, by: chains).map { start in
      let part = z[start..<start + chains]
      return logDensity(of: model, x, weights, part, model.decoder(part))
    }
    let logWeights = Tensor.concatenate(parts) - logProposal
    let finite = Tensor.choose(
      logWeights, where: logWeights.isFinite(), else: Tensor(-1e30, type: logWeights.type, on: logWeights.device))
    let chosen = noise.categories(finite.softmax(along: 0).transposed().contiguous(), count: chains)
    let index = chosen.transposed().unsqueezed(at: -1).expanded([chains, rows, model.latents]).contiguous()
    return z.gathered(along: 0, at: index)
  }
}
