import Foundation
import Testing

@Suite("Judging a run in full")
struct EvaluateTests {
  @Test("Each row's measures are written, and agree with what is printed")
  func rows() throws {
    try Scratch.withRun { scratch in
      let object = try Command.succeed(
        ["evaluate", "run", "--samples", "30", "--count", "20", "--rows", "rows.csv", "--json"], in: scratch.path
      ).object()
      #expect(object["rows"] as? Int == 20)
      let lines = try scratch.text("rows.csv").split(separator: "\n").map { $0.split(separator: ",") }
      #expect(lines.count == 21 && lines[0][5] == "negativeLogLikelihood" && lines[20][0] == "19")
      let mean = lines.dropFirst().reduce(0) { $0 + (Double($1[5]) ?? .nan) } / 20
      // Sums of numbers of a hundred in double precision.
      #expect(abs(mean - (try #require(object["negativeLogLikelihood"] as? Double))) < 1e-9)
      let bounds = try #require(object["bounds"] as? [[String: Any]])
      #expect(bounds.map { $0["samples"] as? Int } == [1, 10, 30])
      let gap = try ["gap", "gapError"].map { String(format: "%.3f", try #require(object[$0] as? Double)) }
      let again = try Command.succeed(
        ["evaluate", "run", "--samples", "30", "--count", "20", "--rows", "again.csv"], in: scratch.path
      ).output
      for word in [
        "gap                 \(gap[0]) ± \(gap[1])", "less its bias", "with K = 10", "tail k̂", "error of x̂",
        "wrong elements",
        "20 test rows",
      ] {
        #expect(again.contains(word), "\(word) is in the text.")
      }
      #expect(try scratch.bytes("again.csv") == scratch.bytes("rows.csv"))
    }
  }

  @Test("The gap is split and rows are annealed on request, also those that the model draws")
  func further() throws {
    try Scratch.withRun { scratch in
      let arguments = [
        "evaluate", "run", "--samples", "30", "--count", "6", "--refine", "20", "--annealed", "--simulated", "3",
        "--temperatures", "10", "--chains", "3",
      ]
      let text = try Command.succeed(arguments, in: scratch.path).output
      for word in [
        "approximation", "amortization", "after 20 steps", "annealed", "3 chains of 10 temperatures", "of 6 rows",
        "3 rows drawn from the model", "from above", "from below",
      ] {
        #expect(text.contains(word), "\(word) is in \(text)")
      }
      let object = try Command.succeed(arguments + ["--json"], in: scratch.path).object()
      let parts = try #require(object["gapParts"] as? [String: Any])
      let (first, second) = (parts["approximation"] as? Double, parts["amortization"] as? Double)
      let gap = try #require(object["gap"] as? Double)
      #expect(abs((first ?? .nan) + (second ?? .nan) - gap) < 1e-9)
      let drawn = try #require(object["simulated"] as? [String: Any])
      #expect(drawn["rows"] as? Int == 3 && drawn["lowerNegativeLogLikelihood"] is Double)
    }
  }

  @Test("Ctrl-C ends judging with what is done, and says of how many rows it is")
  func interrupted() throws {
    try Scratch.withRun { scratch in
      let judging = try Command.start(
        ["evaluate", "run", "--part", "all", "--samples", "2000", "--threads", "1", "--rows", "rows.csv"],
        in: scratch.path)
      #expect(judging.wait { judging.catches(SIGINT) })
      usleep(1_000_000)
      judging.send(SIGINT)
      let outcome = try judging.outcome(within: 30)
      #expect(outcome.code == 130)
      if outcome.output.isEmpty {
        // On a busy machine not one batch may be done by then.
        #expect(outcome.errors.contains("Stopped before any row was judged.") && !scratch.has("rows.csv"))
      } else {
        let found = try #require(outcome.output.firstMatch(of: /numbers of the first (\d+) of 1797 rows/))
        let lines = try scratch.text("rows.csv").split(separator: "\n").count
        #expect(lines == 1 + (Int(found.output.1) ?? 0) && !outcome.output.contains("mutual information"))
      }
    }
  }

  @Test("Numbers that make no sense are refused before anything is read")
  func refusals() throws {
    try Scratch.with { scratch in
      for (option, value) in [
        ("--refine", "0"), ("--simulated", "0"), ("--temperatures", "1"), ("--chains", "1"), ("--count", "-1"),
      ] {
        try Refusal("evaluate", "none", option, value, says: ["\(option) \(value)"], code: 2).expect(in: scratch)
      }
      for option in ["--temperatures", "--chains"] {
        try Refusal("evaluate", "none", option, "20", says: [option, "--annealed"], code: 2).expect(in: scratch)
      }
      try Refusal("evaluate", "none", "--rows", "rows.txt", says: ["rows.txt", ".csv"], code: 2).expect(in: scratch)
      try Refusal("evaluate", "none", "--rows", "no/r.csv", says: ["no/r.csv", "folder no"]).expect(in: scratch)
    }
  }

  @Test("An autoencoder has no gap to split, but is annealed")
  func autoencoder() throws {
    try Scratch.with { scratch in
      let settings = ["model.posterior=point", "model.prior=fitted-gaussian", "objective=reconstruction"]
      try Command.succeed(
        ["train", "--out", "run"] + Command.tiny + settings.flatMap { ["--set", $0] }, in: scratch.path)
      let annealing = ["--count", "3", "--temperatures", "5", "--chains", "2"]
      let object = try Command.succeed(["evaluate", "run", "--annealed", "--json"] + annealing, in: scratch.path)
        .object()
      let found = try #require(object["annealed"] as? [String: Any])
      #expect(found["negativeLogLikelihood"] is Double && object["negativeLogLikelihood"] is NSNull)
      try Refusal("evaluate", "run", "--refine", "5", says: ["no density"], code: 1).expect(in: scratch)
      // What is set beside training rows is the reconstruction, as there is no ELBO.
      let text = try Command.succeed(["evaluate", "run", "--count", "20"], in: scratch.path).output
      #expect(text.contains("−log p(x|z) less that of training rows") && !text.contains("−ELBO"))
    }
  }

  @Test("One row is judged without an error over rows, and without a statement about all of them")
  func oneRow() throws {
    try Scratch.with { scratch in
      try Command.succeed(["train", "--out", "run"] + Command.tiny, in: scratch.path)
      let text = try Command.succeed(["evaluate", "run", "--count", "1", "--samples", "5"], in: scratch.path).output
      #expect(text.contains("One row does not show whether latents vary"))
      #expect(!text.contains("has collapsed") && !text.contains("as a sample of all such rows"))
      let two = try Command.succeed(["evaluate", "run", "--count", "2", "--samples", "5"], in: scratch.path).output
      #expect(two.contains("as a sample of all such rows") && !two.contains("One row"))
    }
  }
}
