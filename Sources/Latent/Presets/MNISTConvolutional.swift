extension Preset {
  /// Digits in a plane, by convolutions and a weighted squared error.
  static let mnistConvolutional = Preset(
    name: "mnist-conv-2d",
    summary: "MNIST, convolutions, 2 latents, squared error weighted against the divergence",
    yaml: """
      data: {validation: 1000, scaling: unit}
      model:
        latents: 2
        encoder: {kind: convolutional, channels: [32, 64], hidden: [128]}
        decoder: {kind: convolutional, channels: [32, 64], hidden: [128]}
        likelihood: unit-gaussian
      objective: {kind: elbo, reconstructionWeight: 10}
      training: {epochs: 10, batch: 128, patience: 0, optimizer: {kind: adam, learningRate: 1.0e-3}}
      """)
}
