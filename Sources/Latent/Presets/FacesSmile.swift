extension Preset {
  /// Faces for arithmetic with latents.
  static let facesSmile = Preset(
    name: "faces-smile",
    summary: "faces-conv with fewer latents that keep more, for attribute vectors",
    yaml: """
      data: {size: [64, 64], channels: colour, scaling: unit, validation: 0.1, test: 0.1}
      model:
        latents: 64
        encoder:
          {kind: convolutional, channels: [32, 64, 128, 128], hidden: [], activation: leaky-relu,
           batchNormalization: true, dropout: 0.1, enlargement: resized}
        decoder:
          {kind: convolutional, channels: [32, 64, 128, 128], hidden: [], activation: leaky-relu,
           batchNormalization: true, enlargement: resized}
        likelihood: unit-gaussian
      objective: {kind: elbo, reconstructionWeight: 100}
      training:
        epochs: 60
        batch: 16
        patience: 30
        gradientClipping: 1000
        optimizer: {kind: adam, learningRate: 5.0e-4}
      """)
}
