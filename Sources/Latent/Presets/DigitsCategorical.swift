extension Preset {
  /// The embedded digits with a categorical likelihood of their 17 levels.
  static let digitsCategorical = Preset(
    name: "digits-categorical",
    summary: "the 1797 embedded 8×8 digits, 17 levels, categorical decoder",
    yaml: """
      data: {source: digits, validation: 0.1, test: 0.1}
      model:
        latents: 8
        encoder: {kind: mlp, hidden: [256, 256], activation: tanh}
        decoder: {kind: mlp, hidden: [256, 256], activation: tanh}
        likelihood: {kind: categorical, levels: 17}
      training: {epochs: 200, batch: 64, patience: 30, divergenceSchedule: {kind: warm-up, epochs: 0.15}}
      """)
}
