import Foundation
import Testing

@Suite("Filling in, clustering and probing")
struct FillingTests {
  private static let quick = ["--steps", "4", "--chains", "4"]

  @Test("impute writes strips, arrays and tables", arguments: ["png", "npy", "csv"])
  func writing(format: String) throws {
    try Scratch.withRun { scratch in
      let call = ["impute", "run", "digits", "--lower-half", "--count", "3", "--completions", "2", "--out"]
      let text = try Command.succeed(call + ["a.\(format)"] + Self.quick, in: scratch.path).output
      for word in [
        "96 missing values of 3 rows", "squared error", "column means of the training rows", "PPCA", "a.\(format)",
      ] {
        #expect(text.contains(word), "\(text) says \(word).")
      }
      let file = try scratch.bytes("a.\(format)")
      switch format {
      case "png": #expect(file.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      case "npy": #expect(String(decoding: file.prefix(128), as: UTF8.self).contains("(4, 3, 8, 8"))
      default:
        let lines = String(decoding: file, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 13 && lines[0].hasPrefix("row,kind,x 1,"))
        #expect(lines[1].hasPrefix("1,mean,") && lines[2].hasPrefix("1,deviation,0") && lines[4].hasPrefix("1,2,"))
      }
    }
  }

  @Test("A model of whole rows fills in the holes of a table in its own units")
  func holes() throws {
    try Scratch.with { scratch in
      let rows = (0..<120).map { row in
        let x = Double(row % 12)
        return "\(x),\(1000 - 100 * x + Double(row % 5)),\(Double(row % 7))"
      }
      try scratch.write("a,b,c\n" + rows.joined(separator: "\n") + "\n", to: "whole.csv")
      try scratch.write("a,b,c\n3,,1\n,500,NA\n2,800,4\n", to: "holes.csv")
      try Command.succeed(["train", "whole.csv", "--out", "run"] + Command.tiny, in: scratch.path)
      let call = ["impute", "run", "holes.csv", "--completions", "0", "--out", "filled.csv", "--json"]
      let object = try Command.succeed(call + Self.quick, in: scratch.path).object()
      #expect(object["rows"] as? Int == 3 && object["missing"] as? Int == 3 && object["score"] == nil)
      let lines = try scratch.text("filled.csv").split(separator: "\n").map {
        $0.split(separator: ",").map(String.init)
      }
      #expect(lines[0] == ["a", "b", "c"] && lines.count == 4)
      #expect(lines[1][0] == "3" && lines[2][1] == "500" && lines[3] == ["2", "800", "4"], "What is known stays.")
      #expect(lines.dropFirst().joined().allSatisfy { Double($0)?.isFinite == true })
    }
  }

  @Test("The same seed hides and fills in the same, and the error is in the object")
  func seeds() throws {
    try Scratch.withRun { scratch in
      func impute(_ seed: String, _ out: String) throws -> [String: Any] {
        let call = [
          "impute", "run", "digits", "--fraction", "0.3", "--count", "5", "--seed", seed, "--json", "--out", out,
        ]
        return try Command.succeed(call + Self.quick, in: scratch.path).object()
      }
      let score = try #require(try impute("1", "a.npy")["score"] as? [String: Any])
      for key in ["meanSquaredError", "standardError"] { #expect(try #require(score[key] as? Double) > 0) }
      let baselines = try #require(score["baselines"] as? [[String: Any]])
      #expect(baselines.map { $0["name"] as? String } == ["column-means", "ppca", "best-ppca"])
      for baseline in baselines {
        let error = try #require(baseline["meanSquaredError"] as? Double)
        let difference = try #require(baseline["difference"] as? Double)
        let own = try #require(score["meanSquaredError"] as? Double)
        #expect(error > 0 && abs(own - error - difference) < 1e-9)
        #expect(try #require(baseline["differenceError"] as? Double) > 0)
      }
      _ = try impute("1", "b.npy")
      _ = try impute("2", "c.npy")
      #expect(try scratch.bytes("a.npy") == scratch.bytes("b.npy"))
      #expect(try scratch.bytes("a.npy") != scratch.bytes("c.npy"))
    }
  }

  @Test(
    "cluster writes a line for each row and a sheet, and states criterion and agreement",
    arguments: ["mixture", "k-means"])
  func cluster(method: String) throws {
    try Scratch.withRun { scratch in
      let call = [
        "cluster", "run", "--part", "test", "--method", method, "--clusters", "2...4", "--starts", "2", "--out",
        "c.csv",
      ]
      let object = try Command.succeed(call + ["--sheet", "c.png", "--json"], in: scratch.path).object()
      #expect(object["rows"] as? Int == 180 && (object["candidates"] as? [Any])?.count == 3)
      let sizes = try #require(object["sizes"] as? [Int])
      #expect(sizes.reduce(0, +) == 180 && sizes == sizes.sorted(by: >))
      #expect((object["agreement"] as? [String: Double])?["adjustedRandIndex"] != nil)
      let lines = try scratch.text("c.csv").split(separator: "\n")
      #expect(
        lines.count == 181 && lines[0] == (method == "mixture" ? "row,cluster,probability,label" : "row,cluster,label"))
      #expect(try scratch.bytes("c.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
      let text = try Command.succeed(call, in: scratch.path).output
      #expect(text.contains(method == "mixture" ? "BIC" : "silhouette") && text.contains("adjusted Rand index"))
    }
  }

