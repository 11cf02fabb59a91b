internal import Torch

/// How the biases of a decoder's last layer start.
public enum OutputBias: String, NamedValue {
  /// As the other biases do.
  case initialized
  /// So that, where the layer's inputs are 0, the decoded mean is that of the training rows.
  case dataMean = "data-mean"
}

extension VAE {
  /// Lets a new decoder start from the mean of the data, where its network is set to.
  ///
  /// - Parameter mean: The mean of the training rows as the likelihood describes them, shape `[D]`.
  /// - Throws: ``LatentError`` where no output of the likelihood follows from a mean.
  func startDecoder(at mean: () -> Tensor, _ configuration: ModelConfiguration) throws(LatentError) {
    guard let biases = try configuration.decoder.member().biasesToStart(of: decoder) else { return }
    guard let features = likelihood.features(withMean: mean()) else {
      throw LatentError(
        "model.decoder.outputBias: 'data-mean' is not for likelihood '\(configuration.likelihood.kind)', whose outputs do not "
          + "follow from a mean; use initialized.")
    }
    withoutGradients { biases.value.copy(from: features) }
  }
}

extension Preparation {
  /// The mean of a data set's rows as the model takes them, shape `[D]`; of greys where they are drawn to black and white.
  func mean(of dataset: Dataset) -> Tensor {
    let chunk = 4096
    let sums = stride(from: 0, to: dataset.count, by: chunk).map { start in
      batch(of: dataset, rows: start..<min(start + chunk, dataset.count), noise: nil).to(type: .float64).sum(over: 0)
    }
    return (Tensor.stack(sums).sum(over: 0) / Double(dataset.count)).to(type: .float32)
  }
}
