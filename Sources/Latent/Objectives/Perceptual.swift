public import Torch

/// The evidence lower bound with a third term: how unlike what is decoded looks to a network that knows pictures already.
///
///     α (−E_q log p(x|z)) + β KL(q(z|x) ‖ p(z)) + γ E_q ½ Σ_l ‖φ_l(x) − φ_l(E[x|z])‖²
///
/// φ_l are the features of a network read from a file, whose weights stay as they are. The third term is no part of the ELBO: −ELBO is
/// the sum of the first two, whatever γ is.
/// - SeeAlso: Hou et al., “Deep Feature Consistent Variational Autoencoder”, 2017.
public struct Perceptual: Objective {
  /// The safetensors file of the feature network.
  public var features = ""
  /// The file's digest when the run was started; empty before.
  public var digest = ""
  /// γ.
  public var perceptualWeight = 1.0
  /// K, the number of latents drawn for each row.
  public var samples = 1
  /// α.
  public var reconstructionWeight = 1.0
  /// β.
  public var divergenceWeight = 1.0
  /// How the gradient of the expectations is estimated.
  public var estimator = Chosen<Estimators>()

  /// `perceptual`.
  public static var kind: String { "perceptual" }
  /// One sentence.
  public static var summary: String {
    "elbo and γ ½ Σ ‖φ(x) − φ(E[x|z])‖², φ the features of a network read from a file; weights α, β and γ"
  }
  /// The defaults, without a file.
  public init() {}

  /// γ as well as what every objective's settings obey.
  public func validate() throws(LatentError) {
    guard perceptualWeight > 0, perceptualWeight.isFinite else {
      throw LatentError("perceptualWeight: \(perceptualWeight) must be above 0; without the term, use objective elbo.")
    }
    try elbo.validate()
  }

  /// α, β and γ.
  public var weights: [String: Double] {
    elbo.weights.merging(["perceptual": perceptualWeight]) { first, _ in first }
  }

  /// With the file's digest.
  ///
  /// - Throws: ``LatentError`` where there is no such file, or another than the digest is of.
  public func resolved() throws(LatentError) -> any Objective {
    var resolved = self
    resolved.digest = try read().digest
    return resolved
  }

  /// The two terms of the ELBO; it takes the file for the third, see ``criterion(for:rows:on:)``.
  public func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator
  ) -> Terms {
    elbo.terms(
      of: model, on: x, divergenceFactor: divergenceFactor, mode: mode, using: noise, estimator: estimator)
  }

  /// All three terms.
  ///
  /// - Throws: ``LatentError`` where the file cannot be used with such data.
  public func criterion(for data: DataDescription, rows: Int, on device: Device) throws(LatentError) -> any Criterion {
    guard data.isPicture else {
      throw LatentError(
        "objective: 'perceptual' compares pictures, and these rows are no pictures; use --set objective=elbo, or data.shape."
      )
    }
    guard data.scaling.kind == .unit else {
      throw LatentError(
        "objective: 'perceptual' shows its feature network values from 0 to 1, and these are scaled by "
          + "'\(data.scaling.kind.rawValue)'; use --set data.scaling=unit.")
    }
    let network = try read().network
    let (size, channels) = data.pictureSize
    guard network.channels == channels else {
      throw LatentError(
        "objective.features: '\(features)' takes pictures of \(counted(network.channels, "channel")), but the data has "
          + "\(channels); use a network for such pictures, or data.channels.")
    }
    guard network.fits(size) else {
      throw LatentError(
        "objective.features: '\(features)' leaves nothing of pictures of \(size.height) × \(size.width); use fewer of its layers."
      )
    }
    return PerceptualCriterion(elbo: elbo, weight: perceptualWeight, network: network.on(device), size: size)
  }

  private func read() throws(LatentError) -> (network: FeatureNetwork, digest: String) {
    guard !features.isEmpty else {
      throw LatentError("objective.features: 'perceptual' needs a feature network; name a .safetensors file of one.")
    }
    let found = try FeatureNetwork.read(features)
    guard digest.isEmpty || digest == found.digest else {
      throw LatentError(
        "objective.features: '\(features)' is not the file that the run was started with; put that one back, or start a new run "
          + "without objective.digest.")
    }
    return found
  }
}

/// The three terms of ``Perceptual``, with the feature network in memory.
private struct PerceptualCriterion: Criterion {
  let elbo: ELBO
  let weight: Double
  let network: FeatureNetwork
  let size: PictureSize

  func terms(
    of model: VAE, on x: Tensor, divergenceFactor: Double, mode: Mode, using noise: Noise, estimator: any Estimator
  ) -> Terms {
    elbo.terms(
      of: model, on: x, divergenceFactor: divergenceFactor, mode: mode, using: noise, estimator: estimator,
      adding: { draws in
        let distance = network.distance(from: x, to: model.likelihood.mean(draws.features), size: size)
        return [.init(name: "perceptual", weight: weight, cost: distance)]
      })
  }
}
