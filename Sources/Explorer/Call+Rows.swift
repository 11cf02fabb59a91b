internal import Foundation
internal import Latent

// What is asked of rows.
extension Call {
  func rows() async throws -> Answer {
    let fields = try fields("rows", "as")
    let form = try form(fields)
    let indices = try fields.integers("rows", count: 1...Limits.standard.rows, in: 0...Int(Int32.max))
    return try await run.owner.work { model in
      let rows = try model.demandRows()
      if let outside = indices.first(where: { $0 >= rows.count }) {
        throw ExplorerError.wrong("row \(outside) is not there; this run shows the rows 0 to \(rows.count - 1).")
      }
      var answer = Observations(rows.raw.rows(indices).values, as: form, of: model.trained).answer
      answer.add("labels", indices.map(rows.label))
      answer.add("parts", indices.map { rows.parts[$0] })
      return answer
    }
  }

  func encode() async throws -> Answer {
    let fields = try fields("rows", "seed")
    let (places, seed) = (try places(fields), try seed(fields))
    let latents = try shape().latents
    return try await run.owner.work { model in
      let codes = try model.codes(of: places, seed: seed)
      let divergence = try model.divergence(of: places, seed: seed)
      return Answer([
        "means": numbersInRows(codes.means, width: latents),
        "deviations": numbersInRows(codes.deviations, width: latents),
        "divergence": divergence.map(defined),
      ])
    }
  }

  func reconstruct() async throws -> Answer {
    let fields = try fields("rows", "decoding", "seed", "as")
    let (form, drawn, seed) = (try form(fields), try isDrawn(fields), try seed(fields))
    let places = try places(fields)
    let latents = try shape().latents
    let means = try await run.owner.work { try $0.codes(of: places, seed: seed).means }
    var answer = try await decoded(means.map { Float($0) }, as: form, drawn: drawn, seed: seed).answer
    answer.add("means", numbersInRows(means, width: latents))
    return answer
  }

  func score() async throws -> Answer {
    let fields = try fields("rows", "samples", "seed")
    let places = try places(fields)
    let samples = try fields.integer(
      "samples", in: 2...ExploredModel.samples(operations: try shape().operations), default: 100)
    let seed = try seed(fields)
    let portion = max(1, ExploredModel.portion(operations: try shape().operations) / samples)
    var scores: [Answer] = []
    for start in stride(from: 0, to: places.count, by: portion) {
      try goOn()
      let part = Array(places[start..<min(start + portion, places.count)])
      scores += try await run.owner.work { try $0.score(part, samples: samples, seed: seed, index: start) }
    }
    return Answer(["scores": scores])
  }

  func map() async throws -> Data {
    while try await !run.owner.work({ try $0.cachedMap != nil || $0.advanceMap() }) {}
    return try await run.owner.work { try $0.mapAnswer() }
  }

  func scores() async throws -> Answer {
    let (answer, isFirst) = try await run.owner.work { try $0.scores() }
    if isFirst {
      Task.detached(priority: .background) { [owner = run.owner] in
        // Where others wait, this waits too.
        while true {
          do { if try await owner.work({ try $0.advanceScores() }) { return } } catch let error as ExplorerError
            where error.kind == .overload
          { try await Task.sleep(for: .milliseconds(200)) }
        }
      }
    }
    return answer
  }
}

extension ExploredModel {
  /// KL(q(z|x) ‖ p(z)) of rows: by draws where there is no closed form.
  func divergence(of places: [Place], seed: UInt64) throws -> [Double] {
    try groups(places).flatMap {
      try trained.evaluations(of: $0, samples: 32, using: noise("divergence", seed: seed)).rows.map(\.divergence)
    }
  }

  /// The measures of rows.
  func score(_ places: [Place], samples: Int, seed: UInt64, index: Int) throws -> [Answer] {
    try demandDensity()
    share(rows: places.count * samples)
    let noise = noise("score", seed: seed, index: index)
    return try groups(places).flatMap { group in
      try trained.evaluations(of: group, samples: samples, using: noise).rows.map { row in
        var answer = Answer()
        answer.add("negativeELBO", defined(row.negativeELBO))
        answer.add("reconstruction", defined(row.reconstruction))
        answer.add("divergence", defined(row.divergence))
        answer.add("negativeLogLikelihood", defined(row.negativeLogLikelihood))
        answer.add("standardError", defined(row.standardError))
        answer.add("effectiveSampleSize", defined(row.effectiveSamples))
        return answer
      }
    }
  }
}
