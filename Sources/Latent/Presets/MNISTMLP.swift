extension Preset {
  /// A small set of MNIST's greys, with a deeper perceptron.
  static let mnistMLP = Preset(
    name: "mnist-mlp",
    summary: "500 MNIST images as greys, 784-512-512-16-512-512-784, batch 16, 100 for validation",
    yaml: """
      data: {rows: 500, validation: 100, scaling: unit}
      model:
        latents: 16
        encoder: {kind: mlp, hidden: [512, 512], activation: relu}
        decoder: {kind: mlp, hidden: [512, 512], activation: relu}
        likelihood: bernoulli
      training: {epochs: 50, batch: 16, patience: 20, optimizer: {kind: adam, learningRate: 1.0e-3}}
      """)
}
