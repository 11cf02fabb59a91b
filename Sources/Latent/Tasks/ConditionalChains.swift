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
/// Half of the chains start from the prior; the others from the encoder, whose draws are decoded and encoded again and again (pseudo-Gibbs).
/// They are led to the posterior by annealing: p(z) p(x_observed|z)^t with t rising to 1, and at each rise the chains of a row resampled by
/// p(x_observed|z)^Δt. What is kept comes after, at t = 1.
/// - SeeAlso: Del Moral, Doucet & Jasra, “Sequential Monte Carlo samplers”, 2006; Mattei & Frellsen, “Leveraging the Exact Likelihood of Deep Latent Variable Models”, 2018; ter Braak, “A Markov Chain
///   Monte Carlo version of the genetic algorithm Differential Evolution”, 2006.
struct ConditionalChains {
  /// The completed rows, shape `[chains, rows, D]`.
  private(set) var completions: Tensor
  /// E[x|z] of every chain with the observed elements as they are, shape `[chains, rows, D]`.
  var conditionalMeans: Tensor { fill(model.likelihood.mean(features)) }
  /// The parts of the proposals of the first two moves that were taken since the annealing.
  var acceptance: (encoder: Double, difference: Double) {
    counted == 0 ? (0, 0) : (takenFromEncoder / Double(counted), takenByDifference / Double(counted))
  }

  private let model: VAE
  private let observations: Tensor
  private let isObserved: Tensor
  private let weights: Tensor
  private let noise: Noise
  private let chains: Int
  private var z: Tensor
  private var features: Tensor
  /// log p(z) and log p(x_observed|z), shape `[chains, rows]`.
  private var logPrior: Tensor
  private var logLikelihood: Tensor
  /// ln t of each row at the start, and t now, shape `[rows]`.
  private let logFirstPower: Tensor
  private var power: Tensor
  private var steps = 0
  private var counted = 0
  private var takenFromEncoder = 0.0
  private var takenByDifference = 0.0

  /// Starts the chains.
  ///
  /// - Parameter x: Shape `[rows, D]`, missing elements filled with something likely.
  /// - Parameter isObserved: Shape `[rows, D]`, whether an element is known.
  /// - Parameter chains: Even and at least 4.
  /// - Parameter warmUp: How often the first draws are decoded and encoded again.
  init(of model: VAE, from x: Tensor, isObserved: Tensor, chains: Int, warmUp: Int, using noise: Noise) {
    self.model = model
    self.noise = noise
    self.chains = chains
    self.isObserved = isObserved
    observations = x
    weights = isObserved.to(type: x.type)
    let shape = [chains] + x.shape
    completions = x.expanded(shape).contiguous()
    (z, features) = Self.encoded(completions, by: model, using: noise)
    for _ in 0..<warmUp {
      completions = .choose(x, where: isObserved, else: model.likelihood.sample(features, using: noise))
      (z, features) = Self.encoded(completions, by: model, using: noise)
    }
    let free = chains / 2
    let drawn = model.prior.sample(free * x.extent(0), using: noise).reshaped([free, x.extent(0), model.latents])
    z = .concatenate([z[0..<chains - free], drawn])
    features = .concatenate([features[0..<chains - free], model.decoder(drawn)])
    logPrior = model.prior.logDensity(of: z)
    logLikelihood = Self.logLikelihood(of: model, x, weights, features)
    // Where t times the likelihoods of the chains differs by a nat or so, but no less than 0.01: nearer to the prior, chains of many
    // latents leave what the encoder has found.
    logFirstPower = -logLikelihood.variance(over: 0).squareRoot().clamped(to: 1...100).logarithm()
    power = logFirstPower * 0
    completions = fill(model.likelihood.sample(features, using: noise))
  }

  /// A draw of q(z|x) for each of the completed rows, and what the decoder makes of it.
  private static func encoded(
    _ completions: Tensor, by model: VAE, using noise: Noise
  ) -> (z: Tensor, features: Tensor) {
    let (chains, rows, dimensions) = (completions.extent(0), completions.extent(1), completions.extent(2))
    let z = model.encode(completions.reshaped([chains * rows, dimensions])).sample(1, using: noise)
      .reshaped([chains, rows, model.latents])
    return (z, model.decoder(z))
  }

