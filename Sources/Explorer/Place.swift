internal import Latent
internal import Torch

/// Where something starts from: a row of the data, values, or a code.
enum Place: Sendable {
  case row(Int)
  case values([Float])
  case code([Double])

  /// Reads one of them.
  ///
  /// - Parameters:
  ///   - dimensions: Of a row.
  ///   - latents: Of a code; nil where none makes sense.
  init(_ value: JSONValue, at path: String, dimensions: Int, latents: Int?) throws(ExplorerError) {
    let fields = try Fields(value, at: path, keys: ["row", "values"] + (latents == nil ? [] : ["z"]))
    let given = ["row", "values", "z"].filter(fields.has)
    guard given.count == 1 else {
      throw .wrong(
        "\(path) has \(given.isEmpty ? "nothing" : given.joined(separator: " and ")); give one of row, values\(latents == nil ? "" : " and z")."
      )
    }
    switch given[0] {
    case "row": self = .row(try fields.integer("row", in: 0...Int(Int32.max)))
    case "values":
      let numbers = try fields.numbers("values", count: dimensions...dimensions, within: 1e30)
      self = .values(numbers.map { Float($0) })
    default:
      let count = latents ?? 0
      self = .code(try fields.numbers("z", count: count...count, within: Limits.standard.latent))
    }
  }
}

/// Where some rows lie among the latents.
struct Codes: Sendable {
  /// E[z|x], `rows × latents`.
  var means: [Double]
  /// The deviation of q(z|x); 0 of a code that was given.
  var deviations: [Double]
}

extension ExploredModel {
  /// The rows of places that are no codes, as the model takes them.
  func datasets(_ places: [Place], missing: Bool = false) throws -> [Dataset] {
    try places.map { place in
      switch place {
      case .row(let row):
        let rows = try demandRows()
        guard row < rows.count else {
          throw ExplorerError.wrong("row \(row) is not there; this run shows the rows 0 to \(rows.count - 1).")
        }
        return rows.prepared.rows([row])
      case .values(let values):
        let dataset = dataset(of: values)
        try JudgedRows.demandDescribed(dataset, by: trained)
        return dataset
      case .code: throw ExplorerError.wrong("a code has no values; give row or values.")
      }
    }
  }

  /// Values as a row of the model's data.
  func dataset(of values: [Float]) -> Dataset {
    Dataset(
      values: Tensor(values, shape: [values.count / data.dimensions, data.dimensions]), shape: data.shape,
      columns: data.columns, name: "the row")
  }

  /// Rows of the data together, others one by one: neighbours in the order of the places.
  func groups(_ places: [Place]) throws -> [Dataset] {
    var groups: [[Dataset]] = []
    var lastIsRow: Bool?
    for (place, dataset) in zip(places, try datasets(places)) {
      let isRow = if case .row = place { true } else { false }
      if isRow == lastIsRow { groups[groups.count - 1].append(dataset) } else { groups.append([dataset]) }
      lastIsRow = isRow
    }
    return groups.map(Dataset.joined)
  }

  /// Where places lie.
  func codes(of places: [Place], seed: UInt64 = 0) throws -> Codes {
    var result = Codes(means: [], deviations: [])
    share(rows: places.count)
    var start = 0
    func encode(_ part: ArraySlice<Place>) throws {
      for group in try groups(Array(part)) {
        let found = try trained.codes(of: group, using: noise("encode", seed: seed))
        result.means += found.means.values(as: Double.self)
        result.deviations += found.deviations.values(as: Double.self)
      }
    }
    for (index, place) in places.enumerated() {
      guard case .code(let z) = place else { continue }
      try encode(places[start..<index])
      result.means += z
      result.deviations += Array(repeating: 0, count: z.count)
      start = index + 1
    }
    try encode(places[start...])
    return result
  }
}
