import Foundation
import Latent
import Testing
import Torch

/// How training ends, and what is left then.
@Suite struct TrainingEndTests {
  @Test func `a learning rate that is far too large stops training with place and cause, and the best weights stay`()
    throws
  {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    // The rate rises so slowly that the first epochs go well.
    let configuration = try TrainingRuns.configuration(
      "model.likelihood=unit-gaussian", "data.binarization=none", "training.epochs=10000000", "training.patience=0",
      "training.checkpointSeconds=1000",
      "training.optimizer={kind: sgd, learningRate: 3.0e4, momentum: 0}",
      "training.learningRateSchedule={kind: warm-up, epochs: 9000000}")
    let (epochs, end) = try TrainingRuns.epochs(of: Run.create(configuration, in: folder))
    guard case .notFinite(let text)? = end else {
      Issue.record("training ended with \(String(describing: end)) after \(epochs.count) epochs")
      return
    }
    #expect(
      text.contains("epoch \(epochs.count + 1), step ") && text.contains("first seen in")
        && text.contains("learningRate"))
    let manifest = try Manifest.read(folder)
    #expect(manifest.status == .failed && manifest.end == text)
    let best = try #require(epochs.last { $0.isBest }, "the first epochs should have gone well")
    #expect(manifest.bestEpoch == best.epoch && manifest.epochs == epochs.count)
    let kept = try TrainedModel.load(folder.path).model.state
    #expect(kept.allSatisfy { $0.tensor.isAllFinite })

