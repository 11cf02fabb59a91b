internal import Foundation
internal import Torch

/// Hamiltonian Monte Carlo between the prior and the posterior of each row.
///
///     f_β(z) = p(z) p(x|z)^β,   β from 0 to 1
///
/// A move leaves the normalized f_β as it is, whatever the step size, as long as the step size does not depend on the chain itself.
/// - SeeAlso: Neal, “MCMC using Hamiltonian dynamics”, 2011.
struct AnnealedChains {
  /// Steps of one trajectory.
  static let leapfrogs = 10

  /// log p(x|z) of every chain, shape `[chains, rows]`.
  private(set) var logLikelihood: Tensor

  private let model: VAE
  private let x: Tensor
  private let noise: Noise
  /// Shape `[chains, rows, L]`.
  private var z: Tensor
  private var logPrior: Tensor

  /// - Parameter x: Shape `[rows, D]`.
  /// - Parameter z: Where the chains start, shape `[chains, rows, L]`.
  init(of model: VAE, on x: Tensor, from z: Tensor, using noise: Noise) {
    (self.model, self.x, self.noise, self.z) = (model, x, noise, z)
    (logPrior, logLikelihood) = withoutGradients {
      (model.prior.logDensity(of: z), model.logLikelihood(of: x, given: z))
    }
  }

  /// Chains that start from the prior.
  init(of model: VAE, on x: Tensor, count: Int, using noise: Noise) {
    let z = withoutGradients {
      model.prior.sample(count * x.extent(0), using: noise).reshaped([count, x.extent(0), model.latents])
    }
    self.init(of: model, on: x, from: z, using: noise)
  }

  /// Makes one trajectory of every chain and takes its end with the probability of Metropolis.
  ///
  /// - Parameter stepSizes: Of each row, shape `[rows, 1]`; every trajectory takes a part from 0.8 to 1.2 of it by chance, so that no
  ///   period of the motion is met again and again.
  /// - Returns: The probability by which each end was taken, the mean over the chains of a row, shape `[rows]`.
  mutating func move(at power: Double, stepSizes: Tensor) -> Tensor {
    let size = stepSizes * (noise.uniform(stepSizes.shape, type: stepSizes.type) * 0.4 + 0.8)
    var momentum = noise.normal(z.shape, type: z.type)
    let before = energy(logPrior, logLikelihood, momentum, power)
    var (end, state) = (z, gradient(at: z, power))
    for step in 0..<Self.leapfrogs {
      momentum = momentum + state.slope * size * (step == 0 ? 0.5 : 1)
      end = end + momentum * size
      state = gradient(at: end, power)
    }
    momentum = momentum + state.slope * size * 0.5
    let difference = before - energy(state.logPrior, state.logLikelihood, momentum, power)
    // What is not a number is refused.
    let chance = Tensor.choose(
      difference, where: difference.isFinite(),
      else: .full([], -.infinity, type: difference.type, on: difference.device)
    ).clamped(to: -1e30...0).exponential()
    let taken = noise.uniform(chance.shape, type: chance.type) .< chance
    z = .choose(end, where: taken.unsqueezed(at: -1), else: z)
    logPrior = .choose(state.logPrior, where: taken, else: logPrior)
    logLikelihood = .choose(state.logLikelihood, where: taken, else: logLikelihood)
    return chance.mean(over: 0)
  }

  private func energy(_ logPrior: Tensor, _ logLikelihood: Tensor, _ momentum: Tensor, _ power: Double) -> Tensor {
    momentum.squared().sum(over: -1) * 0.5 - logPrior - logLikelihood * power
  }

  /// The densities and the derivative of log f_β, at places of their own graph.
  private func gradient(at place: Tensor, _ power: Double) -> (logPrior: Tensor, logLikelihood: Tensor, slope: Tensor) {
    let place = Parameter(place)
    let prior = model.prior.logDensity(of: place.value)
    let likelihood = model.logLikelihood(of: x, given: place.value)
    let slope = (prior + likelihood * power).sum().gradients(in: [place])[0]
    return (prior.detached(), likelihood.detached(), slope)
  }
}
