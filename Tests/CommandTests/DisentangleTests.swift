import Foundation
import Testing

@Suite("Disentanglement")
struct DisentangleTests {
  /// The embedded digits' 1797 rows with two made-up factors.
  private static func factors(_ scratch: Scratch) throws {
    let rows = (0..<1797).map { "\($0 % 3),\($0 / 3 % 2),7" }
    try scratch.write("third,half,same\n" + rows.joined(separator: "\n") + "\n", to: "f.csv")
  }

  @Test("disentangle prints every measure with its meaning, and the same for machines")
  func measures() throws {
    try Scratch.withRun { scratch in
      try Self.factors(scratch)
      let call = ["disentangle", "run", "--factors", "f.csv"]
      let text = try Command.succeed(call, in: scratch.path).output
      for word in [
        "MIG", "DCI", "SAP", "FactorVAE score", "third", "half", "seed 0", "20 classes", "of draws",
        "same in all rows: same",
      ] {
        #expect(text.contains(word), "\(text) says \(word).")
      }
      let object = try Command.succeed(call + ["--json"], in: scratch.path).object()
      #expect(object["factors"] as? [String] == ["third", "half"] && object["rows"] as? Int == 1797)
      let gap = try #require(object["mutualInformationGap"] as? [String: Any])
      #expect((gap["value"] as? Double).map { (0...1).contains($0) } == true)
      let drawn = try #require(object["drawnMutualInformationGap"] as? [String: Any])
      #expect((drawn["value"] as? Double).map { (0...1).contains($0) } == true)
      let again = try Command.succeed(call + ["--names", "a,b,c"], in: scratch.path).output
      #expect(again.contains("\n  a ") && again.contains("same in all rows: c"))
    }
  }

  @Test("Factors that do not belong to the rows, and calls without them, are refused")
  func refusals() throws {
    try Scratch.withRun { scratch in
      try Self.factors(scratch)
      try scratch.write("a,b\n1,2\n3,4\n", to: "few.csv")
      try scratch.write("", to: "empty.csv")
      for refusal in [
        Refusal("disentangle", "run", says: ["--factors"], code: 2),
        Refusal("disentangle", "run", "--factors", "none.csv", says: ["none.csv"], code: 1),
        Refusal("disentangle", "run", "--factors", "empty.csv", says: ["empty.csv"], code: 1),
        Refusal("disentangle", "run", "--factors", "few.csv", says: ["2 rows", "1797 rows"], code: 1),
        Refusal("disentangle", "run", "--factors", "f.csv", "--names", "a,b", says: ["3 factors"], code: 1),
        Refusal("disentangle", "run", "--factors", "f.csv", "--names", "a,,b", says: ["--names"], code: 2),
        Refusal("disentangle", "none", "--factors", "f.csv", says: ["none"], code: 1),
      ] { try refusal.expect(in: scratch) }
    }
  }
}