  /// Raises t and resamples the chains of each row, systematically: equal weights leave all as they are.
  ///
  ///     ln t = (1 − progress) ln t₀
  ///
  /// - Parameter progress: Above 0; at 1, t is 1.
  mutating func anneal(to progress: Double) {
    let next = (logFirstPower * (1 - progress)).exponential()
    let cumulated = ((next - power) * logLikelihood).softmax(along: 0).to(type: .float64).cumulativeSum(along: 0)
    power = next
    let (rows, last) = (observations.extent(0), Double(chains - 1))
    let first = noise.uniform([1, rows], type: .float64)
    let places = (Tensor.range(chains, type: .float64, on: z.device).unsqueezed(at: 1) + first) / Double(chains)
    let below = (cumulated.unsqueezed(at: 0) .< places.unsqueezed(at: 1)).to(type: .float64)
    let chosen = below.sum(over: 1).clamped(to: 0...last)
    let index = (chosen * Double(rows) + Tensor.range(rows, type: .float64, on: z.device)).to(type: .int64)
      .reshaped([-1])
    func picked(_ values: Tensor) -> Tensor {
      values.reshaped([chains * rows, -1]).rows(index).reshaped(values.shape)
    }
    z = picked(z)
    features = picked(features)
    completions = picked(completions)
    logPrior = picked(logPrior)
    logLikelihood = picked(logLikelihood)
    (counted, takenFromEncoder, takenByDifference) = (0, 0, 0)
  }

  /// Makes one step of every chain.
  mutating func step() {
    proposeFromEncoder()
    let half = chains / 2
    let scale = steps % 5 == 4 ? 1 : 2.38 / (2 * Double(model.latents)).squareRoot()
    let first = moved(0..<half, by: half..<chains, scale: scale)
    let second = moved(half..<chains, by: 0..<half, scale: scale)
    takenByDifference += (first + second) / 2
    completions = fill(model.likelihood.sample(features, using: noise))
    steps += 1
    counted += 1
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
    let proposedPrior = model.prior.logDensity(of: proposed)
    let powers = weights * (power - 1).unsqueezed(at: 1) + 1
    let ratio =
      (then * powers).sum(over: -1) + proposedPrior - forth - ((now * powers).sum(over: -1) + logPrior - back)
    let taken = isTaken(ratio)
    logPrior = .choose(proposedPrior, where: taken, else: logPrior)
    logLikelihood = .choose((then * weights).sum(over: -1), where: taken, else: logLikelihood)
    z = .choose(proposed, where: taken.unsqueezed(at: -1), else: z)
    features = .choose(proposedFeatures, where: taken.unsqueezed(at: -1), else: features)
    takenFromEncoder += taken.to(type: .float64).mean().item
  }

  /// Moves some chains by differences between others, and says which part was moved.
  private mutating func moved(_ range: Range<Int>, by others: Range<Int>, scale: Double) -> Double {
    let (z, others, half) = (self.z[range], self.z[others], range.count)
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
    let prior = model.prior.logDensity(of: proposed)
    let likelihood = Self.logLikelihood(of: model, observations, weights, proposedFeatures)
    let taken = isTaken(prior - logPrior[range] + power * (likelihood - logLikelihood[range]))
    let wide = taken.unsqueezed(at: -1)
    func replaced(_ values: Tensor, by new: Tensor, where taken: Tensor) -> Tensor {
      let mixed = Tensor.choose(new, where: taken, else: values[range])
      return .concatenate(
        range.lowerBound == 0 ? [mixed, values[range.upperBound..<chains]] : [values[0..<range.lowerBound], mixed])
    }
    self.z = replaced(self.z, by: proposed, where: wide)
    features = replaced(features, by: proposedFeatures, where: wide)
    logPrior = replaced(logPrior, by: prior, where: taken)
    logLikelihood = replaced(logLikelihood, by: likelihood, where: taken)
    return taken.to(type: .float64).mean().item
  }

  /// Whether ln u is below the ratio; a ratio that is no number is refused.
  private func isTaken(_ logRatio: Tensor) -> Tensor {
    noise.uniform(logRatio.shape, type: logRatio.type).logarithm() .< logRatio
  }

  /// Σ over the observed d of log p(x_d|z), above −1e15: what is not finite is as good as impossible.
  private static func logLikelihood(
    of model: VAE, _ x: Tensor, _ weights: Tensor, _ features: Tensor
  ) -> Tensor {
    let sums = (model.likelihood.logDensities(of: x, features: features) * weights).sum(over: -1)
    return .choose(sums, where: sums.isFinite(), else: .full([], -1e15, type: sums.type, on: sums.device))
      .clamped(to: -1e15...1e15)
  }
}
