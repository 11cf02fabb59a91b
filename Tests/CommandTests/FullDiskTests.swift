import Foundation
import Testing

/// A small disk of memory, which only root can mount.
struct SmallDisk {
  let path: String

  static let canBeMade: Bool = geteuid() == 0 && ((try? with(kilobytes: 64) { _ in true }) ?? false)

  static func with<Result>(kilobytes: Int, _ body: (SmallDisk) throws -> Result) throws -> Result {
    try Scratch.with { scratch in
      let path = "\(scratch.path)/disk"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path)
      defer { try? run("umount", "-l", path) }
      return try body(SmallDisk(path: path))
    }
  }

  /// Writes until there is no room; remove the file to have it back.
  func fill(_ name: String = "filler") {
    let descriptor = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    let page = [UInt8](repeating: 1, count: 4096)
    while write(descriptor, page, page.count) > 0 {}
    close(descriptor)
  }

  private static func run(_ words: String...) throws {
    let outcome = try RunningProcess("/usr/bin/env", words, in: "/").outcome(within: 20)
    try #require(outcome.code == 0, "\(outcome.errors)")
  }
}

@Suite("A full disk", .enabled(if: SmallDisk.canBeMade, "Only root can mount a small disk to fill."))
struct FullDiskTests {
  @Test("A run that cannot be begun says so and leaves nothing behind")
  func fullBefore() throws {
    try SmallDisk.with(kilobytes: 64) { disk in
      disk.fill()
      let outcome = try Command.run(["train", "--out", "\(disk.path)/run"] + Command.tiny, in: "/")
      #expect(outcome.code == 1 && outcome.errors.contains("disk"))
      Command.expectOneSentence(outcome)
      #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["filler"])
    }
  }

  @Test("A disk that fills during training ends it with one sentence, and the last checkpoint is whole")
  func fullDuring() throws {
    try SmallDisk.with(kilobytes: 32768) { disk in
      let settings =
        Command.tiny
        + ["training.epochs=1000000", "training.patience=0", "training.checkpointSeconds=0"].flatMap { ["--set", $0] }
      let run = try Command.start(["train", "--out", "run"] + settings, in: disk.path)
      try #require(
        run.wait { FileManager.default.fileExists(atPath: "\(disk.path)/run/model.safetensors") },
        "Training starts: \(run.errors)")
      usleep(200_000)
      let filling = Date()
      while run.wait(within: 0.01, until: { false }) == false, -filling.timeIntervalSinceNow < 20,
        !run.errors.contains("latent: ")
      {
        disk.fill()
      }
      let outcome = try run.outcome(within: 20)
      #expect(outcome.code == 1 && outcome.output.isEmpty)
      let last = try #require(outcome.errors.split(separator: "\n").last)
      Command.expectSentence("\(last)\n")
      #expect(last.contains("disk is full"))
      unlink("\(disk.path)/filler")
      try Command.succeed(["evaluate", "run"], in: disk.path)
      let again = try Command.succeed(
        ["train", "--resume", "run", "--set", "training.epochs=2", "--json"], in: disk.path)
      #expect(try again.object()["epochs"] as? Int ?? 0 > 0)
    }
  }

  @Test("An output that does not fit is refused, and what was there before stays")
  func outputs() throws {
    try Scratch.withRun { scratch in
      try SmallDisk.with(kilobytes: 64) { disk in
        let path = "\(disk.path)/s.npy"
        try Command.succeed(["sample", "run", "--count", "2", "--out", path], in: scratch.path)
        let before = FileManager.default.contents(atPath: path)
        disk.fill()
        try Refusal("sample", "run", "--count", "2000", "--out", path, says: ["s.npy", "disk is full"], code: 1).expect(
          in: scratch)
        #expect(FileManager.default.contents(atPath: path) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).sorted() == ["filler", "s.npy"])
      }
    }
  }
}
