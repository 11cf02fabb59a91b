extension Preset {
  /// Shapes made from five factors, with a weight on the total correlation of the latents.
  static let dSpritesTCVAE = Preset(
    name: "dsprites-tcvae",
    summary:
      "dSprites (a .npz:imgs), 400-400, 10 latents, total correlation weighted 6, for measures of disentanglement",
    yaml: """
      data: {validation: 1000, test: 0}
      model:
        latents: 10
        encoder: {kind: mlp, hidden: [400, 400], activation: relu}
        decoder: {kind: mlp, hidden: [400, 400], activation: tanh}
        likelihood: bernoulli
      objective: {kind: beta-tcvae, totalCorrelationWeight: 6}
      training: {epochs: 60, batch: 256, patience: 0, optimizer: {kind: adam, learningRate: 1.0e-3}}
      evaluation: {samples: 20}
      """)
}
