extension Preset {
  /// Faces of one man from a video, with mean and variance both by a perceptron.
  static let freyGaussian = Preset(
    name: "frey-gaussian",
    summary: "Frey faces, tanh perceptrons with 200 hidden units, mean and variance by the decoder, 2 latents",
    yaml: """
      data: {shape: [28, 20], scaling: unit, validation: 0.1, test: 0.1}
      model:
        latents: 2
        encoder: {kind: mlp, hidden: [200], activation: tanh}
        decoder: {kind: mlp, hidden: [200], activation: tanh}
        likelihood: {kind: decoded-gaussian, varianceFloor: 1.0e-3}
      training: {epochs: 2000, batch: 100, patience: 300, optimizer: {kind: adam, learningRate: 1.0e-3}}
      """)
}