    // The kept weights are those that the best epoch ended with.
    let again = try Run.create(configuration, in: RunFolder("\(scratch.path)/again"))
    for case .epoch(let epoch) in again.training where epoch.epoch == best.epoch { break }
    #expect(again.training.history.last?.epoch == best.epoch)
    #expect(snapshot(again.training.model.state) == snapshot(kept))
  }

  @Test(arguments: Subjects.defaults(Optimizers.self, as: (any OptimizerChoice).self))
  func `with every optimizer a learning rate of 1e6 stops training or stays finite`(optimizer: any OptimizerChoice)
    throws
  {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    var configuration = try TrainingRuns.configuration("model.likelihood=unit-gaussian", "data.binarization=none")
    var setting = try Setting(encoding: Chosen<Optimizers>(optimizer))
    setting["learningRate"] = .number(1e6)
    configuration.training.optimizer = try setting.decoded(as: Chosen<Optimizers>.self)
    let run = try Run.create(configuration, in: RunFolder("\(scratch.path)/run"))
    let (epochs, end) = try TrainingRuns.epochs(of: run)
    if case .notFinite(let text)? = end {
      #expect(text.hasPrefix("training stopped at epoch \(epochs.count + 1), step ") && text.hasSuffix("."))
    } else {
      #expect(end == .completed && epochs.allSatisfy { $0.criterion.isFinite })
    }
    try run.training.restoreBest()
    #expect(run.training.model.state.allSatisfy { $0.tensor.isAllFinite })
  }

  @Test func `patience stops training so many epochs after the best`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    // Steps too small to change a weight: no epoch is better than the first.
    let configuration = try TrainingRuns.configuration(
      "training.optimizer={kind: sgd, learningRate: 1.0e-30}", "training.patience=3", "training.epochs=50")
    let (epochs, end) = try TrainingRuns.epochs(of: Run.create(configuration, in: folder))
    #expect(end == .patience(bestEpoch: 1) && epochs.count == 4)
    #expect(epochs.map(\.isBest) == [true, false, false, false])
    #expect(Set(epochs.map(\.criterion)).count == 1, "validation always uses the same draws")
    #expect(try Manifest.read(folder).bestEpoch == 1)
    let (more, again) = try TrainingRuns.epochs(of: Run.resume(folder))
    #expect(more.isEmpty && again == .patience(bestEpoch: 1))
  }

  @Test func `a patience of 0 never stops`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let configuration = try TrainingRuns.configuration(
      "training.optimizer={kind: sgd, learningRate: 1.0e-30}", "training.patience=0", "training.epochs=25")
    #expect(
      try TrainingRuns.epochs(of: Run.create(configuration, in: RunFolder("\(scratch.path)/run"))).end == .completed)
  }

  @Test func `the divergence's weight rises as scheduled and patience waits for it`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let configuration = try TrainingRuns.configuration(
      "training.optimizer={kind: sgd, learningRate: 1.0e-30}", "training.patience=2", "training.epochs=50",
      "training.divergenceSchedule={kind: warm-up, epochs: 5}", "objective.divergenceWeight=3",
      "objective.reconstructionWeight=2")
    let (epochs, end) = try TrainingRuns.epochs(of: Run.create(configuration, in: RunFolder("\(scratch.path)/run")))
    #expect(end == .patience(bestEpoch: 1) && epochs.count == 7)
    // β/α = 3/2 of the factor in the middle of each epoch's last step of 7, by a few operations in double precision.
    let expected = (1...7).map { 1.5 * min(1, (Double($0) - 0.5 / 7) / 5) }
    #expect(zip(epochs, expected).allSatisfy { abs($0.effectiveBeta - $1) < 1e-12 })
  }

  @Test func `a warm-up changes what is minimized`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    func divergence(_ name: String, _ setting: String) throws -> Double {
      let configuration = try TrainingRuns.configuration(
        "training.epochs=20", "training.optimizer.learningRate=0.01", setting)
      let (epochs, _) = try TrainingRuns.epochs(of: Run.create(configuration, in: RunFolder("\(scratch.path)/\(name)")))
      return epochs[9].training.first { $0.name == "divergence" }?.value ?? .nan
    }
    let free = try divergence("free", "training.divergenceSchedule={kind: warm-up, epochs: 19.5}")
    #expect(
      try free > divergence("held", "training.divergenceSchedule=constant"), "a divergence that weighs less grows more")
  }

  @Test func `the best weights are those that the best epoch ended with`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    // Few rows and a large rate: the model soon knows its rows by heart and validation gets worse.
    let configuration = try TrainingRuns.configuration(
      "data={rows: 30, binarization: none}", "training.batch=10", "training.epochs=60", "training.patience=8",
      "training.optimizer.learningRate=0.02")
    let run = try Run.create(configuration, in: folder)
    let (epochs, end) = try TrainingRuns.epochs(of: run)
    let best = try #require(epochs.min { $0.criterion < $1.criterion })
    #expect(
      best.epoch < epochs.count && end == .patience(bestEpoch: best.epoch) && run.training.bestEpoch == best.epoch)
    let last = snapshot(run.training.model.state)
    try run.training.restoreBest()
    let kept = snapshot(run.training.model.state)
    #expect(kept != last)
    #expect(try snapshot(TrainedModel.load(folder.path).model.state) == kept)
    let again = try Run.create(configuration, in: RunFolder("\(scratch.path)/again"))
    for case .epoch(let epoch) in again.training where epoch.epoch == best.epoch { break }
    #expect(snapshot(again.training.model.state) == kept)
  }

  @Test func `the criterion is the weighted validation terms, or the training terms where none are kept`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    for (name, validation) in [("with", "50"), ("without", "0")] {
      let configuration = try TrainingRuns.configuration(
        "data.validation=\(validation)", "objective.divergenceWeight=0.5", "objective.reconstructionWeight=2",
        "training.epochs=2")
      let (epochs, _) = try TrainingRuns.epochs(of: Run.create(configuration, in: RunFolder("\(scratch.path)/\(name)")))
      for epoch in epochs {
        #expect(epoch.validation.isEmpty == (validation == "0"))
        let terms = epoch.validation.isEmpty ? epoch.training : epoch.validation
        let weighted = terms.reduce(0) { $0 + $1.value * ($1.name == "divergence" ? 0.5 : 2) }
        #expect(abs(epoch.criterion - weighted) < 1e-12 * abs(weighted), "the same sum")
      }
      #expect(epochs.map(\.steps) == [7, 14], "200 rows by 32 are 7 steps, the last a short one")
    }
  }

  @Test func `without validation rows the latest weights are kept and patience does not run out`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    let configuration = try TrainingRuns.configuration(
      "data.validation=0", "training.patience=1", "training.epochs=12", "training.optimizer.learningRate=0.1")
    let run = try Run.create(configuration, in: folder)
    let (epochs, end) = try TrainingRuns.epochs(of: run)
    #expect(end == .completed && epochs.allSatisfy { $0.isBest } && run.training.bestEpoch == 12)
    let criteria = epochs.map(\.criterion)
    #expect(criteria != criteria.sorted(by: >), "some epoch should be worse than one before, else nothing is shown")
    #expect(try snapshot(TrainedModel.load(folder.path).model.state) == snapshot(run.training.model.state))
  }

  @Test func `without validation rows, weights that the last step of an epoch has spoilt are not kept`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    // One step in all, so that nothing is computed with the weights after it.
    let configuration = try TrainingRuns.configuration(
      "data.validation=0", "training.epochs=1", "training.batch=200",
      "training.optimizer={kind: sgd, learningRate: 1.0e+300}")
    let (epochs, end) = try TrainingRuns.epochs(of: Run.create(configuration, in: folder))
    guard case .notFinite(let text)? = end else {
      Issue.record("training ended with \(String(describing: end))")
      return
    }
    #expect(text.contains("epoch 1, step 1: the parameter '") && text.contains("learningRate"), "\(text)")
    #expect(epochs.isEmpty && !FileManager.default.fileExists(atPath: folder.model))
  }

  @Test(arguments: ["1.0", "100.0", "10000.0"])
  func `without validation rows, weights that are finite and give nothing finite are not kept`(rate: String) throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    // One step an epoch: the terms of an epoch are those of the weights before its step.
    let configuration = try TrainingRuns.configuration(
      "data.validation=0", "training.epochs=30", "training.batch=200", "training.patience=0",
      "model.likelihood=unit-gaussian", "data.binarization=none",
      "training.optimizer={kind: sgd, learningRate: \(rate), momentum: 0}")
    let run = try Run.create(configuration, in: folder)
    let (epochs, end) = try TrainingRuns.epochs(of: run)
    guard case .notFinite(let text)? = end else {
      Issue.record("training ended with \(String(describing: end))")
      return
    }
    let last = epochs.count + 1
    #expect(text.contains("epoch \(last), step \(last): the ") && text.contains("learningRate"), "\(text)")
    #expect(!text.contains("-nan"))
    #expect(run.training.model.state.allSatisfy { $0.tensor.isAllFinite }, "else the weights themselves would tell")
    let manifest = try Manifest.read(folder)
    #expect(manifest.status == .failed && manifest.bestEpoch == epochs.count && !epochs.isEmpty)
    let judged = try Evaluation.estimate(
      of: TrainedModel.load(folder.path), on: run.partition.training, samples: 5)
    #expect(judged.negativeELBO.isFinite && judged.negativeLogLikelihood.isFinite)
  }

  @Test func `a batch larger than the data is refused, and nothing is written`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    let text = refusal { _ = try Run.create(TrainingRuns.configuration("training.batch=201"), in: folder) }
    #expect(text?.hasPrefix("training.batch: 201 ") == true && text?.contains("200") == true, "\(text ?? "")")
    #expect(!FileManager.default.fileExists(atPath: folder.path))
    _ = try Run.create(TrainingRuns.configuration("training.batch=200"), in: folder)
  }

  @Test func `values that the likelihood does not describe are refused, and nothing is written`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    for (setting, scaling) in [("bernoulli", "none"), ("continuous-bernoulli", "none"), ("categorical", "unit")] {
      let configuration = try TrainingRuns.configuration(
        "data.binarization=none", "data.scaling=\(scaling)", "model.likelihood=\(setting)")
      let text = refusal { _ = try Run.create(configuration, in: folder) }
      #expect(text?.contains("'\(setting)'") == true && text?.contains("--set") == true, "\(text ?? "accepted")")
      #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
  }

  @Test func `a run is resumed only with its own configuration, and the difference is named`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    _ = try Run.create(TrainingRuns.configuration(), in: folder).train { report in
      if case .epoch = report { .stop } else { .proceed }
    }
    let before = try TrainingRuns.Result(folder)
    for (setting, path) in [
      ("training.batch=16", "training.batch"), ("model.latents=4", "model.latents"), ("seed=3", "seed"),
      ("training.optimizer=sgd", "training.optimizer"), ("objective.divergenceWeight=2", "objective.divergenceWeight"),
    ] {
      let text = try #require(refusal { _ = try Run.resume(folder, settings: [setting]) }, "\(setting)")
      #expect(text.contains("'\(path)") && text.contains("another configuration"), "\(text)")
    }
    // Other rows to train on: refused by the configuration that differs, or by the data.
    #expect(refusal { _ = try Run.resume(folder, settings: ["data.splitSeed=1"]) } != nil)
    #expect(try TrainingRuns.Result(folder) == before)
    #expect(refusal { _ = try Run.resume(RunFolder("\(scratch.path)/none")) }?.hasSuffix(".") == true)
  }

  @Test func `a folder that holds something is no place for a new run`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    _ = try Run.create(TrainingRuns.configuration(), in: folder)
    #expect(refusal { _ = try Run.create(TrainingRuns.configuration(), in: folder) }?.contains("--resume") == true)
    #expect(
      refusal { _ = try Run.create(TrainingRuns.configuration(), in: RunFolder(scratch.path)) }?.contains("--out")
        == true)
  }

  @Test func `a damaged checkpoint or model file is refused in a sentence`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    _ = try Run.create(TrainingRuns.configuration("training.epochs=1"), in: folder).train { _ in .proceed }
    for path in [folder.checkpoint, folder.model] {
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      for length in [0, 7, 8, 100, whole.count / 2, whole.count - 1] {
        try whole.prefix(length).write(to: URL(fileURLWithPath: path))
        let text = refusal {
          if path == folder.model { _ = try TrainedModel.load(path) } else { _ = try Run.resume(folder) }
        }
        #expect(
          text?.contains(path) == true && text?.hasSuffix(".") == true, "\(text ?? "accepted") at \(length) bytes")
      }
      try whole.write(to: URL(fileURLWithPath: path))
    }
  }
}
