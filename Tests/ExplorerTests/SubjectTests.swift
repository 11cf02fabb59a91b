import Explorer
import Foundation
import Testing

@Suite("Models and runs of all kinds in the explorer")
struct SubjectTests {
  @Test("Every view's routes answer, or say what the model lacks", arguments: Subject.all)
  func kinds(subject: Subject) async throws {
    let folder = Shared.folder + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let asker = Asker(explorer: try await Explorer(runs: [subject.train(in: folder)], settings: .init(threads: 1)))
    let card = try await asker.get("/api/runs/0").object()
    let latents = try #require(card["latents"] as? Int)
    let shape = try #require(card["shape"] as? [Int])
    let isTable = shape.count == 1
    #expect(card["kind"] as? String == (isTable ? "table" : shape.count == 3 ? "color" : "grey"))
    #expect((card["columns"] as? [Any])?.count == (isTable ? shape[0] : 0))
    #expect((card["notes"] as? [String])?.isEmpty == true, "\(card["notes"] ?? "")")
    for key in ["divergence", "active", "spread", "center"] {
      #expect((card[key] as? [Any])?.count == latents, "\(key)")
    }
    let map = try await asker.get("/api/runs/0/map")
    let rows = try #require(card["shownRows"] as? Int)
    #expect(try map.floats("meansF32").count == rows * min(latents, 50))
    #expect(try map.floats("negativeELBOF32").count == rows)
    let z = Array(repeating: 0.3, count: latents)
    let key = isTable ? "values" : "pixels"
    let requests: [(String, [String: Any])] = [
      ("rows", ["rows": [0, 1]]), ("decode", ["z": [z]]), ("decode", ["z": [z], "decoding": "draw"]),
      ("sample", ["count": 2]),
      ("reconstruct", ["rows": [["row": 0]]]), ("traverse", ["from": ["z": z], "latent": latents - 1]),
      ("interpolate", ["from": ["row": 0], "to": ["row": 1], "path": "spherical"]), ("manifold", ["size": 4]),
      ("edit", ["from": ["row": 0], "direction": z]),
    ]
    for (name, body) in requests {
      let reply = try await asker.post(name, body)
      #expect(reply.status == 200, "\(name): \(reply.text.prefix(200))")
      #expect(try reply.object()[key] != nil)
    }
    let isPoint = card["pointPosterior"] as? Bool == true
    let demanding: [(String, [String: Any])] = [
      ("impute", ["row": 0, "missing": [0, 1], "steps": 8, "completions": 2]),
      ("score", ["rows": [["row": 0]], "samples": 10]),
    ]
    for (name, body) in demanding {
      let reply = try await asker.post(name, body)
      #expect(reply.status == (isPoint ? 409 : 200), "\(name): \(reply.text.prefix(200))")
    }
    #expect(try await asker.post("encode", ["rows": [["row": 0]]]).status == 200)
    let report = try await asker.get("/api/runs/0/report").object()
    #expect((report["history"] as? [Any])?.isEmpty == false && report["evaluation"] is [String: Any])
    // What is made black and white is cut off at white first.
    let isCut = subject.settings.contains { $0.contains("binarization") }
    let far: [(String, [String: Any])] = [
      ("encode", ["rows": [["values": Array(repeating: 1e30, count: shape.reduce(1, *))]]]),
      ("score", ["rows": [["values": Array(repeating: -1e30, count: shape.reduce(1, *))]]]),
      ("impute", ["values": [NSNull()] as [Any] + Array(repeating: 1e30, count: shape.reduce(1, *) - 1)]),
    ]
    for (name, body) in far {
      let reply = try await asker.post(name, body)
      #expect(
        [400, isPoint ? 409 : 400, isCut ? 200 : 400].contains(reply.status), "\(name): \(reply.text.prefix(200))")
    }
    for sign in [-100.0, 100] {
      let corner = ["z": [Array(repeating: sign, count: latents)], "decoding": "draw"] as [String: Any]
      #expect([200, 400].contains(try await asker.post("decode", corner).status), "\(sign) in every latent")
    }
    if isTable {
      #expect(try await asker.post("decode", ["z": [z], "as": "pixels"]).status == 400, "A table has no pixels.")
    }
  }

  @Test("A model's file alone is explored without its report, and a run without its data by codes")
  func incomplete() async throws {
    let folder = Shared.folder + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder + "/alone", withIntermediateDirectories: true)
    let subject = Subject.all.first { $0.name == "table" } ?? .digits
    let run = try subject.train(in: folder)
    try FileManager.default.copyItem(atPath: run + "/model.safetensors", toPath: folder + "/alone/model.safetensors")
    try FileManager.default.removeItem(atPath: folder + "/table.csv")
    let paths = [run, folder + "/alone", folder + "/alone/model.safetensors"]
    let asker = Asker(explorer: try await Explorer(runs: paths))
    for index in paths.indices {
      let card = try await asker.get("/api/runs/\(index)").object()
      let notes = try #require(card["notes"] as? [String])
      #expect(notes.contains { $0.contains("data of this run cannot be read") } && card["shownRows"] as? Int == 0)
      #expect(index == 0 || notes.contains { $0.contains("report") })
      #expect(notes.allSatisfy { $0.hasSuffix(".") }, "\(notes)")
      #expect((card["columns"] as? [[String: Any]])?.count == 4)
      #expect(try await asker.get("/api/runs/\(index)/report").status == 200)
      #expect(try await asker.get("/api/runs/\(index)/map").status == 409)
      #expect(try await asker.get("/api/runs/\(index)/scores").status == 409)
      #expect(try await asker.get("/api/runs/\(index)/attributes").status == 200)
      #expect(try await asker.post("rows", ["rows": [0]], run: index).status == 409)
      #expect(try await asker.post("decode", ["z": [[0, 0]]], run: index).status == 200)
      #expect(try await asker.post("encode", ["rows": [["values": [5, 5, 5, 5]]]], run: index).status == 200)
      let holed: [String: Any] = ["values": [5, NSNull(), 5, 5], "steps": 8]
      #expect(try await asker.post("impute", holed, run: index).status == 200)
    }
  }

  @Test("A run without a model, or that is none, is refused in a sentence")
  func none() async throws {
    let folder = Shared.folder + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for path in [folder, folder + "/nothing"] {
      await #expect { _ = try await Explorer(runs: [path]) } throws: { "\($0)".hasSuffix(".") }
    }
  }
}
