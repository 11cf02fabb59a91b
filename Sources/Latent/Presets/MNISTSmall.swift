extension Preset {
  /// A minute's benchmark on MNIST, redrawn to black and white for every batch.
  static let mnistSmall = Preset(
    name: "mnist-small",
    summary: "MNIST, 784-400-20-400-784, redrawn to black and white for each batch, 15 epochs",
    yaml: """
      data: {validation: 1000, binarization: dynamic, scaling: unit}
      model:
        latents: 20
        encoder: {kind: mlp, hidden: [400], activation: relu}
        decoder: {kind: mlp, hidden: [400], activation: relu}
        likelihood: bernoulli
      training: {epochs: 15, batch: 128, patience: 0, optimizer: {kind: adam, learningRate: 1.0e-3}}
      """)
}
