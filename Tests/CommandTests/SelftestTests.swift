import Foundation
import Testing

@Suite("Examining the installation")
struct SelftestTests {
  @Test("A claim that holds is said with its figure and what it may be, from any folder, and leaves nothing")
  func holds() throws {
    try Scratch.with { scratch in
      let outcome = try Command.succeed(
        ["selftest", "--only", "gaussian-divergence", "--only", "same-seed"], in: scratch.path)
      let lines = outcome.output.split(separator: "\n")
      #expect(
        lines.count == 5 && lines[0].hasPrefix("ok      gaussian-divergence") && lines[0].contains("at most 1e-08"))
      #expect(lines[2].hasPrefix("ok      same-seed") && lines[2].hasSuffix("0 differences, at most 0"))
      #expect(lines[4].hasPrefix("2 of 2 claims hold; "))
      #expect(outcome.errors.isEmpty && scratch.names.isEmpty)
    }
  }

  @Test("What is spoilt fails with its place, exit 1", arguments: ["gaussian-divergence", "gap", "same-seed"])
  func fails(name: String) throws {
    try Scratch.with { scratch in
      let words = ["selftest", "--only", name, "--fault", "0.5"]
      let outcome = try Command.run(words, in: scratch.path)
      #expect(outcome.code == 1 && outcome.output.hasPrefix("FAILED  \(name)") && outcome.output.contains("; at "))
      #expect(outcome.output.contains("0 of 1 claims hold, 1 FAILED; "))
      #expect(outcome.errors.isEmpty)
      let machine = try Command.run(words + ["--json"], in: scratch.path)
      let found = try machine.object()
      let results = try #require(found["claims"] as? [[String: Any]])
      #expect(machine.code == 1 && results.count == 1 && results[0]["status"] as? String == "failed")
      #expect(found["held"] as? Int == 0 && found["failed"] as? Int == 1 && found["skipped"] as? Int == 0)
      #expect(results[0]["name"] as? String == name)
      let (figure, tolerance) = (results[0]["figure"] as? Double, results[0]["tolerance"] as? Double)
      #expect(try #require(figure) > #require(tolerance))
    }
  }

  @Test("Claims are listed without being examined, and another name is refused with the nearest")
  func lists() throws {
    try Scratch.with { scratch in
      let names = try Command.succeed(["selftest", "--list"], in: scratch.path).output.split(separator: "\n")
      #expect(names.count > 25 && names.contains { $0.hasPrefix("importance-bound ") })
      let machine = try Command.succeed(["selftest", "--list", "--json"], in: scratch.path).object()
      #expect((machine["claims"] as? [Any])?.count == names.count)
      try Refusal("selftest", "--only", "gapp", says: ["'gapp' is no claim", "gap"], code: 2).expect(in: scratch)
      try Refusal("selftest", "--fault", "nan", says: ["--fault nan"], code: 2).expect(in: scratch)
    }
  }

  @Test("A folder for temporary files that cannot be written fails the claims that need it, in a sentence")
  func noRoom() throws {
    try Scratch.with { scratch in
      try scratch.write("a file", to: "none")
      let outcome = try RunningProcess(
        "/usr/bin/env", ["TMPDIR=\(scratch.path)/none/such", Command.path, "selftest", "--only", "same-seed"],
        in: scratch.path
      ).outcome(within: 60)
      #expect(outcome.code == 1 && outcome.output.hasPrefix("FAILED  same-seed") && outcome.errors.isEmpty)
      #expect(!outcome.output.contains("Error(") && outcome.output.contains("none/such"))
    }
  }
}
