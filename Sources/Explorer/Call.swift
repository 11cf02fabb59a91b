internal import Foundation

/// A request for a route: which run it is about and what it says.
struct Call: Sendable {
  let explorer: Explorer
  let run: ExploredRun
  let body: Data
  private let seconds: Int
  private let deadline: ContinuousClock.Instant

  /// - Parameter seconds: How long the answer may take.
  init(explorer: Explorer, run: ExploredRun, body: Data, seconds: Int) {
    (self.explorer, self.run, self.body, self.seconds) = (explorer, run, body, seconds)
    deadline = .now + .seconds(seconds)
  }

  /// Refuses to go on where nobody waits any more, or for too long.
  func goOn() throws {
    try Task.checkCancellation()
    guard ContinuousClock.now < deadline else {
      throw ExplorerError(
        .overload, "this took more than \(seconds) seconds; ask for fewer rows, steps or samples at a time.")
    }
  }

  /// The body's values.
  func fields(_ keys: String...) throws(ExplorerError) -> Fields { try Fields(body, keys: keys) }

  /// What can be known of the model without asking its owner.
  func shape() throws(ExplorerError) -> ExploredRun.State { try run.shape() }

  /// How observations are to be answered.
  func form(_ fields: Fields) throws(ExplorerError) -> Form {
    let isPicture = try shape().isPicture
    let word = try fields.word("as", among: ["pixels", "values"], default: isPicture ? "pixels" : "values")
    guard isPicture || word == "values" else {
      throw .wrong("as is “pixels”, but the rows of this run are no pictures; use “values”.")
    }
    return word == "pixels" ? .pixels : .values
  }

  /// A seed of draws.
  func seed(_ fields: Fields) throws(ExplorerError) -> UInt64 {
    UInt64(try fields.integer("seed", in: 0...(1 << 53), default: 0))
  }

  /// Whether observations are means or draws.
  func isDrawn(_ fields: Fields) throws(ExplorerError) -> Bool {
    try fields.word("decoding", among: ["mean", "draw"], default: "mean") == "draw"
  }

  /// Places from which observations are made.
  func places(_ fields: Fields, _ key: String = "rows") throws(ExplorerError) -> [Place] {
    let shape = try shape()
    var places: [Place] = []
    for (index, value) in try fields.list(key, count: 1...Limits.standard.rows).enumerated() {
      places.append(try Place(value, at: "\(key)[\(index)]", dimensions: shape.dimensions, latents: nil))
    }
    return places
  }

  /// One place, which may be a code.
  func place(_ fields: Fields, _ key: String) throws(ExplorerError) -> Place {
    guard let value = fields[key] else { throw .wrong("\(key) is missing; give an object with row, values or z.") }
    let shape = try shape()
    return try Place(value, at: key, dimensions: shape.dimensions, latents: shape.latents)
  }

  /// Codes one after another.
  func codes(_ fields: Fields) throws(ExplorerError) -> [Float] {
    let latents = try shape().latents
    var z: [Float] = []
    for (index, value) in try fields.list("z", count: 1...Limits.standard.rows).enumerated() {
      guard case .list(let list) = value else {
        throw .wrong("z[\(index)] is \(value.words); expected a list of \(latents) numbers.")
      }
      guard list.count == latents else {
        throw .wrong("z[\(index)] holds \(list.count); expected \(latents) numbers, one for each latent.")
      }
      z += try Fields.numbers(list, at: "z[\(index)]", within: Limits.standard.latent).map { Float($0) }
    }
    return z
  }

  /// What the model makes of codes, a portion at a time.
  func decoded(_ z: [Float], as form: Form, drawn: Bool = false, seed: UInt64 = 0) async throws -> Observations {
    let shape = try shape()
    let count = z.count / shape.latents
    let portion = ExploredModel.portion(operations: shape.operations)
    var result: Observations?
    for start in stride(from: 0, to: count, by: portion) {
      try goOn()
      let part = Array(z[start * shape.latents..<min(start + portion, count) * shape.latents])
      let found = try await run.owner.work { model in
        try model.decoded(part, as: form, drawn: drawn, seed: seed, index: start)
      }
      if result == nil { result = found } else { result?.append(found) }
    }
    return result ?? Observations(form, count: 0, dimensions: shape.dimensions)
  }
}
