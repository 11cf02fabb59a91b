/// An experiment as data: values laid over the defaults.
public struct Preset: Sendable {
  /// In kebab case.
  public let name: String
  /// What it is, in one sentence.
  public let summary: String
  /// The values, as YAML.
  public let yaml: String

  /// A preset.
  public init(name: String, summary: String, yaml: String) {
    self.name = name
    self.summary = summary
    self.yaml = yaml
  }

  func values() throws(LatentError) -> Tree { try Tree(yaml: yaml, name: "preset '\(name)'") }
}

/// The presets.
public enum Presets {
  /// The list; a new preset adds a line here.
  public static let all: [Preset] = [
    .digitsCategorical,
    .mnistSmall,
    .mnistMLP,
    .mnistMLPScore,
    .mnistMLPDetached,
    .freyGaussian,
    .mnistConvolutional,
    .mnistConvolutionalAutoencoder,
    .facesConvolutional,
    .facesSmile,
    .mnistBenchmark,
    .dSpritesTCVAE,
    .ppca,
    .factorAnalysis,
    .oja,
    .linearPPCA,
  ]

  /// What bare `latent train` runs.
  public static let standard = Preset.digitsCategorical

  /// The preset with this name.
  ///
  /// - Throws: ``LatentError`` with the nearest name.
  public static func named(_ name: String) throws(LatentError) -> Preset {
    guard let preset = all.first(where: { $0.name == name }) else {
      throw LatentError("preset '\(name)' is not known\(Suggestion.text(for: name, among: all.map(\.name))).")
    }
    return preset
  }
}
