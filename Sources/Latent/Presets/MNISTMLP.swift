extension Preset {
  /// A small set of MNIST's greys, with a deeper perceptron.
  static let mnistMLP = mnistMLP(
    "mnist-mlp", summary: "500 MNIST images as greys, 784-512-512-16-512-512-784, batch 16, 100 for validation")

  /// The same by the score function; from Glorot's wider start its encoder runs away.
  static let mnistMLPScore = mnistMLP(
    "mnist-mlp-score", summary: "mnist-mlp with the score function's gradient, to see its variance slow training down",
    estimator: "score-function", initialization: "fan-in")

  /// The same with detached draws, which do not teach the encoder.
  static let mnistMLPDetached = mnistMLP(
    "mnist-mlp-detached", summary: "mnist-mlp with draws through which no gradient flows, to see it fail",
    estimator: "detached")

  private static func mnistMLP(
    _ name: String, summary: String, estimator: String = "reparametrized", initialization: String = "glorot"
  ) -> Preset {
    Preset(
      name: name, summary: summary,
      yaml: """
        data: {rows: 500, validation: 100, scaling: unit}
        model:
          latents: 16
          encoder: {kind: mlp, hidden: [512, 512], activation: relu, initialization: \(initialization)}
          decoder: {kind: mlp, hidden: [512, 512], activation: relu, initialization: \(initialization)}
          likelihood: bernoulli
        objective: {kind: elbo, estimator: \(estimator)}
        training: {epochs: 50, batch: 16, patience: 20, optimizer: {kind: adam, learningRate: 1.0e-3}}
        """)
  }
}
