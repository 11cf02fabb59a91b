internal import Torch

extension DataSummary {
  /// Looks at every value of a data set.
  public init(of dataset: Dataset) {
    let statistics = dataset.isPicture ? [ColumnStatistics.overall(of: dataset)] : ColumnStatistics.columns(of: dataset)
    let names = dataset.isPicture ? ["pixels"] : dataset.columns
    name = dataset.name
    format = dataset.format
    notes = dataset.notes
    rows = dataset.count
    shape = dataset.shape
    columns = statistics.enumerated().map { index, column in
      Column(
        name: index < names.count ? names[index] : "column \(index + 1)", minimum: column.minimum,
        maximum: column.maximum,
        mean: column.mean, deviation: column.deviation, missing: column.missing, isWhole: column.isWhole)
    }
    let filled = statistics.filter { $0.count > 0 }
    minimum = filled.map(\.minimum).min() ?? 0
    maximum = filled.map(\.maximum).max() ?? 0
    isWhole = statistics.allSatisfy(\.isWhole)
    missing = statistics.reduce(0) { $0 + $1.missing }
    let levels = ValueSpread(of: dataset, minimum: minimum, maximum: maximum)
    distinctLevels = levels.distinct
    var counts = [Int](repeating: 0, count: dataset.labelNames.count)
    for label in dataset.labels ?? [] where counts.indices.contains(Int(label)) { counts[Int(label)] += 1 }
    labels = dataset.labels == nil ? [] : zip(dataset.labelNames, counts).map { Label(name: $0, count: $1) }
    let suggestion = LikelihoodSuggestion(
      isPicture: dataset.isPicture, minimum: minimum, maximum: maximum, isWhole: isWhole, levels: levels,
      columnsFromZero: Double(statistics.count { $0.minimum == 0 }) / Double(max(1, statistics.count)))
    suggestedLikelihood = suggestion.kind
    reason = suggestion.reason
  }
}

/// How the values of a data set are spread.
struct ValueSpread {
  /// How many different values there are, if at most 256, else 0.
  let distinct: Int
  /// The share of values in the lowest or the highest tenth of their range.
  let extremes: Double
  /// The share of values that are 0.
  let zeros: Double

  init(of dataset: Dataset, minimum: Double, maximum: Double) {
    let values = dataset.values.to(device: .cpu).contiguous()
    let total = Double(max(1, values.count))
    let (low, high) = (minimum + 0.1 * (maximum - minimum), maximum - 0.1 * (maximum - minimum))
    if values.type == .uint8 {
      let histogram = ColumnStatistics.histogram(of: values)
      distinct = histogram.count { $0 > 0 }
      extremes =
        Double(histogram.indices.reduce(0) { Double($1) <= low || Double($1) >= high ? $0 + histogram[$1] : $0 })
        / total
      zeros = Double(histogram[0]) / total
      return
    }
    var (seen, last, isOpen) = (Set<Float>(), Float.nan, true)
    var (extreme, zero) = (0, 0)
    values.withUnsafeMutableBytes { bytes in
      for value in bytes.assumingMemoryBound(to: Float.self) {
        if Double(value) <= low || Double(value) >= high { extreme += 1 }
        if value == 0 { zero += 1 }
        if isOpen, value != last, !value.isNaN {
          seen.insert(value)
          last = value
          isOpen = seen.count <= 256
        }
      }
    }
    distinct = isOpen ? seen.count : 0
    extremes = Double(extreme) / total
    zeros = Double(zero) / total
  }
}
