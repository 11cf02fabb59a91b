import Explorer
import Foundation
import Latent
import Testing
import Torch

@Suite("Answers of the explorer are the library's")
struct AnswerTests {
  private func noise(_ stream: String, _ seed: UInt64 = 0) -> Noise { Noise(seed: seed, stream: stream) }

  @Test("Decoding gives what the model decodes, as numbers and as brightness")
  func decode() async throws {
    let (asker, model) = (try await Shared.asker, try Shared.model)
    let z: [Float] = [0.5, -1, 2, 0.25, 0, 0]
    let expected = model.decode(Tensor(z, shape: [3, 2]), .mean, using: noise("decode"))
    let codes = [[0.5, -1], [2, 0.25], [0, 0]]
    let reply = try await asker.post("decode", ["z": codes, "as": "values"])
    #expect(try reply.numbers("values").flatMap { $0.map { Float($0) } } == expected.values(as: Float.self))
    let pixels = try await asker.post("decode", ["z": codes]).bytes("pixels")
    #expect(pixels == expected.values(as: Float.self).map { UInt8(min(max($0 / 16, 0), 1) * 255 + 0.5) })
    let drawn = try await asker.post("decode", ["z": codes, "as": "values", "decoding": "draw", "seed": 7])
    let expectedDraw = model.decode(Tensor(z, shape: [3, 2]), .draw, using: noise("decode", 7))
    #expect(try drawn.numbers("values").flatMap { $0 } == expectedDraw.values(as: Double.self))
  }

