import Foundation
import Testing

@Suite("Data that cannot be used")
struct SourceRefusalTests {
  /// Calls by which every source is tried: read alone, and trained on.
  private func expectRefused(
    _ scratch: Scratch, _ source: String, says words: [String], _ settings: String...,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    for verb in ["data", "train"] {
      let arguments = [verb, source] + (["threads=1"] + settings).flatMap { ["--set", $0] }
      try Refusal(call: arguments, says: words).expect(in: scratch, at: location)
    }
  }

  @Test("A missing, empty or unknown file is refused by its name")
  func missing() throws {
    try Scratch.with { scratch in
      try expectRefused(scratch, "none.csv", says: ["none.csv", "does not exist"])
      try expectRefused(scratch, "/proc/self/mem", says: ["/proc/self/mem"])
      for name in ["a.npy", "a.npz", "a.csv", "a.idx", "a.png", "a.mat", "a.tar.gz"] {
        try scratch.write(Data(), to: name)
        try expectRefused(scratch, name, says: [name])
      }
      try FileManager.default.createDirectory(atPath: "\(scratch.path)/empty", withIntermediateDirectories: true)
      try expectRefused(scratch, "empty", says: ["empty"])
      try scratch.write("nothing that is known", to: "letter.doc")
      try expectRefused(scratch, "letter.doc", says: ["letter.doc"])
    }
  }

  @Test("A file that was cut short is refused by its name", arguments: ["npy", "npz", "idx", "png"])
  func truncated(kind: String) throws {
    let bytes =
      switch kind {
      case "npy": Sample.npy(rows: 40, columns: 6)
      case "npz": try Sample.npz()
      case "idx": Sample.idx(count: 40, height: 4, width: 4)
      default: try Sample.png()
      }
    try Scratch.with { scratch in
      for keep in [4, bytes.count / 3, bytes.count / 2] {
        // A picture is read from a folder of them.
        try scratch.write(bytes.prefix(keep), to: "cut/file.\(kind == "idx" ? "idx3-ubyte" : kind)")
        let source = kind == "png" ? "cut" : "cut/file.\(kind == "idx" ? "idx3-ubyte" : kind)"
        try expectRefused(scratch, source, says: ["file"])
      }
    }
  }

  @Test("Text among numbers is refused with its line and column")
  func text() throws {
    try Scratch.with { scratch in
      let rows = (0..<30).map { $0 == 16 ? "1,oops" : "\($0),\($0 * 2)" }
      try scratch.write((["a,b"] + rows).joined(separator: "\n"), to: "t.csv")
      try expectRefused(scratch, "t.csv", says: ["t.csv", "oops", "b", "18"])
    }
  }

  @Test("A missing value is refused with its place and the remedy")
  func notANumber() throws {
    try Scratch.with { scratch in
      var values = (0..<120).map(Float.init)
      values[50] = .nan
      try scratch.write(Sample.npy(values, shape: [40, 3]), to: "n.npy")
      try Refusal("train", "n.npy", says: ["n.npy", "17", "data.missing=drop"], code: 1).expect(in: scratch)
      try scratch.write("a,b\n1,2\n3,\n5,6\n", to: "n.csv")
      try Refusal("train", "n.csv", says: ["n.csv", "b", "line 3", "data.missing=drop"], code: 1).expect(in: scratch)
      // A trained model's run says how data is read: what judges it has no --set.
      try scratch.write("a,b\n" + (0..<40).map { "\($0 % 7),\($0 % 5)\n" }.joined(), to: "t.csv")
      for run in ["one", "two"] {
        try Command.succeed(["train", "t.csv", "--out", run] + Command.tiny, in: scratch.path)
      }
      for call in [
        ["evaluate", "one", "n.csv"], ["check", "one", "n.csv"], ["compare", "one", "two", "--on", "n.csv"],
      ] {
        try Refusal(call: call, says: ["n.csv", "line 3", "latent impute"], code: 1).expect(in: scratch)
        #expect(try !Command.run(call, in: scratch.path).errors.contains("--set"))
      }
    }
  }

  @Test("Values that a likelihood cannot describe are refused with the remedy")
  func likelihoods() throws {
    try Scratch.with { scratch in
      try scratch.write(Sample.npy((0..<120).map { Float($0) - 20 }, shape: [40, 3]), to: "wide.npy")
      try scratch.write(Sample.npy(rows: 40, columns: 3), to: "fractions.npy")
      func refusal(_ source: String, _ likelihood: String, _ words: [String]) -> Refusal {
        Refusal(
          "train", source, "--set", "model.likelihood=\(likelihood)", "--set", "training.batch=8",
          says: words + ["likelihood"],
          code: 1)
      }
      try refusal("wide.npy", "bernoulli", ["[0, 1]", "−20", "99"]).expect(in: scratch)
      try refusal("wide.npy", "continuous-bernoulli", ["[0, 1]"]).expect(in: scratch)
      try refusal("fractions.npy", "categorical", ["categorical", "fractions"]).expect(in: scratch)
      try refusal("wide.npy", "categorical", ["categorical", "−20"]).expect(in: scratch)
    }
  }

  @Test("Fewer rows than training takes are refused with a number that works")
  func fewRows() throws {
    try Scratch.with { scratch in
      try Refusal(
        "train", "--set", "data.rows=50", "--set", "training.batch=64", says: ["training.batch", "64", "50"], code: 1
      ).expect(in: scratch)
      try Refusal("train", "--set", "data.validation=1797", says: ["data.validation", "1797"], code: 1).expect(
        in: scratch)
      try scratch.write("a,b\n1,2\n", to: "one.csv")
      try Refusal("train", "one.csv", says: ["one.csv"], code: 1).expect(in: scratch)
    }
  }

  @Test(
    "Data of another shape than the model's is refused by every verb", arguments: ["evaluate", "reconstruct", "encode"])
  func otherShape(verb: String) throws {
    try Scratch.withRun { scratch in
      try scratch.write(Sample.npy(rows: 40, columns: 3), to: "narrow.npy")
      let out = verb == "evaluate" ? [] : ["--out", "out.npy"]
      try Refusal(call: [verb, "run", "narrow.npy"] + out, says: ["narrow", "3", "8 × 8"]).expect(in: scratch)
      try Refusal(call: [verb, "run", "none.npy"] + out, says: ["none.npy", "does not exist"]).expect(in: scratch)
    }
  }
}
