import Foundation
import Testing

@Suite("Samples that a classifier recognizes")
struct RecognitionFlowTests {
  @Test("A VAE and an autoencoder are compared by what is recognized, between real rows and nonsense")
  func twins() throws {
    try Scratch.with { scratch in
      try Command.succeed(["train", "--out", "vae"] + Command.tiny, in: scratch.path)
      let point = ["--set", "model.posterior=point", "--set", "objective=reconstruction"]
      try Command.succeed(["train", "--out", "twin"] + Command.tiny + point, in: scratch.path)
      let compare = ["compare", "vae", "twin", "--samples", "4", "--recognize", "200", "--threads", "1"]
      let text = try Command.succeed(compare + ["--out", "page.html"], in: scratch.path).output
      for word in ["recognized", "effective classes", "held-out rows", "splices", "blends", "fitted-gaussian"] {
        #expect(text.contains(word), "\(word) is printed.")
      }
      #expect(!text.contains("nan"), "What an autoencoder has none of is a dash.")
      try page(scratch.text("page.html"))
      let object = try Command.succeed(compare + ["--json"], in: scratch.path).object()
      try judge(object)
      let again = try Command.succeed(compare + ["--json"], in: scratch.path).object()
      #expect(object["recognition"] as? NSDictionary == again["recognition"] as? NSDictionary)
    }
  }

  private func judge(_ object: [String: Any]) throws {
    let recognition = try #require(object["recognition"] as? [String: Any])
    // The runs were trained on 128 rows; the classifier takes all that are not held out.
    #expect(recognition["trainingRows"] as? Int == 1437)
    let score = try #require(recognition["score"] as? [String: Any])
    #expect(try #require(score["accuracy"] as? Double) > 0.85)
    func part(_ share: [String: Any]?) throws -> Double { try #require(share?["recognized"] as? Double) }
    let real = try part(recognition["real"] as? [String: Any])
    #expect(real > 0.6)
    let nonsense = try #require(recognition["nonsense"] as? [[String: Any]])
    #expect(nonsense.compactMap { $0["of"] as? String } == ["splices", "noise", "blends", "averages"])
    for share in nonsense { #expect(try part(share) < real / 2) }
    let runs = try #require(object["runs"] as? [[String: Any]])
    let shares = try runs.map { try #require($0["recognized"] as? [[String: Any]]) }
    #expect(shares[0].compactMap { $0["of"] as? String } == ["standard-normal"])
    #expect(shares[1].compactMap { $0["of"] as? String } == ["standard-normal", "fitted-gaussian"])
    for share in shares.joined() {
      let recognized = try part(share)
      #expect(share["rows"] as? Int == 200 && (0...1).contains(recognized))
      #expect((share["perClass"] as? [Double])?.count == 10)
    }
  }

  private func page(_ page: String) throws {
    for words in ["Samples", "Recognized samples", "Maps of the latents", "Curves", "Measures"] {
      #expect(page.contains(">\(words)</h2>"), "There is a section \(words).")
    }
    // One sheet of the VAE, two of its twin; pictures are within the page.
    #expect(page.components(separatedBy: "src=\"data:image/png;base64,").count == 4)
    for chart in ["map-0", "map-1", "validation-curves", "validation-reconstructions"] {
      #expect(page.contains("id=\"\(chart)\""), "There is the chart \(chart).")
    }
    #expect(!page.contains("http://") && !page.contains("https://"), "The page opens without a network.")
  }

  @Test("Runs without labels or without rows held out, and too few draws, are refused before anything is judged")
  func refusals() throws {
    try Scratch.with { scratch in
      try scratch.write(Sample.npy(rows: 60, columns: 6), to: "plain.npy")
      let small = [
        "--set", "training.batch=12", "--set", "training.epochs=1", "--set", "model.latents=2", "--set", "threads=1",
      ]
      try Command.succeed(["train", "plain.npy", "--out", "plain"] + small, in: scratch.path)
      try Refusal("compare", "plain", "--recognize", "100", says: ["plain.npy", "no labels"], code: 1)
        .expect(in: scratch)
      try Command.succeed(
        ["train", "--out", "whole"] + Command.tiny + ["--set", "data.validation=0", "--set", "data.test=0"],
        in: scratch.path)
      try Refusal("compare", "whole", "--recognize", "100", says: ["data.test", "classifier"], code: 1)
        .expect(in: scratch)
      try Refusal("compare", "whole", "--recognize", "9", says: ["--recognize 9", "10"], code: 2).expect(in: scratch)
    }
  }

  @Test("Tables have no sheets of pictures, and their draws are recognized by a perceptron")
  func table() throws {
    try Scratch.with { scratch in
      let lines = (0..<240).map { row in
        let label = row % 2
        let jitter = Double(row * 7919 % 101) / 101
        return "\(Double(4 * label) + jitter),\(Double(-4 * label) + jitter),\(jitter),\(["low", "high"][label])"
      }
      try scratch.write((["a,b,c,class"] + lines).joined(separator: "\n") + "\n", to: "table.csv")
      try Command.succeed(
        [
          "train", "table.csv", "--out", "run", "--set", "threads=1", "--set", "training.epochs=3", "--set",
          "model.latents=2",
        ], in: scratch.path)
      let compare = ["compare", "run", "--samples", "4", "--recognize", "100", "--threads", "1"]
      try Command.succeed(compare + ["--out", "page.html"], in: scratch.path)
      let page = try scratch.text("page.html")
      #expect(!page.contains("data:image/png") && page.contains(">Recognized samples</h2>") && page.contains("map-0"))
      let object = try Command.succeed(compare + ["--json"], in: scratch.path).object()
      let recognition = try #require(object["recognition"] as? [String: Any])
      #expect(recognition["classes"] as? [String] == ["high", "low"])
      // Half of the noise is like real rows here, and is no reason to refuse these.
      let real = try #require(recognition["real"] as? [String: Any])
      #expect(try #require(real["recognized"] as? Double) > 0.9)
    }
  }
}
