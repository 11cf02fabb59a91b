internal import Torch

/// The rows of a source, divided by what they are for.
public struct Partition {
  /// The rows to train on.
  public let training: Dataset
  /// The rows that decide when training has gone far enough.
  public let validation: Dataset?
  /// The rows that nothing is decided by.
  public let test: Dataset?

  /// Divides what was loaded, at random by the seed of the split.
  ///
  /// - Throws: ``LatentError`` where no rows to train on would be left.
  public static func make(
    from loaded: (training: Dataset, test: Dataset?), _ configuration: DataConfiguration
  ) throws(LatentError) -> Partition {
    let data = loaded.training
    func count(_ part: Double) -> Int {
      part >= 1 ? Int(min(part, 1e15)) : part > 0 ? max(1, Int((part * Double(data.count)).rounded())) : 0
    }
    let validation = count(configuration.validation)
    let test = loaded.test == nil ? count(configuration.test) : 0
    guard validation + test < data.count else {
      let parts =
        ["data.validation \(configuration.validation.brief)"]
        + (loaded.test == nil ? ["data.test \(configuration.test.brief)"] : [])
      throw LatentError(
        "\(parts.joined(separator: " and ")) leave none of the \(counted(data.count, "row")) of \(data.name) to train on; "
          + "give smaller ones or more rows.")
    }
    let remaining = data.count - validation - test
    let training = configuration.rows > 0 ? min(configuration.rows, remaining) : remaining
    if training == data.count { return Partition(training: data, validation: nil, test: loaded.test) }
    let order = Noise(seed: configuration.splitSeed, stream: "split").permutation(data.count)
    func part(from start: Int, _ count: Int) -> Dataset? {
      count == 0 ? nil : data.rows(order.narrowed(along: 0, from: start, count: count))
    }
    return Partition(
      training: part(from: test + validation, training) ?? data, validation: part(from: test, validation),
      test: loaded.test ?? part(from: 0, test))
  }
}