  @Test("probe sets codes beside raw data and chance")
  func probe() throws {
    try Scratch.withRun { scratch in
      let call = ["probe", "run", "--epochs", "3", "--convolutional"]
      let text = try Command.succeed(call, in: scratch.path).output
      for word in ["codes, linear", "codes, mlp", "raw data, convolutional", "frequencies alone", "180 test rows", "±"]
      {
        #expect(text.contains(word), "\(word) is said.")
      }
      let object = try Command.succeed(call + ["--json"], in: scratch.path).object()
      #expect((object["results"] as? [Any])?.count == 5 && (object["classes"] as? [String])?.count == 10)
    }
  }

  static let refusals = [
    Refusal("impute", "run", "digits", "--out", "a.npy", says: ["no missing values", "--fraction"], code: 1),
    Refusal("impute", "run", "digits", "--out", "a.txt", "--lower-half", says: [".npy"], code: 2),
    Refusal(
      "impute", "run", "digits", "--out", "a.npy", "--lower-half", "--box", "0,0,1,1", says: ["only one"], code: 2),
    Refusal("impute", "run", "digits", "--out", "a.npy", "--box", "0,0,9,1", says: ["beyond", "8 × 8"], code: 1),
    Refusal("impute", "run", "digits", "--out", "a.npy", "--box", "0,0,9", says: ["top,left,height,width"]),
    Refusal("impute", "run", "digits", "--out", "a.npy", "--fraction", "1.5", says: ["between 0 and 1"], code: 2),
    Refusal("impute", "run", "digits", "--out", "a.npy", "--mask", "none.png", says: ["none.png"], code: 1),
    Refusal("impute", "run", "digits", "--out", "a.npy", "--mask", "dot.png", says: ["1 × 1", "8 × 8"], code: 1),
    Refusal("impute", "run", "digits", "--out", "a.npy", "--lower-half", "--chains", "2", says: ["4 to 1000"], code: 2),
    Refusal("cluster", "run", "--out", "a.npy", says: [".csv"], code: 2),
    Refusal("cluster", "run", "--out", "a.csv", "--clusters", "5...2", says: ["range"], code: 2),
    Refusal("cluster", "run", "--out", "a.csv", "--clusters", "ten", says: ["range"], code: 2),
    Refusal(
      "cluster", "run", "--out", "a.csv", "--method", "k-means", "--clusters", "1...3", says: ["silhouette"], code: 2),
    Refusal("cluster", "run", "--out", "a.csv", "--sheet", "a.jpg", says: [".png"], code: 2),
    Refusal("cluster", "run", "few.npy", "--out", "a.csv", "--clusters", "9", says: ["4 rows", "9 clusters"], code: 1),
    Refusal("probe", "run", "few.npy", says: ["few.npy"], code: 1),
    Refusal("probe", "run", "--hidden", "0", says: ["1 to 65536"], code: 2),
  ]

  @Test("What makes no sense is refused in one sentence and leaves nothing behind")
  func refused() throws {
    try Scratch.withRun { scratch in
      try scratch.write(Sample.npy(rows: 4, columns: 64), to: "few.npy")
      try scratch.write(Sample.png(), to: "dot.png")
      for refusal in Self.refusals { try refusal.expect(in: scratch) }
    }
  }
}
