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

extension ExploredModel {
  /// How far a code may lie from 0; farther out no number of the model means anything.
  private static let farthest = 1e4

  /// The rows of places that are no codes, as the model takes them: neighbours that are rows of the data together, others one by one.
  func datasets(_ places: [Place]) throws -> [Dataset] {
    var (result, open): ([Dataset], [Int]) = ([], [])
    func close() throws {
      guard !open.isEmpty else { return }
      result.append(try demandRows().prepared.rows(open))
      open = []
    }
    for place in places {
      switch place {
      case .row(let row):
        try demandRows().demand(row)
        open.append(row)
      case .values(let values):
        try close()
        result.append(try described(values))
      case .code: throw ExplorerError.wrong("a code has no values; give row or values.")
      }
    }
    try close()
    return result
  }

  /// Values as a row of the model's data.
  func dataset(of values: [Float]) -> Dataset {
    Dataset(
      values: Tensor(values, shape: [values.count / data.dimensions, data.dimensions]), shape: data.shape,
      columns: data.columns, name: "the row")
  }

  /// The same of values that the model describes and finds a place for.
  func described(_ values: [Float]) throws -> Dataset {
    let row = dataset(of: values)
    try JudgedRows.demandDescribed(row, by: trained)
    let codes = try trained.codes(of: row, using: noise("encode", seed: 0))
    let numbers = codes.means.values(as: Double.self) + codes.deviations.values(as: Double.self)
    guard numbers.allSatisfy({ abs($0) <= Self.farthest }) else {
      throw ExplorerError.wrong(
        "the values lie too far outside of what the model knows; give a row more like its data.")
    }
    return row
  }

  /// Where places lie; the codes among them are their own means, without deviation.
  func codes(of places: [Place], seed: UInt64 = 0, index: Int = 0) throws -> RowCodes {
    let noise = noise("encode", seed: seed, index: index)
    share(rows: places.count)
    var result = RowCodes()
    func encode(_ part: ArraySlice<Place>) throws {
      for group in try datasets(Array(part)) {
        let found = try trained.rowCodes(of: group, using: noise)
        result.means += found.means
        result.deviations += found.deviations
        result.divergences += found.divergences
      }
    }
    var start = 0
    for (place, value) in places.enumerated() {
      guard case .code(let z) = value else { continue }
      try encode(places[start..<place])
      result.means += z
      result.deviations += Array(repeating: 0, count: z.count)
      result.divergences.append(.nan)
      start = place + 1
    }
    try encode(places[start...])
    return result
  }
}

extension ShownRows {
  /// Refuses a row that is not shown.
  func demand(_ row: Int) throws(ExplorerError) {
    guard row < count else { throw .wrong("row \(row) is not there; this run shows the rows 0 to \(count - 1).") }
  }
}

extension Call {
  /// Where places lie, a portion at a time.
  func located(_ places: [Place], seed: UInt64) async throws -> RowCodes {
    let portion = ExploredModel.portion(operations: try shape().operations)
    var result = RowCodes()
    for start in stride(from: 0, to: places.count, by: portion) {
      try goOn()
      let part = Array(places[start..<min(start + portion, places.count)])
      let found = try await run.owner.work { try $0.codes(of: part, seed: seed, index: start) }
      result.means += found.means
      result.deviations += found.deviations
      result.divergences += found.divergences
    }
    return result
  }
}
