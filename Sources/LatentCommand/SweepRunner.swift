internal import Foundation
internal import Latent

/// Trains the runs of a sweep, several at once, each as a process of its own.
///
/// Threads of the engine, and what it keeps between steps, belong to a process; and a run that is ended by the system, for want of memory say, ends
/// alone. Each process is `latent train --resume`, so that a run in a sweep is a run like any other.
struct SweepRunner {
  private let plan: SweepPlan
  private var waiting: [SweepPlan.Entry]
  private var running: [(entry: SweepPlan.Entry, child: ChildProcess)] = []
  /// Why runs were not trained to their end, by their names.
  private(set) var problems: [String: String] = [:]
  private var isAsked = false

  /// A runner of what is left of a sweep.
  init(_ plan: SweepPlan) {
    self.plan = plan
    waiting = []
    for entry in plan.entries {
      switch plan.state(of: entry) {
      case .new, .begun: waiting.append(entry)
      case .finished: break
      case .failed(let end): problems[entry.name] = end
      }
    }
  }

  /// How many runs are left to train.
  var left: Int { waiting.count + running.count }

  /// Trains until all are done, or an end was asked for and all have saved what they have.
  mutating func run() throws {
    let all = plan.entries.count
    while !waiting.isEmpty || !running.isEmpty {
      while !Interrupt.isAsked, running.count < plan.share.runs, let next = waiting.first {
        waiting.removeFirst()
        try start(next)
      }
      if Interrupt.isAsked, !isAsked {
        isAsked = true
        waiting = []
        for (_, child) in running { child.send(SIGINT) }
      }
      usleep(10_000)
      let ended = running.filter { $0.child.hasEnded() }
      guard !ended.isEmpty else { continue }
      let names = Set(ended.map(\.entry.name))
      running.removeAll { names.contains($0.entry.name) }
      for (entry, _) in ended { note(entry) }
      let done = all - left
      Terminal.draw("training", Terminal.bar(Double(done) / Double(all)), "\(done) of \(all) runs done")
    }
    Terminal.clear()
  }

  private mutating func start(_ entry: SweepPlan.Entry) throws {
    do {
      try plan.prepare(entry)
      running.append((entry, try ChildProcess(["train", "--resume", entry.folder.path], log: plan.log(of: entry))))
    } catch {
      // What was started goes on to a clean end before the sweep ends.
      for (_, child) in running { child.send(SIGINT) }
      for (_, child) in running { while !child.hasEnded() { usleep(10_000) } }
      throw error
    }
  }

  /// Says how a run has ended.
  private mutating func note(_ entry: SweepPlan.Entry) {
    switch plan.state(of: entry) {
    case .finished: Terminal.note("\(entry.name): trained to its end")
    case .failed(let end): fail(entry, end)
    case .new, .begun:
      // A child that was asked to end says so itself; any other end is its last line, or a signal's.
      if isAsked {
        problems[entry.name] = "it was stopped, and goes on when the sweep is started again"
      } else {
        fail(entry, lastLine(of: entry) ?? "its process ended without a word")
      }
    }
  }

  private mutating func fail(_ entry: SweepPlan.Entry, _ reason: String) {
    problems[entry.name] = reason
    Terminal.note("\(entry.name): failed: \(reason)")
  }

  private func lastLine(of entry: SweepPlan.Entry) -> String? {
    FileManager.default.contents(atPath: plan.log(of: entry)).flatMap { bytes in
      String(decoding: bytes, as: UTF8.self).split(separator: "\n").last { $0.hasPrefix("latent: ") }
        .map { String($0.dropFirst("latent: ".count)) }
    }
  }
}
