/// Every combination of a sweep's values with every seed, as configurations; nothing is read of the data yet.
public struct SweepGrid {
  /// One combination with one seed.
  struct Point {
    /// One value for each key.
    let values: [String]
    let seed: UInt64
    let configuration: Configuration
  }

  /// The keys with their values.
  let variations: [SweepVariation]
  /// The seeds that every combination is trained with.
  let seeds: [UInt64]
  /// In the order of the values, the last key's fastest, then of the seeds.
  let points: [Point]

  /// Runs that a sweep may have.
  private static let most = 1000

  /// Lays every combination over a configuration.
  ///
  /// - Parameters:
  ///   - preset: The name of a preset, or nil for the defaults.
  ///   - settings: Single values for all runs.
  /// - Throws: ``LatentError`` for what is unknown, of the wrong type or makes no sense.
  public init(
    preset: String?, file: String?, settings: [String], over variations: [SweepVariation], seeds: [UInt64]
  ) throws {
    if let double = variations.first(where: { one in variations.count { $0.key == one.key } > 1 }) {
      throw LatentError("--over \(double.key) is there twice; give all of its values at once.")
    }
    if let setting = settings.first(where: { text in variations.contains { text.hasPrefix("\($0.key)=") } }) {
      throw LatentError("--set \(setting) is overruled by --over; leave one of them out.")
    }
    let combinations = variations.reduce([[]]) { found, variation in
      found.flatMap { values in variation.values.map { values + [$0] } }
    }
    guard combinations.count * seeds.count <= Self.most else {
      throw LatentError(
        "the sweep would have \(combinations.count * seeds.count) runs; give fewer values or seeds, for \(Self.most) at the most."
      )
    }
    points = try combinations.flatMap { values in
      let pairs = zip(variations, values).map { "\($0.key)=\($1)" }
      return try seeds.map { seed in
        Point(
          values: values, seed: seed,
          configuration: try Configuration(preset: preset, file: file, settings: settings + pairs + ["seed=\(seed)"]))
      }
    }
    (self.variations, self.seeds) = (variations, seeds)
  }
}
