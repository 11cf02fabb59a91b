import Foundation
import Latent
import Testing
import Torch

/// The same configuration gives the same bytes, however often training was interrupted.
@Suite struct TrainingExactnessTests {
  @Test func `the same configuration twice gives the same bytes, another seed others`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    func result(_ name: String, _ settings: String...) throws -> TrainingRuns.Result {
      var configuration = try TrainingRuns.configuration()
      if let seed = settings.first.flatMap(UInt64.init) { configuration.seed = seed }
      return try TrainingRuns.uninterrupted(configuration, in: RunFolder("\(scratch.path)/\(name)"))
    }
    let first = try result("a")
    #expect(try result("b") == first)
    #expect(try result("c", "1").model != first.model)
  }

  @Test(arguments: Subjects.defaults(Optimizers.self, as: (any OptimizerChoice).self))
  func `a run that is stopped after any epoch and resumed gives the bytes of one that was not`(
    optimizer: any OptimizerChoice
  ) throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    var configuration = try TrainingRuns.configuration()
    configuration.training.optimizer = Chosen(optimizer)
    let whole = try TrainingRuns.uninterrupted(configuration, in: RunFolder("\(scratch.path)/whole"))
    for stop in 1...3 {
      let folder = RunFolder("\(scratch.path)/stopped-\(stop)")
      var reports = 0
      let end = try Run.create(configuration, in: folder).train { report in
        if case .epoch = report { reports += 1 }
        return reports == stop ? .stop : .proceed
      }
      #expect(end == nil)
      #expect(try Manifest.read(folder).status == .interrupted)
      #expect(try TrainingRuns.Result(folder) != whole)
      let resumed = try TrainingRuns.epochs(of: Run.resume(folder))
      #expect(resumed.end == .completed && resumed.epochs.map(\.epoch) == Array(stop + 1...4))
      #expect(try TrainingRuns.Result(folder) == whole, "stopped after epoch \(stop)")
      #expect(try Manifest.read(folder).status == .finished)
    }
  }

  @Test func `a run that is stopped after every epoch gives the same bytes, with schedules, clipping and fixed draws`()
    throws
  {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let configuration = try TrainingRuns.configuration(
      "data.binarization=fixed", "training.divergenceSchedule={kind: warm-up, epochs: 2}",
      "training.learningRateSchedule={kind: cosine, warmUp: 1}", "training.gradientClipping=1", "objective.samples=2",
      "objective.kind=monte-carlo-elbo")
    let whole = try TrainingRuns.uninterrupted(configuration, in: RunFolder("\(scratch.path)/whole"))
    let folder = RunFolder("\(scratch.path)/stopped")
    var run = try Run.create(configuration, in: folder)
    var rounds = 0
    while try run.train({ report in if case .epoch = report { .stop } else { .proceed } }) == nil {
      rounds += 1
      run = try Run.resume(folder)
    }
    #expect(rounds == 4)
    #expect(try TrainingRuns.Result(folder) == whole)
  }

  @Test func `a run that is stopped within an epoch and resumed gives the bytes of one that was not`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    // A step for each of 1747 rows lasts longer than the tenth of a second between reports.
    let configuration = try TrainingRuns.configuration(
      "data.rows=0", "training.batch=1", "training.epochs=2", "model.encoder.hidden=[128, 128]",
      "model.decoder.hidden=[128, 128]")
    let whole = try TrainingRuns.uninterrupted(configuration, in: RunFolder("\(scratch.path)/whole"))
    let folder = RunFolder("\(scratch.path)/stopped")
    var stops: [TrainingProgress] = []
    func stopWithin(_ report: TrainingReport) -> Run.Decision {
      guard case .progress(let progress) = report, !stops.contains(where: { $0.epoch == progress.epoch }) else {
        return .proceed
      }
      stops.append(progress)
      return .stop
    }
    var end = try Run.create(configuration, in: folder).train(stopWithin)
    while end == nil { end = try Run.resume(folder).train(stopWithin) }
    #expect(!stops.isEmpty && stops.allSatisfy { $0.batch > 0 && $0.batch < $0.batches })
    #expect(end == .completed)
    #expect(try TrainingRuns.Result(folder) == whole, "stopped at \(stops.map(\.batch))")
  }

  @Test func `a finished run goes on exactly when it is given more epochs`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let whole = try TrainingRuns.uninterrupted(
      TrainingRuns.configuration("training.epochs=6"), in: RunFolder("\(scratch.path)/whole"))
    let folder = RunFolder("\(scratch.path)/longer")
    _ = try TrainingRuns.uninterrupted(TrainingRuns.configuration(), in: folder)
    let more = try TrainingRuns.epochs(of: Run.resume(folder, settings: ["training.epochs=6"]))
    #expect(more.epochs.map(\.epoch) == [5, 6])
    let result = try TrainingRuns.Result(folder)
    #expect(result.metrics == whole.metrics)
    #expect(
      try snapshot(TrainedModel.load(folder.path).model.state)
        == snapshot(TrainedModel.load("\(scratch.path)/whole").model.state))
  }

  @Test func `a run that is being trained is not gone on with by another, and can be afterwards`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    let run = try Run.create(TrainingRuns.configuration(), in: folder)
    let waiting = try Run.resume(folder)
    var refusals: [String?] = []
    _ = try run.train { report in
      if case .epoch(let epoch) = report, epoch.epoch == 2 {
        refusals = [refusal { _ = try Run.resume(folder) }, refusal { _ = try waiting.train { _ in .proceed } }]
        return .stop
      }
      return .proceed
    }
    #expect(refusals.count == 2 && refusals.allSatisfy { $0?.contains("another process") == true }, "\(refusals)")
    let rest = try TrainingRuns.epochs(of: Run.resume(folder)).epochs
    #expect(rest.map(\.epoch) == [3, 4])
  }

  @Test(
    arguments: [
      ("epoch", "-1"), ("epoch", "4611686018427387904"), ("batch", "100000"), ("steps", "-3"), ("rows", "-1"),
      ("bestEpoch", "99"), ("epochsWithoutImprovement", "-2"),
    ])
  func `a checkpoint with counters that no run can have is refused`(key: String, value: String) throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    _ = try TrainingRuns.uninterrupted(TrainingRuns.configuration("training.epochs=1"), in: folder)
    let file = try Safetensors(Data(contentsOf: URL(fileURLWithPath: folder.checkpoint)), name: "checkpoint")
    var metadata = file.metadata
    let state = try #require(metadata["latent.state"])
    var object = try #require(try JSONSerialization.jsonObject(with: Data(state.utf8)) as? [String: Any])
    #expect(object[key] is Int)
    object[key] = try #require(Int(value))
    metadata["latent.state"] = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    var bytes = Data()
    try Safetensors(file.tensors, metadata: metadata).write { bytes.append(contentsOf: $0) }
    try bytes.write(to: URL(fileURLWithPath: folder.checkpoint))
    let text = refusal { _ = try Run.resume(folder, settings: ["training.epochs=2"]) }
    #expect(text?.contains("that no run can have counted") == true, "\(text ?? "taken")")
  }

  @Test func `a run of which no checkpoint was written starts again and gives the same bytes`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let configuration = try TrainingRuns.configuration()
    let whole = try TrainingRuns.uninterrupted(configuration, in: RunFolder("\(scratch.path)/whole"))
    let folder = RunFolder("\(scratch.path)/new")
    _ = try Run.create(configuration, in: folder)
    _ = try Run.resume(folder).train { _ in .proceed }
    #expect(try TrainingRuns.Result(folder) == whole)
  }

  @Test func `a loop that is broken off and taken up again is one training`() throws {
    func trained(breaking: Bool) throws -> [String: [UInt8]] {
      let scratch = try ScratchFolder()
      defer { scratch.remove() }
      let run = try Run.create(TrainingRuns.configuration(), in: RunFolder("\(scratch.path)/run"))
      if breaking { for _ in run.training { break } }
      for _ in run.training {}
      #expect(run.training.history.map(\.epoch) == [1, 2, 3, 4])
      return snapshot(run.training.model.state)
    }
    #expect(try trained(breaking: true) == trained(breaking: false))
  }
}
