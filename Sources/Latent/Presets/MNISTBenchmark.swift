extension Preset {
  /// The classic benchmark of likelihoods: the first four of its stages, 1 + 3 + 9 + 27 epochs.
  static let mnistBenchmark = Preset(
    name: "mnist-iwae-vae",
    summary:
      "MNIST redrawn to black and white, 784-200-200-50 tanh, 40 epochs; training.epochs=3280 is the full schedule",
    yaml: """
      data: {validation: 1000, binarization: dynamic, scaling: unit}
      model:
        latents: 50
        encoder: {kind: mlp, hidden: [200, 200], activation: tanh, initialization: glorot}
        decoder: {kind: mlp, hidden: [200, 200], activation: tanh, initialization: glorot, outputBias: data-mean}
        likelihood: bernoulli
      training:
        epochs: 40
        batch: 20
        patience: 0
        optimizer: {kind: adam, learningRate: 1.0e-3, beta2: 0.999, epsilon: 1.0e-4}
        learningRateSchedule: {kind: stages, stages: 8, growth: 3, end: 0.1}
      evaluation: {samples: 1000}
      """)
}
