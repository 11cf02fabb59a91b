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
      for index in indices { try rows.demand(index) }
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
    let codes = try await located(places, seed: seed)
    return Answer([
      "means": numbersInRows(codes.means, width: latents),
      "deviations": numbersInRows(codes.deviations, width: latents),
      "divergence": codes.divergences.map(defined),
    ])
  }

  func reconstruct() async throws -> Answer {
    let fields = try fields("rows", "decoding", "seed", "as")
    let (form, drawn, seed) = (try form(fields), try isDrawn(fields), try seed(fields))
    let places = try places(fields)
    let latents = try shape().latents
    let means = try await located(places, seed: seed).means
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
  /// The measures of rows.
  func score(_ places: [Place], samples: Int, seed: UInt64, index: Int) throws -> [Answer] {
    try demandDensity()
    share(rows: places.count * samples)
    let noise = noise("score", seed: seed, index: index)
    return try datasets(places).flatMap { group in
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