  @Test("Rows, codes and reconstructions are those of the run's own data")
  func rows() async throws {
    let (asker, model) = (try await Shared.asker, try Shared.model)
    let training = try model.rows(of: nil, part: .training).rows
    let some = training.rows([0, 4, 2])
    let reply = try await asker.post("rows", ["rows": [0, 4, 2], "as": "values"])
    #expect(try reply.numbers("values").flatMap { $0 } == some.values.values(as: Double.self))
    #expect(try reply.object()["labels"] as? [String] == some.labels?.map { "\($0)" })
    let codes = try model.codes(of: some, using: noise("encode"))
    let encoded = try await asker.post("encode", ["rows": [["row": 0], ["row": 4], ["row": 2]]])
    #expect(try encoded.numbers("means").flatMap { $0.map { Float($0) } } == codes.means.values(as: Float.self))
    #expect(
      try encoded.numbers("deviations").flatMap { $0.map { Float($0) } } == codes.deviations.values(as: Float.self))
    let byValues = try await asker.post("encode", ["rows": [["values": try reply.numbers("values")[1]]]])
    #expect(try byValues.numbers("means")[0] == encoded.numbers("means")[1], "A row is the same by its values.")
    let returned = try await asker.post("reconstruct", ["rows": [["row": 0], ["row": 4], ["row": 2]], "as": "values"])
    let expected = try model.reconstructions(of: some, .mean, using: noise("encode"))
    #expect(try returned.numbers("values").flatMap { $0.map { Float($0) } } == expected.values(as: Float.self))
  }

  @Test("Samples are the prior's draws, colder ones nearer to 0")
  func samples() async throws {
    let (asker, model) = (try await Shared.asker, try Shared.model)
    let warm = try await asker.post("sample", ["count": 4, "seed": 3]).numbers("z").flatMap { $0 }
    #expect(warm.map { Float($0) } == model.model.prior.sample(4, using: noise("sample", 3)).values(as: Float.self))
    let cold = try await asker.post("sample", ["count": 4, "seed": 3, "temperature": 0.5]).numbers("z").flatMap { $0 }
    for (a, b) in zip(warm, cold) { #expect(abs(a / 2 - b) < 1e-6) }
  }

  @Test("Completions are the library's for the same seed, and keep what is known")
  func impute() async throws {
    let (asker, model) = (try await Shared.asker, try Shared.model)
    let training = try model.rows(of: nil, part: .training).rows
    let hidden = [Int](20..<40)
    let request: [String: Any] = [
      "row": 1, "missing": hidden, "completions": 3, "steps": 20, "seed": 5, "as": "values",
    ]
    let reply = try await asker.post("impute", request)
    let mask = Tensor((0..<64).map { hidden.contains($0) ? Float(1) : 0 }, shape: [1, 64])
    let expected = try model.imputation(
      of: training.rows([1]), missing: mask, columnMeans: training.values.to(type: .float64).mean(over: 0),
      settings: ImputationSettings(completions: 3, steps: 20), using: noise("impute", 5))
    #expect(
      try reply.numbers("values").flatMap { $0.map { Float($0) } } == expected.completions.values(as: Float.self))
    #expect(try reply.numbers("mean").flatMap { $0.map { Float($0) } } == expected.means.values(as: Float.self))
    #expect(try reply.floats("deviationsF32") == expected.deviations.values(as: Float.self))
    let original = training.values[1].values(as: Double.self)
    for row in try reply.numbers("values") {
      #expect((0..<64).allSatisfy { hidden.contains($0) || row[$0] == original[$0] })
    }
    var holed: [Any] = original
    for index in hidden { holed[index] = NSNull() }
    let byValues = try await asker.post(
      "impute", ["values": holed, "completions": 3, "steps": 20, "seed": 5, "as": "values"])
    #expect(try byValues.numbers("values") == reply.numbers("values"), "Null is what is missing.")
  }

  @Test("Scores agree with an evaluation of the same rows within five standard errors")
  func score() async throws {
    let (asker, model) = (try await Shared.asker, try Shared.model)
    let rows = try model.rows(of: nil, part: .training).rows.rows([0, 1, 2])
    let expected = try Evaluation.byRows(of: model, on: rows, samples: 2000, seed: 1).rows
    let reply = try await asker.post("score", ["rows": [["row": 0], ["row": 1], ["row": 2]], "samples": 2000])
    let scores = try #require(try reply.object()["scores"] as? [[String: Double]])
    for (score, row) in zip(scores, expected) {
      let error =
        ((score["standardError"] ?? 0) * (score["standardError"] ?? 0) + row.standardError * row.standardError)
        .squareRoot()
      #expect(abs((score["negativeLogLikelihood"] ?? 0) - row.negativeLogLikelihood) < 5 * error)
      #expect(abs((score["divergence"] ?? 0) - row.divergence) < 1e-4)
    }
  }

  @Test("A morph starts and ends at both reconstructions, a traversal and an edit pass through theirs")
  func ways() async throws {
    let asker = try await Shared.asker
    let ends = try await asker.post("reconstruct", ["rows": [["row": 3], ["row": 8]], "as": "values"]).numbers("values")
    for path in ["linear", "spherical"] {
      let way = try await asker.post(
        "interpolate", ["from": ["row": 3], "to": ["row": 8], "steps": 5, "path": path, "as": "values"])
      let values = try way.numbers("values")
      for (a, b) in zip(values[0] + values[4], ends[0] + ends[1]) { #expect(abs(a - b) < 1e-4) }
    }
    let code = try await asker.post("encode", ["rows": [["row": 3]]]).numbers("means")[0]
    let edit = try await asker.post(
      "edit", ["from": ["row": 3], "direction": [1, 0], "amount": 1, "steps": 3, "as": "values"]
    ).numbers("values")
    for (a, b) in zip(edit[1], ends[0]) { #expect(abs(a - b) < 1e-4) }
    let traversal = try await asker.post(
      "traverse",
      ["from": ["z": code], "latent": 0, "low": code[0] - 1, "high": code[0] + 1, "steps": 3, "as": "values"]
    ).numbers("values")
    for (a, b) in zip(traversal.flatMap { $0 }, edit.flatMap { $0 }) { #expect(abs(a - b) < 1e-3) }
  }

  @Test("The first line of a grid is its top, and its columns go to the right")
  func grid() async throws {
    let asker = try await Shared.asker
    let grid = try await asker.post(
      "manifold", ["axes": [0, 1], "low": [-1, -2], "high": [1, 2], "size": 3, "as": "values"])
    let corners = try await asker.post("decode", ["z": [[-1, 2], [1, 2], [-1, -2], [1, -2]], "as": "values"])
    let (cells, expected) = (try grid.numbers("values"), try corners.numbers("values"))
    for (cell, corner) in zip([0, 2, 6, 8], expected) {
      for (a, b) in zip(cells[cell], corner) { #expect(abs(a - b) < 1e-4) }
    }
  }

  @Test("The map's means are the codes of the rows, and its axes a basis in which they vary less and less")
  func map() async throws {
    let (asker, model) = (try await Shared.asker, try Shared.model)
    let map = try await asker.get("/api/runs/0/map")
    let means = try map.floats("meansF32")
    let rows = try model.rows(of: nil, part: .training).rows
    let expected = try model.codes(of: rows, using: noise("any")).means.values(as: Float.self)
    for (a, b) in zip(means, expected) { #expect(abs(a - b) < 1e-4) }
    let principal = try #require(try map.object()["principal"] as? [String: Any])
    let share = try #require(principal["share"] as? [Double])
    #expect(share.count == 2 && share[0] >= share[1] && abs(share.reduce(0, +) - 1) < 1e-9)
    let card = try await asker.get("/api/runs/0").object()
    #expect(card["shownRows"] as? Int == means.count / 2)
    #expect((card["notes"] as? [String])?.isEmpty == true)
  }

  @Test("All scores come in time, and then hold a number for every row")
  func scores() async throws {
    let asker = try await Shared.asker
    var reply = try await asker.get("/api/runs/0/scores")
    let deadline = ContinuousClock.now + .seconds(60)
    while try reply.object()["done"] as? Int != reply.object()["total"] as? Int, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(20))
      reply = try await asker.get("/api/runs/0/scores")
    }
    let values = try reply.floats("negativeLogLikelihoodF32")
    #expect(values.count == 660 && values.allSatisfy { $0.isFinite && $0 > 0 }, "\(values.count) scores")
  }

  @Test("Labels and groups give directions that edit knows by name")
  func attributes() async throws {
    let asker = try await Shared.asker
    let found = try #require(try await asker.get("/api/runs/0/attributes").object()["attributes"] as? [[String: Any]])
    #expect(found.compactMap { $0["name"] as? String }.filter { $0.hasPrefix("digit ") }.count == 10)
    #expect(found.allSatisfy { ($0["separation"] as? Double ?? 0.5) > 0.3 })
    let added = try await asker.post("attributes", ["name": "my group", "with": [1, 2], "without": [3]]).object()
    let codes = try await asker.post("encode", ["rows": [["row": 1], ["row": 2], ["row": 3]]]).numbers("means")
    let direction = try #require(added["direction"] as? [Double])
    for latent in 0..<2 {
      #expect(abs(direction[latent] - ((codes[0][latent] + codes[1][latent]) / 2 - codes[2][latent])) < 1e-5)
    }
    for name in ["my group", "digit 3"] {
      #expect(try await asker.post("edit", ["from": ["row": 0], "attribute": name]).status == 200)
    }
    let unknown = try await asker.post("edit", ["from": ["row": 0], "attribute": "smile"])
    #expect(try unknown.status == 400 && unknown.error().contains("“digit 0”"))
  }
}
