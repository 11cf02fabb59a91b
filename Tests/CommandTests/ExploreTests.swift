import Foundation
import Testing

@Suite("Exploring by the command")
struct ExploreTests {
  /// The link on the first line of what was printed.
  private func link(of process: RunningProcess) throws -> String {
    try #require(process.wait { process.output.contains("\n") }, "It says where: \(process.errors)")
    return try #require(process.output.firstMatch(of: /http:\/\/[^\s"]+/)?.output.description)
  }

  /// What a route of an explorer on this machine answers.
  ///
  /// - Parameter seconds: How long to listen where the answer has no end.
  private func ask(_ link: String, headers: [String: String] = [:], within seconds: Double = 10) throws -> Data {
    let url = try #require(URLComponents(string: link))
    let port = UInt16(try #require(url.port))
    return try HTTPExchange("GET", url.path, port: port, headers: headers, within: seconds).body
  }

  @Test("Ctrl-C and a polite kill end it within a second, whoever still reads", arguments: [SIGINT, SIGTERM])
  func ends(signal: Int32) throws {
    try Scratch.withRun { scratch in
      let explorer = try Command.start(["explore", "run"], in: scratch.path)
      let link = try link(of: explorer)
      #expect(explorer.output.hasPrefix("Explorer: http://127.0.0.1:"))
      #expect(String(decoding: try ask(link), as: UTF8.self).contains("<title>"))
      let before = scratch.names
      let started = ContinuousClock.now
      explorer.send(signal)
      #expect(try explorer.outcome(within: 5).code == 0)
      #expect(started.duration(to: .now) < .seconds(1))
      #expect(scratch.names == before, "Nothing is left behind.")
    }
  }

  @Test("A second explorer of the same run works, a taken port does not, and --json says where on one line")
  func ports() throws {
    try Scratch.withRun { scratch in
      let first = try Command.start(["explore", "run", "--json"], in: scratch.path)
      let firstLink = try link(of: first)
      let object = try JSONSerialization.jsonObject(with: Data(first.output.utf8)) as? [String: Any]
      #expect(object?["url"] as? String == firstLink && object?["runs"] as? [String] == ["run"])
      let second = try Command.start(["explore", "run", "run/model.safetensors"], in: scratch.path)
      let secondLink = try link(of: second)
      #expect(firstLink != secondLink)
      for link in [firstLink, secondLink] {
        let card = try JSONSerialization.jsonObject(with: ask(link + "api/runs/0")) as? [String: Any]
        #expect(card?["latents"] as? Int == 3)
      }
      let port = try #require(URL(string: firstLink)?.port)
      try Refusal("explore", "run", "--port", "\(port)", says: ["\(port)", "taken", "--port"], code: 1).expect(
        in: scratch)
      for process in [first, second] {
        process.send(SIGINT)
        #expect(try process.outcome(within: 5).code == 0)
      }
    }
  }

  @Test("Clients at once, a tenth of them malformed, get no wrong answer")
  func load() throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Scripts/load-explorer").standardized.path
    try Scratch.withRun { scratch in
      let words = ["python3", script, "run", "--latent", Command.path, "--requests", "1000", "--clients", "32"]
      let outcome = try RunningProcess("/usr/bin/env", words, in: scratch.path).outcome(within: 60)
      #expect(outcome.code == 0 && outcome.output.contains("no wrong answer"), "\(outcome)")
    }
  }

  @Test(
    "What cannot be explored is refused in a sentence",
    arguments: [
      Refusal("explore", "nothing", says: ["nothing", "does not exist"], code: 1),
      Refusal("explore", "empty", says: ["empty", "model.safetensors"], code: 1),
      Refusal("explore", "broken/model.safetensors", says: ["broken"], code: 1),
      Refusal("explore", "empty", "--port", "99999", says: ["99999", "65535"], code: 2),
      Refusal("explore", "empty", "--threads", "-3", says: ["-3"], code: 2),
      Refusal("explore", says: ["runs"], code: 2),
      Refusal("train", "--port", "8000", says: ["--port", "--explore"], code: 2),
    ])
  func refusals(refusal: Refusal) throws {
    try Scratch.with { scratch in
      try FileManager.default.createDirectory(atPath: scratch.path + "/empty", withIntermediateDirectories: true)
      try scratch.write("no tensors", to: "broken/model.safetensors")
      try refusal.expect(in: scratch)
    }
  }

