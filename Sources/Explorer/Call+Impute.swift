internal import Foundation
internal import Latent

extension Call {
  func impute() async throws -> Answer {
    let fields = try fields("row", "values", "missing", "missingMask", "completions", "steps", "seed", "as")
    let (form, limits) = (try form(fields), Limits.standard)
    let dimensions = try shape().dimensions
    let (row, values, unknown) = try observed(fields, dimensions: dimensions)
    let missing = try missing(fields, dimensions: dimensions, unknown: unknown)
    let settings = ImputationSettings(
      completions: try fields.integer("completions", in: 1...limits.completions, default: 6),
      steps: try fields.integer("steps", in: 2...limits.chainSteps, default: 100))
    let seed = try seed(fields)
    let owner = run.owner
    let number = try await owner.work {
      try $0.beginFilling(.row(row), values: values, missing: missing, settings: settings, seed: seed)
    }
    do {
      while true {
        try goOn()
        if let filled = try await owner.work({ try $0.advanceFilling(number, settings: settings, as: form) }) {
          return answer(filled)
        }
      }
    } catch {
      // What nobody waits for any more makes room.
      await owner.forget(filling: number)
      throw error
    }
  }

  private func answer(_ filled: Filled) -> Answer {
    var answer = filled.completions.answer
    answer.add("mean", filled.mean.value)
    answer.add("deviations", packed(filled.deviations))
    answer.add("deviationsF32", packed(filled.deviations))
    answer.add("meanError", defined(filled.meanError))
    return answer
  }

  /// A row of the data, or values in which null is missing.
  private func observed(_ fields: Fields, dimensions: Int) throws(ExplorerError) -> (Int, [Float]?, [Bool]) {
    guard fields.has("row") != fields.has("values") else { throw .wrong("give one of row and values.") }
    let none = Array(repeating: false, count: dimensions)
    guard fields.has("values") else { return (try fields.integer("row", in: 0...Int(Int32.max)), nil, none) }
    var (values, unknown) = ([Float](), [Bool]())
    for (index, value) in try fields.list("values", count: dimensions...dimensions).enumerated() {
      switch value {
      case .null:
        values.append(.nan)
        unknown.append(true)
      case .number(let number) where abs(number) <= 1e30:
        values.append(Float(number))
        unknown.append(false)
      default: throw .wrong("values[\(index)] is \(value.words); expected a number, or null for what is missing.")
      }
    }
    return (0, values, unknown)
  }

  /// Whether each element is missing.
  private func missing(_ fields: Fields, dimensions: Int, unknown: [Bool]) throws(ExplorerError) -> [Bool] {
    var missing = unknown
    if fields.has("missing") {
      for index in try fields.integers("missing", count: 0...dimensions, in: 0...dimensions - 1) {
        missing[index] = true
      }
    }
    if fields.has("missingMask") {
      let text = try fields.text("missingMask", most: 4 * (dimensions + 2) / 3 + 4)
      guard let bytes = Data(base64Encoded: text), bytes.count == dimensions else {
        throw .wrong("missingMask is no base64 of \(dimensions) bytes; give one for each value, 0 where it is known.")
      }
      for (index, byte) in bytes.enumerated() where byte != 0 { missing[index] = true }
    }
    let count = missing.count { $0 }
    guard count > 0 else { throw .wrong("nothing is missing; give missing, missingMask, or null among values.") }
    return missing
  }
}
