public import Torch

/// What is taken from a distribution of observations.
public enum Decoding: Sendable {
  /// Its mean.
  case mean
  /// A draw.
  case draw
}

// What a trained model is used for. Observations come and go in the data's own units.
extension TrainedModel {
  /// Rows that pass through the model at once.
  private static let batch = 500

  /// New observations.
  ///
  ///     z ~ p(z), x = E[x|z] or x ~ p(x|z)
  ///
  /// - Parameter prior: Where z comes from; nil takes the model's own prior.
  /// - Parameter temperature: What z is multiplied by: below 1 for more typical observations, 1 for the model's own distribution.
  /// - Returns: Shape `[count, D]`, in the data's units.
  public func samples(
    _ count: Int, _ decoding: Decoding, from prior: (any Prior)? = nil, temperature: Double = 1, using noise: Noise
  ) -> Tensor {
    inBatches(of: count) { part in
      decode(codes(part.count, from: prior, temperature: temperature, using: noise), decoding, using: noise)
    }
  }

  /// New codes, shape `[count, latents]`.
  ///
  /// - SeeAlso: ``samples(_:_:from:temperature:using:)``
  package func codes(_ count: Int, from prior: (any Prior)? = nil, temperature: Double = 1, using noise: Noise)
    -> Tensor
  {
    (prior ?? model.prior).sample(count, using: noise) * temperature
  }

  /// What the model makes of latents.
  ///
  /// - Parameter z: Shape `[rows, latents]`.
  /// - Returns: Shape `[rows, D]`, in the data's units.
  public func decode(_ z: Tensor, _ decoding: Decoding, using noise: Noise) -> Tensor {
    withoutGradients {
      data.scaling.toRaw(decoding == .mean ? model.decode(z) : model.draw(given: z, using: noise)).to(device: .cpu)
    }
  }

  /// What the model makes of codes, as many at once as fit.
  ///
  /// - Parameter codes: Shape `[rows, latents]`, such as ``codes(of:using:)`` gives as means.
  /// - Returns: Shape `[rows, D]`, in the data's units.
  public func decodings(of codes: Tensor, _ decoding: Decoding, using noise: Noise) -> Tensor {
    inBatches(of: codes.extent(0)) { decode(codes[$0].to(device: device), decoding, using: noise) }
  }

  /// Observations as the model returns them from their posterior means.
  ///
  ///     x̂ = E[x|z], z = E[z|x]
  ///
  /// - Returns: Shape `[rows, D]`, in the data's units.
  /// - Throws: ``LatentError`` where the data is of another shape than the model's.
  public func reconstructions(of dataset: Dataset, _ decoding: Decoding, using noise: Noise) throws(LatentError)
    -> Tensor
  {
    let (rows, preparation) = try prepared(dataset)
    return inBatches(of: rows.count) { part in
      decode(model.encode(preparation.batch(of: rows, rows: part, noise: noise)).mean, decoding, using: noise)
    }
  }

  /// Where observations lie among the latents.
  ///
  /// - Returns: E[z|x] and the deviation of q(z|x), both `[rows, latents]`.
  /// - Throws: ``LatentError`` where the data is of another shape than the model's.
  public func codes(of dataset: Dataset, using noise: Noise) throws(LatentError) -> (means: Tensor, deviations: Tensor)
  {
    let (rows, preparation) = try prepared(dataset)
    let both = inBatches(of: rows.count) { part in
      let posterior = model.encode(preparation.batch(of: rows, rows: part, noise: noise))
      return Tensor.concatenate([posterior.mean, posterior.variance.squareRoot()], along: 1).to(device: .cpu)
    }
    let parts = both.split(into: 2)
    return (parts[0], parts[1])
  }

  /// One draw of q(z|x) for each row.
  ///
  /// - Returns: Shape `[rows, latents]`.
  /// - Throws: ``LatentError`` where the data is of another shape than the model's.
  public func latents(of dataset: Dataset, using noise: Noise) throws(LatentError) -> Tensor {
    let (rows, preparation) = try prepared(dataset)
    return inBatches(of: rows.count) { part in
      model.encode(preparation.batch(of: rows, rows: part, noise: noise)).sample(1, using: noise).squeezed(at: 0)
    }
  }

  func prepared(_ dataset: Dataset) throws(LatentError) -> (Dataset, Preparation) {
    let preparation = Preparation(data, on: device)
    let seed = configuration.data.splitSeed
    return (try preparation.prepared(dataset, part: "use", seed: seed), preparation)
  }

  func inBatches(of count: Int, _ body: (Range<Int>) -> Tensor) -> Tensor {
    withoutGradients {
      let parts = stride(from: 0, to: count, by: Self.batch).map { body($0..<min($0 + Self.batch, count)) }
      return parts.isEmpty ? Tensor.zeros([0, 2 * max(data.dimensions, model.latents)]) : .concatenate(parts)
    }
  }
}
