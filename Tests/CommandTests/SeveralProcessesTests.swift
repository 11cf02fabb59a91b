import Foundation
import Testing

/// Processes as their users start them.
enum Mpirun {
  /// Where it is; nil where it is not installed.
  static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/mpirun" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// On few cores, beside other tests, and without mpirun's own words on how its processes ended.
  private static let options = ["--quiet", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"]

  /// Starts `latent` in each of several processes, with the arguments that it has in them.
  static func start(_ arguments: [String]..., in folder: String) throws -> RunningProcess {
    let parts = arguments.map { ["-n", "1", Command.path] + $0 }
    return try RunningProcess(#require(path), options + parts.joined(separator: [":"]), in: folder)
  }

  /// Runs `latent` in several processes to its end.
  static func run(_ count: Int, _ arguments: [String], in folder: String) throws -> Command.Outcome {
    let words = options + ["-n", "\(count)", Command.path] + arguments
    return try RunningProcess(#require(path), words, in: folder).outcome(within: 60)
  }
}

@Suite(
  "Several processes that train one model", .serialized,
  .enabled(if: Mpirun.path != nil, "The mpirun of OpenMPI is not on the PATH."))
struct SeveralProcessesTests {
  /// Training without a draw: only the order of sums differs.
  private static let withoutDraws =
    Command.tiny
    + [
      "data.rows=161", "training.epochs=3", "objective=reconstruction", "model.posterior=point",
      "model.prior=fitted-gaussian", "model.likelihood=unit-gaussian",
      "training.optimizer={kind: sgd, learningRate: 0.02, momentum: 0.5}",
    ].flatMap { ["--set", $0] }

  /// Every number of a model's file; all of them are of single precision.
  private func numbers(_ model: Data) throws -> [Float] {
    let count = model.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let header = try #require(
      try JSONSerialization.jsonObject(with: model.dropFirst(8).prefix(count)) as? [String: Any])
    for case let tensor as [String: Any] in header.values where tensor["dtype"] != nil {
      try #require(tensor["dtype"] as? String == "F32")
    }
    return Data(model.dropFirst(8 + count)).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  @Test(
    "Two or three processes reach what one reaches, also where a step has a row for one of them only",
    arguments: [2, 3])
  func sameAsOne(processes: Int) throws {
    try Scratch.with { scratch in
      try Command.succeed(["train", "--out", "one"] + Self.withoutDraws, in: scratch.path)
      let outcome = try Mpirun.run(processes, ["train", "--out", "many"] + Self.withoutDraws, in: scratch.path)
      try #require(outcome.code == 0, "\(outcome.errors)")
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.count { $0.hasPrefix("Report: ") } == 1, "One of them speaks.")
      #expect(outcome.errors.contains("epoch 3/3"))
      let (one, many) = (
        try numbers(scratch.bytes("one/model.safetensors")), try numbers(scratch.bytes("many/model.safetensors"))
      )
      // Eighteen steps, each of which may round a sum of parameters of size 1 differently: some 1e-7 each.
      try #require(one.count == many.count && one.count > 2000)
      let distance = zip(one, many).map { abs($0 - $1) }.max() ?? .infinity
      #expect(distance < 1e-5, "The parameters are \(distance) apart.")
      #expect(one.contains { abs($0) > 0.1 })
      // The terms are those of all rows.
      let columns = try ["one", "many"].map { name in
        try scratch.text("\(name)/metrics.csv").split(separator: "\n").dropFirst().map { line in
          try #require(line.split(separator: ",").suffix(2).compactMap { Double($0) } as [Double]?)
        }
      }
      for (a, b) in zip(columns[0], columns[1]) {
        #expect(a.count == 2 && zip(a, b).allSatisfy { abs($0 - $1) < 1e-3 }, "\(a) and \(b)")
      }
      #expect(try scratch.text("many/manifest.json").contains("\"processes\" : \(processes)"))
      #expect(try scratch.text("many/config.yaml").contains("processes: \(processes)\n"))
    }
  }

  @Test("A run of two processes goes on to the bytes of one that was never stopped, and with two only")
  func resumed() throws {
    try Scratch.with { scratch in
      func train(_ arguments: [String]) throws {
        let outcome = try Mpirun.run(2, ["train"] + arguments, in: scratch.path)
        try #require(outcome.code == 0, "\(outcome.errors)")
      }
      let more = ["--set", "training.epochs=4"]
      try train(["--out", "whole"] + Command.tiny + more)
      try train(["--out", "run"] + Command.tiny)
      #expect(try scratch.bytes("run/model.safetensors") != scratch.bytes("whole/model.safetensors"))
      let alone = try Command.run(["train", "--resume", "run"] + more, in: scratch.path)
      #expect(alone.code == 1 && alone.errors.contains("mpirun -n 2"))
      Command.expectOneSentence(alone)
      try train(["--resume", "run"] + more)
      #expect(try scratch.bytes("run/model.safetensors") == scratch.bytes("whole/model.safetensors"))
    }
  }

  @Test("Ctrl-C ends all of them with everything saved")
  func interrupted() throws {
    try Scratch.with { scratch in
      let call =
        ["train", "--out", "run"] + Command.tiny + ["--set", "training.epochs=1000000", "--set", "training.patience=0"]
      let run = try Mpirun.start(call, call, in: scratch.path)
      try #require(run.wait { run.errors.contains("epoch ") }, "Training starts: \(run.errors)")
      run.send(SIGINT)
      let outcome = try run.outcome(within: 20)
      #expect(outcome.code != 0)
      #expect(outcome.errors.contains("Stopped") && outcome.errors.contains("mpirun -n 2 latent train --resume run"))
      #expect(scratch.has("run/checkpoint/state.safetensors"))
      #expect(try scratch.text("run/manifest.json").contains("\"interrupted\""))
    }
  }

  @Test("What goes wrong in one of them ends all, in one sentence of the one that knows")
  func failing() throws {
    try Scratch.with { scratch in
      let call = ["train", "--out", "run"] + Command.tiny
      for (other, word) in [
        (["train", "nowhere.csv"] + call.dropFirst(), "nowhere.csv"),
        (call + ["--set", "data.rows=100"], "the data in 'digits' is not what"),
      ] {
        let outcome = try Mpirun.start(call, other, in: scratch.path).outcome(within: 60)
        #expect(outcome.code == 1)
        Command.expectOneSentence(outcome)
        #expect(outcome.errors.contains("process 1 of 2") && outcome.errors.contains(word), "\(outcome.errors)")
      }
      #expect(scratch.names.isEmpty)
    }
  }

  @Test(
    "What none of them can do is said once",
    arguments: [
      (["--set", "training.batch=1"], "cannot be shared by 2 processes", Int32(1)),
      (["--set", "processes=3"], "mpirun -n 3", 1), (["--nonsense"], "--nonsense", 2),
      (["--preset", "ppca"], "without mpirun", 1),
    ])
  func refused(arguments: [String], word: String, code: Int32) throws {
    try Scratch.with { scratch in
      let outcome = try Mpirun.run(2, ["train", "digits", "--out", "run"] + arguments, in: scratch.path)
      #expect(outcome.code == code && outcome.errors.contains(word), "\(outcome.code): \(outcome.errors)")
      Command.expectOneSentence(outcome)
      #expect(scratch.names.isEmpty)
    }
  }

  @Test("A number that is none stops all of them, with its place and cause said once")
  func notFinite() throws {
    try Scratch.with { scratch in
      let outcome = try Mpirun.run(
        2, ["train", "--out", "run"] + Command.tiny + ["--set", "training.optimizer.learningRate=1.0e+30"],
        in: scratch.path)
      let sentences = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("latent: ") }
      #expect(outcome.code == 1 && sentences.count == 1, "\(outcome.errors)")
      #expect(sentences.first?.contains("learningRate") == true)
      #expect(try scratch.text("run/manifest.json").contains("\"failed\""))
    }
  }

  @Test("Help is printed once")
  func help() throws {
    try Scratch.with { scratch in
      let outcome = try Mpirun.run(2, ["train", "--help"], in: scratch.path)
      #expect(outcome.code == 0 && outcome.errors.isEmpty)
      #expect(outcome.output == (try Command.succeed(["train", "--help"], in: scratch.path)).output)
    }
  }
}
