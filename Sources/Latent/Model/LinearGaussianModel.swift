internal import Foundation
public import Torch

/// The model of factor analysis and, where all noise is alike, of probabilistic principal components, in double precision.
///
///     x = Wz + μ + ε,   z ~ N(0, I),   ε ~ N(0, Ψ diagonal):   p(x) = N(μ, WWᵀ + Ψ)
///
/// It is a VAE with a linear decoder and a Gaussian likelihood, and everything about it is known exactly.
/// - SeeAlso: Tipping & Bishop, “Probabilistic Principal Component Analysis”, 1999.
public struct LinearGaussianModel {
  /// W, shape `[D, latents]`, `float64`.
  public let weights: Tensor
  /// μ, shape `[D]`, `float64`.
  public let mean: Tensor
  /// The diagonal of Ψ, shape `[D]`, `float64`.
  public let noiseVariance: Tensor

  /// A model of the given parts.
  ///
  /// - Parameter noiseVariance: Shape `[D]`, or one number for all.
  public init(weights: Tensor, mean: Tensor, noiseVariance: Tensor) {
    self.weights = weights.detached().to(type: .float64, device: .cpu)
    self.mean = mean.detached().to(type: .float64, device: .cpu)
    self.noiseVariance = noiseVariance.detached().to(type: .float64, device: .cpu).expanded([weights.extent(0)])
      .contiguous()
  }

  /// What a VAE's decoder, prior and likelihood say, if they are linear, standard normal and Gaussian with a variance that is the same
  /// for all latents; else nil. The encoder is not looked at.
  public init?(_ model: VAE) {
    guard model.prior is StandardNormalPrior, let map = Linear(only: model.decoder) else { return nil }
    switch model.likelihood {
    case let likelihood as GaussianLikelihood:
      let variance = (likelihood.scaledLogVariance.value.to(type: .float64) * GaussianLikelihood.gain).exponential()
      self.init(weights: map.weight.value, mean: map.bias.value, noiseVariance: variance + likelihood.floor)
    case is UnitGaussianLikelihood:
      self.init(weights: map.weight.value, mean: map.bias.value, noiseVariance: .ones([1], type: .float64))
    default: return nil
    }
  }

  /// D.
  public var dimensions: Int { weights.extent(0) }

  /// L.
  public var latents: Int { weights.extent(1) }

  /// WWᵀ + Ψ, shape `[D, D]`.
  public var covariance: Tensor {
    weights.times(weights.transposed()) + Tensor.identity(dimensions, type: .float64) * noiseVariance
  }

  /// The covariance of every p(z|x), shape `[latents, latents]`.
  ///
  ///     Σ = (I + WᵀΨ⁻¹W)⁻¹
  public var posteriorCovariance: Tensor { precision.inverse() }

  /// The matrix that leads from x − μ to the mean of p(z|x), shape `[latents, D]`.
  ///
  ///     ΣWᵀΨ⁻¹
  public var posteriorMap: Tensor { posteriorCovariance.times(scaledWeights.transposed()) }

  /// E[z|x] of each row, shape `[batch, latents]` from `[batch, D]`.
  public func posteriorMean(of x: Tensor) -> Tensor { centred(x).times(posteriorMap.transposed()) }

  /// log p(x) of each row, exactly, in nats, shape `[batch]`.
  ///
  ///     −½ (D ln 2π + ln |WWᵀ + Ψ| + (x − μ)ᵀ (WWᵀ + Ψ)⁻¹ (x − μ)), by way of the L × L matrix I + WᵀΨ⁻¹W
  ///
  /// - Parameter x: Shape `[batch, D]`, as the model sees its data: scaled.
  public func logLikelihood(of x: Tensor) -> Tensor {
    let centred = centred(x)
    let projected = centred.times(scaledWeights)
    let explained = (projected.times(posteriorCovariance) * projected).sum(over: 1)
    let distance = (centred.squared() / noiseVariance).sum(over: 1) - explained
    let logDeterminant = noiseVariance.logarithm().sum().item + precision.logDeterminant().item
    return (distance + logDeterminant + Double(dimensions) * log(2 * Double.pi)) * -0.5
  }

  /// Draws of x, shape `[count, D]`, `float64`.
  public func sample(_ count: Int, using noise: Noise) -> Tensor {
    let z = noise.normal([count, latents], type: .float64)
    return z.times(weights.transposed()) + mean
      + noise.normal([count, dimensions], type: .float64) * noiseVariance.squareRoot()
  }

  func centred(_ x: Tensor) -> Tensor { x.detached().to(type: .float64, device: .cpu) - mean }

  /// Ψ⁻¹W.
  private var scaledWeights: Tensor { weights / noiseVariance.unsqueezed(at: 1) }

  /// I + WᵀΨ⁻¹W.
  private var precision: Tensor {
    weights.transposed().times(scaledWeights) + Tensor.identity(latents, type: .float64)
  }
}

extension Linear {
  /// The one linear layer that a network consists of, if it does.
  init?(only layer: any Layer) {
    switch layer {
    case let linear as Linear where linear.activation == .none: self = linear
    case let chain as Chain where chain.layers.count == 1: self.init(only: chain.layers[0])
    default: return nil
    }
  }
}
