extension Preset {
  /// Digits in a plane, by convolutions and a weighted squared error.
  static let mnistConvolutional = mnistConvolutional(
    "mnist-conv-2d", summary: "MNIST, convolutions, 2 latents, squared error weighted against the divergence",
    objective: "{kind: elbo, reconstructionWeight: 10}")

  /// The autoencoder of the same size, whose codes no divergence holds near the prior.
  static let mnistConvolutionalAutoencoder = mnistConvolutional(
    "mnist-conv-2d-autoencoder",
    summary: "mnist-conv-2d as an autoencoder, squared error alone, to compare what draws from N(0, I) become",
    posterior: "point", objective: "reconstruction")

  private static func mnistConvolutional(
    _ name: String, summary: String, posterior: String = "diagonal-gaussian", objective: String
  ) -> Preset {
    Preset(
      name: name, summary: summary,
      yaml: """
        data: {validation: 1000, scaling: unit}
        model:
          latents: 2
          encoder: {kind: convolutional, channels: [32, 64], hidden: [128]}
          decoder: {kind: convolutional, channels: [32, 64], hidden: [128]}
          likelihood: unit-gaussian
          posterior: \(posterior)
        objective: \(objective)
        training: {epochs: 10, batch: 128, patience: 0, optimizer: {kind: adam, learningRate: 1.0e-3}}
        """)
  }
}
