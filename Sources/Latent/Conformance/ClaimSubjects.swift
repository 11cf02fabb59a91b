package import Torch

/// What claims and tests are tried on: the choices of families, and small data that they accept.
package enum ClaimSubjects {
  /// The choices of a family with their defaults.
  package static func members<F: Family, Member>(_ family: F.Type, as _: Member.Type = Member.self) -> [Member] {
    family.choices.compactMap { $0.init() as? Member }
  }

  /// Rows of so many columns, each value made from a uniform draw.
  package static func table(columns: Int, rows: Int = 64, _ value: (Double) -> Float) -> Dataset {
    let parts = Noise(seed: 9).uniform([rows * columns], type: .float64).values(as: Double.self)
    return Dataset(values: Tensor(parts.map(value), shape: [rows, columns]), shape: [columns])
  }

  /// Levels, reals, reals in [0, 1] and zeros and ones.
  package static func tables(columns: Int) -> [Dataset] {
    [
      table(columns: columns) { Float(($0 * 5).rounded(.down)) }, table(columns: columns) { Float(8 * $0 - 3) },
      table(columns: columns) { Float($0) }, table(columns: columns) { $0 < 0.5 ? 0 : 1 },
    ]
  }

  /// The first embedded digits, in levels 0 … 16.
  package static func digits(_ count: Int = 64) throws -> Dataset {
    try DataSource.load(DataConfiguration()).training.rows(Array(0..<count))
  }
}

extension PriorChoice {
  /// The prior of a model whose observations have four elements, with a diagonal posterior behind a linear encoder.
  package func make(latents: Int, with initializer: Initializer) -> any Prior {
    let posterior = DiagonalGaussianPosterior.Settings().make(latents: latents, with: initializer)
    let encoder = Linear(inputs: 4, outputs: posterior.featureCount, with: initializer)
    return make(latents: latents, shape: [4], encoding: { posterior(encoder($0)) }, with: initializer)
  }
}

/// A likelihood with data that it accepts.
package struct SuitedLikelihood {
  /// With everything filled in that it leaves to the data.
  package let choice: any LikelihoodChoice
  /// The data.
  package let dataset: Dataset
  /// What a model would know of it.
  package let description: DataDescription
  /// How it is read.
  package let configuration: DataConfiguration

  /// Takes the first of the candidates that the likelihood accepts.
  ///
  /// - Throws: What the last of the candidates was refused with, if none is accepted.
  package init(_ choice: any LikelihoodChoice, candidates: [Dataset]) throws {
    var last: any Error = LatentError("there are no candidates")
    for dataset in candidates {
      do {
        let summary = DataSummary(of: dataset)
        let resolved = try choice.resolved(for: summary)
        var configuration = DataConfiguration()
        configuration.scaling = resolved.scaling(for: summary)
        let description = try DataDescription(of: dataset, configuration: configuration)
        let values = Preparation(description).batch(of: dataset, rows: 0..<dataset.count, noise: nil)
        try resolved.check(
          ValueRange(
            minimum: values.minimum().item, maximum: values.maximum().item,
            isWhole: (values .== values.rounded()).logicalNot().to(type: .float32).sum().item == 0))
        (self.choice, self.dataset, self.description, self.configuration) = (
          resolved, dataset, description, configuration
        )
        return
      } catch { last = error }
    }
    throw last
  }

  /// All rows as the model takes them.
  package var x: Tensor { Preparation(description).batch(of: dataset, rows: 0..<dataset.count, noise: nil) }
}
