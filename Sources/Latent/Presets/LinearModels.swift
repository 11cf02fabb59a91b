extension Preset {
  /// Probabilistic principal components in closed form.
  static let ppca = Preset(
    name: "ppca",
    summary: "probabilistic principal components of all rows, in closed form, 2 latents",
    yaml: linear(variance: "scalar", training: "{fit: ppca, epochs: 1}"))

  /// Factor analysis by EM.
  static let factorAnalysis = Preset(
    name: "factor-analysis",
    summary: "factor analysis of all rows by EM, 2 latents",
    yaml: linear(variance: "per-dimension", training: "{fit: factor-analysis, epochs: 2000}"))

  /// Oja's rule.
  static let oja = Preset(
    name: "oja",
    summary:
      "principal components of all rows learned online by Oja's rule, 2 latents, with the angle to the exact ones",
    yaml: linear(variance: "scalar", training: "{fit: oja, epochs: 500}"))

  /// A linear VAE by gradients, whose likelihood is to reach that of ``ppca``.
  static let linearPPCA = Preset(
    name: "linear-ppca",
    summary: "a linear VAE by gradients on all rows, 2 latents, to be set beside ppca, factor-analysis and oja",
    yaml: linear(
      variance: "scalar",
      training:
        "{epochs: 4000, batch: 0, optimizer: {kind: adam, learningRate: 0.03}, learningRateSchedule: cosine}"
    ) + "\nobjective: {kind: elbo, samples: 8}")

  private static func linear(variance: String, training: String) -> String {
    """
    data: {validation: 0, test: 0}
    model:
      latents: 2
      posterior: full-gaussian
      encoder: linear
      decoder: linear
      likelihood: {kind: gaussian, variance: \(variance), varianceFloor: 1.0e-6}
    training: \(training)
    """
  }
}
