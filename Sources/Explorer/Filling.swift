internal import Latent
internal import Torch

/// A row on the way to its completions.
struct Filling {
  var work: ImputationWork
}

/// Completions of a row as plain values.
struct Filled: Sendable {
  var completions: Observations
  var mean: Observations
  var deviations: [Float]
  var meanError: Double
}

extension ExploredModel {
  /// Begins to fill in a row.
  ///
  /// - Parameter values: Of the row; nil takes that of the data, and not a number is missing.
  /// - Parameter missing: Whether each element is missing.
  /// - Returns: A number to go on by.
  func beginFilling(
    _ place: Place, values: [Float]?, missing: [Bool], settings: ImputationSettings, seed: UInt64
  ) throws -> Int {
    guard !isPoint else {
      throw ExplorerError(
        .conflict, "this model's posterior is a point without a density, so it says nothing of what is missing.")
    }
    guard fillings.count < 8 else { throw ExplorerError.overload }
    let middle = data.scaling.toRaw(.zeros([data.dimensions]))
    let means = rows?.columnMeans ?? middle
    let dataset: Dataset
    if let values {
      dataset = self.dataset(of: values)
      // What is known has to be such as the model describes; what is not stands there as what is usual.
      let isWhole = trained.model.likelihood.isDiscrete
      let usual = means.values(as: Float.self).map { isWhole ? $0.rounded() : $0 }
      let filled = values.indices.map { missing[$0] ? usual[$0] : values[$0] }
      _ = try described(filled)
    } else {
      guard case .row(let row) = place else { throw ExplorerError.wrong("give row or values.") }
      try demandRows().demand(row)
      dataset = self.dataset(of: try demandRows().raw.rows([row]).values.values(as: Float.self))
    }
    let hidden = Tensor(missing.map { $0 ? Float(1) : 0 }, shape: [1, data.dimensions])
    share(rows: settings.chains(latents: latents))
    lastFilling += 1
    fillings[lastFilling] = Filling(
      work: try trained.imputing(
        dataset, missing: hidden, columnMeans: means, settings: settings, using: noise("impute", seed: seed)))
    return lastFilling
  }

  /// Goes on for some hundredths of a second.
  ///
  /// - Returns: The completions, once they are there.
  func advanceFilling(_ number: Int, settings: ImputationSettings, as form: Form) throws -> Filled? {
    guard var filling = fillings.removeValue(forKey: number) else { throw ExplorerError.overload }
    let chains = settings.chains(latents: latents)
    share(rows: chains)
    // A step passes the chains through the encoder once and through the decoder three times.
    var left = max(1, portion / (4 * chains))
    while left > 0, !filling.work.isOver {
      filling.work.advance()
      left -= 1
    }
    guard filling.work.isOver else {
      fillings[number] = filling
      return nil
    }
    let result = filling.work.result()
    let shape = result.completions.shape
    return Filled(
      completions: Observations(result.completions.reshaped([shape[0] * shape[1], shape[2]]), as: form, of: trained),
      mean: Observations(result.means, as: form, of: trained), deviations: result.deviations.values(as: Float.self),
      meanError: result.meanError)
  }
}
