internal import Foundation
internal import Latent

// What is made of codes.
extension Call {
  func decode() async throws -> Answer {
    let fields = try fields("z", "decoding", "seed", "as")
    let (form, drawn, seed) = (try form(fields), try isDrawn(fields), try seed(fields))
    return try await decoded(codes(fields), as: form, drawn: drawn, seed: seed).answer
  }

  func sample() async throws -> Answer {
    let fields = try fields("count", "temperature", "decoding", "seed", "as")
    let (form, drawn, seed) = (try form(fields), try isDrawn(fields), try seed(fields))
    let count = try fields.integer("count", in: 1...Limits.standard.count, default: 1)
    let temperature = try fields.number("temperature", in: 0...5, default: 1)
    let z = try await run.owner.work { $0.sampled(count, temperature: temperature, seed: seed) }
    var answer = try await decoded(z, as: form, drawn: drawn, seed: seed).answer
    answer.add("z", numbersInRows(z, width: try shape().latents))
    return answer
  }

  func traverse() async throws -> Answer {
    let fields = try fields("from", "latent", "low", "high", "steps", "as")
    let (form, shape, limits) = (try form(fields), try shape(), Limits.standard)
    let latent = try fields.integer("latent", in: 0...shape.latents - 1)
    let low = try fields.number("low", in: -limits.latent...limits.latent, default: -3)
    let high = try fields.number("high", in: -limits.latent...limits.latent, default: 3)
    let steps = try fields.integer("steps", in: 1...limits.steps, default: 9)
    let start = try await code(of: place(fields, "from")).map { Float($0) }
    let places = LatentPlaces.traversal(of: latent, around: start, low: low, high: high, steps: steps)
    var answer = try await decoded(places.z, as: form).answer
    answer.add("positions", places.positions)
    return answer
  }

  func interpolate() async throws -> Answer {
    let fields = try fields("from", "to", "steps", "path", "as")
    let (form, shape) = (try form(fields), try shape())
    let steps = try fields.integer("steps", in: 2...Limits.standard.steps, default: 9)
    let path = try fields.word("path", among: ["linear", "spherical"], default: "linear")
    let (from, to) = (try place(fields, "from"), try place(fields, "to"))
    let codes = try await located([from, to], seed: 0).means
    let z = LatentPlaces.way(
      from: Array(codes[..<shape.latents]), to: Array(codes[shape.latents...]), steps: steps,
      along: path == "linear" ? .straight : .spherical)
    var answer = try await decoded(z, as: form).answer
    answer.add("z", numbersInRows(z, width: shape.latents))
    return answer
  }

  func manifold() async throws -> Answer {
    let fields = try fields("axes", "directions", "center", "low", "high", "size", "as")
    let (form, shape, limits) = (try form(fields), try shape(), Limits.standard)
    let size = try fields.integer("size", in: 1...limits.edgeOfGrid, default: 15)
    let center =
      try fields.has("center")
      ? fields.numbers("center", count: shape.latents...shape.latents, within: limits.latent)
      : Array(repeating: 0, count: shape.latents)
    let low = try fields.has("low") ? fields.numbers("low", count: 2...2, within: limits.latent) : [-3, -3]
    let high = try fields.has("high") ? fields.numbers("high", count: 2...2, within: limits.latent) : [3, 3]
    let (first, second) = try directions(fields, latents: shape.latents)
    let z = LatentPlaces.grid(
      around: center, first, second, low: (low[0], low[1]), high: (high[0], high[1]), size: size)
    var answer = try await decoded(z, as: form).answer
    answer.add("size", size)
    return answer
  }

  /// The two directions of a plane; the second of a model with one latent leads nowhere.
  private func directions(_ fields: Fields, latents: Int) throws(ExplorerError) -> ([Double], [Double]) {
    guard !fields.has("directions") else {
      guard !fields.has("axes") else { throw .wrong("axes and directions are both given; give one of them.") }
      let list = try fields.list("directions", count: 2...2)
      var found: [[Double]] = []
      for (index, value) in list.enumerated() {
        guard case .list(let numbers) = value, numbers.count == latents else {
          throw .wrong("directions[\(index)] is \(value.words); expected a list of \(latents) numbers.")
        }
        found.append(try Fields.numbers(numbers, at: "directions[\(index)]", within: Limits.standard.latent))
      }
      return (found[0], found[1])
    }
    func unit(_ axis: Int) -> [Double] { (0..<latents).map { $0 == axis ? 1 : 0 } }
    guard fields.has("axes") else {
      return (unit(0), unit(latents > 1 ? 1 : -1))
    }
    let axes = try fields.integers("axes", count: 1...2, in: 0...latents - 1)
    guard axes.count == 1 || axes[0] != axes[1] || latents == 1 else {
      throw .wrong("axes are \(axes[0]) and \(axes[1]); give two different ones.")
    }
    return (unit(axes[0]), axes.count == 2 && axes[0] != axes[1] ? unit(axes[1]) : unit(-1))
  }

  func edit() async throws -> Answer {
    let fields = try fields("from", "attribute", "direction", "amount", "steps", "as")
    let (form, shape) = (try form(fields), try shape())
    let amount = try fields.number("amount", in: 0...10, default: 2)
    let steps = try fields.integer("steps", in: 1...Limits.standard.steps, default: 9)
    let start = try place(fields, "from")
    let direction: [Double]
    switch (fields.has("attribute"), fields.has("direction")) {
    case (true, false):
      let name = try fields.text("attribute")
      try await findAttributes()
      direction = try await run.owner.work { try $0.direction(named: name) }
    case (false, true):
      direction = try fields.numbers(
        "direction", count: shape.latents...shape.latents, within: Limits.standard.latent)
    default: throw ExplorerError.wrong("give one of attribute, a name, and direction, \(shape.latents) numbers.")
    }
    let amounts = Ramp.values(from: -amount, to: amount, steps: steps)
    let z = try await LatentPlaces.shifted(code(of: start), along: direction, by: amounts)
    var answer = try await decoded(z, as: form).answer
    answer.add("amounts", amounts)
    return answer
  }

  func attributes() async throws -> Answer {
    try await findAttributes()
    return Answer(["attributes": try await run.owner.work { try $0.attributes() }])
  }

  /// Directions of labels are found from the map.
  private func findAttributes() async throws {
    while try await !run.owner.work({ try $0.rows?.raw.labels == nil || $0.cachedAttributes != nil || $0.advanceMap() })
    {}
  }

  func addAttribute() async throws -> Answer {
    let fields = try fields("name", "with", "without")
    let name = try fields.text("name")
    let most = Limits.standard.shownRows
    let with = try fields.integers("with", count: 1...most, in: 0...Int(Int32.max))
    let without = try fields.integers("without", count: 1...most, in: 0...Int(Int32.max))
    _ = try await map()
    let found = try await run.owner.work { try $0.addGroup(named: name, with: with, without: without) }
    var answer = Answer([
      "name": found.name, "direction": found.direction, "length": found.length, "present": found.present,
      "absent": found.absent, "origin": found.origin,
    ])
    answer.add("separation", found.separation)
    return answer
  }

  /// Where a place lies.
  private func code(of place: Place) async throws -> [Double] {
    if case .code(let z) = place { return z }
    return try await located([place], seed: 0).means
  }
}
