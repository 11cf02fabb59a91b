extension Preset {
  /// Faces by convolutions, with the reconstruction weighted against the divergence by hand.
  static let facesConvolutional = faces(
    "faces-conv", summary: "faces of 64 × 64, convolutions, 200 latents, squared error weighted 30 : 1",
    data: "{scaling: unit}", likelihood: "unit-gaussian", objective: "{kind: elbo, reconstructionWeight: 30}")

  /// The same network with a variance that is learned in place of a weight that is set, and more rows to judge attributes on.
  static let facesSmile = faces(
    "faces-smile",
    summary: "faces-conv with a learned variance and a fifth of the rows for the test, to edit attributes",
    data: "{scaling: unit, test: 0.2}", likelihood: "gaussian", objective: "elbo")

  /// Hundreds of faces fill few of 200 dimensions, so that draws of N(0, I) are no faces: the prior is fitted once training is over.
  private static func faces(
    _ name: String, summary: String, data: String, likelihood: String, objective: String
  ) -> Preset {
    Preset(
      name: name, summary: summary,
      yaml: """
        data: \(data)
        model:
          latents: 200
          prior: fitted-gaussian
          encoder: {kind: convolutional, \(network), dropout: 0.1}
          decoder: {kind: convolutional, \(network), enlargement: resized}
          likelihood: \(likelihood)
        objective: \(objective)
        training:
          epochs: 60
          batch: 16
          patience: 0
          optimizer: {kind: adam, learningRate: 1.0e-3}
          learningRateSchedule: cosine
          gradientClipping: 1000
        """)
  }

  private static let network =
    "channels: [32, 64, 64, 64], hidden: [], activation: leaky-relu, batchNormalization: true"
}