  @Test("Another host than this machine for itself gets a token, and no address of it is refused")
  func hosts() throws {
    try Scratch.withRun { scratch in
      let explorer = try Command.start(["explore", "run", "--host", "0.0.0.0"], in: scratch.path)
      let link = try link(of: explorer)
      #expect(link.wholeMatch(of: /http:\/\/0\.0\.0\.0:\d+\/\?token=[0-9a-f]{32}/) != nil)
      explorer.send(SIGINT)
      #expect(try explorer.outcome(within: 5).code == 0)
      try Refusal("explore", "run", "--host", "203.0.113.7", says: ["203.0.113.7", "--host"], code: 1).expect(
        in: scratch)
    }
  }

  @Test("Training that is watched gives the same bytes, goes on as an explorer, and says nothing else")
  func training() throws {
    try Scratch.with { scratch in
      try Command.succeed(["train", "--out", "alone"] + Command.tiny, in: scratch.path)
      let watched = try Command.start(["train", "--out", "watched", "--explore"] + Command.tiny, in: scratch.path)
      try #require(watched.wait { watched.errors.contains("goes on with the trained model") }, "\(watched.errors)")
      let link = try #require(watched.errors.firstMatch(of: /Explorer: (http:\S+)/)?.output.1)
      let overview = try JSONSerialization.jsonObject(with: ask(link + "api")) as? [String: Any]
      #expect(overview?["live"] as? Bool == false)
      #expect(try ask(link + "api/runs/0/map").count > 100)
      watched.send(SIGINT)
      #expect(try watched.outcome(within: 5).code == 0)
      // The checkpoint holds times too.
      #expect(try scratch.bytes("alone/model.safetensors") == scratch.bytes("watched/model.safetensors"))
    }
  }

  @Test("Who watches sees every epoch once, also after coming back, and the end")
  func events() throws {
    try Scratch.with { scratch in
      let arguments = ["train", "--out", "run", "--explore"] + InterruptionTests.settings
      let training = try Command.start(arguments, in: scratch.path)
      try #require(training.wait { training.errors.contains("Explorer: ") }, "\(training.errors)")
      let link = try #require(training.errors.firstMatch(of: /Explorer: (http:\S+)/)?.output.1)
      var (epochs, last, text): ([Int], Int, String) = ([], 0, "")
      // Each visit is broken off after a moment; the last one meets the end.
      for _ in 0..<200 where !text.contains("event: ended") {
        let visit = String(
          decoding: try ask(link + "api/events", headers: ["Last-Event-ID": "\(last)"], within: 0.4), as: UTF8.self)
        text += visit
        // What was cut off comes again.
        for event in visit.components(separatedBy: "\n\n").dropLast() {
          if let id = event.firstMatch(of: /id: (\d+)/)?.output.1 { last = max(last, Int(id) ?? 0) }
          guard event.contains("event: epoch"), let epoch = event.firstMatch(of: /"epoch":(\d+)/)?.output.1 else {
            continue
          }
          epochs.append(Int(epoch) ?? 0)
        }
      }
      #expect(epochs == Array(1...200), "\(epochs)")
      #expect(text.contains("event: pictures") && text.contains("Training is over"))
      try #require(training.wait { training.errors.contains("goes on") })
      training.send(SIGTERM)
      #expect(try training.outcome(within: 5).code == 0)
    }
  }

  @Test("Ctrl-C while training that is watched saves everything and ends the explorer too")
  func interruption() throws {
    try Scratch.with { scratch in
      let arguments = ["train", "--out", "run", "--explore"] + InterruptionTests.settings
      let training = try Command.start(arguments, in: scratch.path)
      try #require(training.wait { training.errors.contains("epoch ") }, "Training starts: \(training.errors)")
      training.send(SIGINT)
      let outcome = try training.outcome(within: 10)
      #expect(outcome.code == 130 && outcome.errors.contains("latent train --resume run"))
      try Command.succeed(["train", "--resume", "run"], in: scratch.path)
    }
  }
}
