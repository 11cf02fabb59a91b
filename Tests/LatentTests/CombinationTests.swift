import Codecs
import Foundation
import Latent
import Testing
import Torch

/// Every entry of every family with every other: what is listed either trains or is refused with the reason.
@Suite struct CombinationTests {
  /// Choices that make a configuration, with their places in their families' lists.
  struct Combination: Sendable, CustomTestStringConvertible {
    var configuration: Configuration
    var places: [Int]

    /// Each choice of a family in turn.
    func extended<Member>(_ members: [Member], _ set: (inout Configuration, Member) throws -> Void) rethrows -> [Self] {
      try members.enumerated().map { place, member in
        var next = self
        try set(&next.configuration, member)
        next.places.append(place)
        return next
      }
    }

    /// What it is refused with before data is read.
    var refusal: String? {
      LatentTests.refusal {
        try configuration.validate()
        try configuration.training.fit.member().check(configuration)
      }
    }

    var testDescription: String {
      let (model, training) = (configuration.model, configuration.training)
      return [
        model.posterior.kind, model.prior.kind, model.likelihood.kind, model.encoder.kind, model.decoder.kind,
        configuration.objective.kind, (try? configuration.objective.member().estimator.kind) ?? "", training.fit.kind,
        training.optimizer.kind, training.learningRateSchedule.kind, training.divergenceSchedule.kind,
      ].joined(separator: ", ")
    }
  }

  private static func members<F: Family>(_: F.Type) -> [F.Member] { Subjects.defaults(F.self) }

  private static func with(_ estimator: any EstimatorChoice, _ objective: any Objective) throws -> Chosen<Objectives> {
    var setting = try Setting(encoding: Chosen<Objectives>(objective))
    guard setting["estimator"] != nil else { return Chosen(objective) }
    setting["estimator"] = try Setting(encoding: Chosen<Estimators>(estimator))
    return try setting.decoded(as: Chosen<Objectives>.self)
  }

  /// Of the families that decide whether a model can be trained, all combinations.
  static let models: [Combination] = {
    var configuration = Configuration()
    configuration.threads = 1
    configuration.data.rows = 64
    (configuration.data.validation, configuration.data.test) = (0, 0)
    configuration.model.latents = 2
    configuration.evaluation.samples = 2
    // As many epochs as a warm-up wants that is as its defaults are.
    (configuration.training.epochs, configuration.training.batch) = (12, 32)
    // Sums of squares over 64 pixels make plain gradients far longer than those of log-probabilities.
    configuration.training.gradientClipping = 1
    var perDimension = GaussianLikelihood.Settings()
    perDimension.variance = .perDimension
    let likelihoods = members(Likelihoods.self) + [perDimension]
    return
      (try? members(Objectives.self).flatMap { objective in
        try members(Estimators.self).map { try with($0, objective) }
      }).map { objectives in
        Combination(configuration: configuration, places: []).extended(members(Posteriors.self)) {
          $0.model.posterior = Chosen($1)
        }.flatMap { $0.extended(members(Priors.self)) { $0.model.prior = Chosen($1) } }
          .flatMap { $0.extended(likelihoods) { $0.model.likelihood = Chosen($1) } }
          .flatMap { $0.extended(members(Networks.self)) { $0.model.encoder = Chosen($1) } }
          .flatMap { $0.extended(members(Networks.self)) { $0.model.decoder = Chosen($1) } }
          .flatMap { $0.extended(objectives) { $0.objective = $1 } }
          .flatMap { $0.extended(members(Fits.self)) { $0.training.fit = Chosen($1) } }
      } ?? []
  }()

  /// Those that are not refused, few of them with every pair, and these with optimizers and schedules.
  static let accepted: [Combination] = {
    let few = Covering.pairs(of: models.filter { $0.refusal == nil }) { $0.places }
    let all = few.flatMap { $0.extended(members(Optimizers.self)) { $0.training.optimizer = Chosen($1) } }
      .flatMap { $0.extended(members(Schedules.self)) { $0.training.learningRateSchedule = Chosen($1) } }
      .flatMap { $0.extended(members(Schedules.self)) { $0.training.divergenceSchedule = Chosen($1) } }
    return Covering.pairs(of: all.filter { $0.refusal == nil }) { $0.places }
  }()

  @Test func `what is refused is refused in one sentence that names the setting and what would be right`() {
    var kinds: Set<String> = []
    for combination in Self.models {
      guard let refusal = combination.refusal else { continue }
      kinds.insert(String(refusal.prefix { $0 != ":" }))
      #expect(!refusal.contains("\n") && refusal.hasSuffix(".") && refusal.contains("use --"), "\(refusal)")
    }
    #expect(kinds.contains("objective") && kinds.contains("model.encoder"), "\(kinds)")
    #expect(
      kinds.isSubset(of: [
        "objective", "model.posterior", "model.prior", "model.encoder", "model.decoder",
        "model.likelihood", "model.likelihood.variance",
      ]), "\(kinds)")
  }

  @Test func `every choice of every family is among what is accepted`() {
    func kinds(_ kind: (Configuration) -> String) -> Set<String> { Set(Self.accepted.map { kind($0.configuration) }) }
    func all<F: Family>(_: F.Type) -> Set<String> { Set(F.choices.map { $0.kind }) }
    #expect(kinds { $0.model.posterior.kind } == all(Posteriors.self))
    #expect(kinds { $0.model.prior.kind } == all(Priors.self))
    #expect(kinds { $0.model.likelihood.kind } == all(Likelihoods.self))
    #expect(kinds { $0.model.encoder.kind } == all(Networks.self))
    #expect(kinds { $0.model.decoder.kind } == all(Networks.self))
    #expect(kinds { $0.objective.kind } == all(Objectives.self))
    #expect(kinds { (try? $0.objective.member().estimator.kind) ?? "" } == all(Estimators.self))
    #expect(kinds { $0.training.fit.kind } == all(Fits.self))
    #expect(kinds { $0.training.optimizer.kind } == all(Optimizers.self))
    #expect(kinds { $0.training.learningRateSchedule.kind } == all(Schedules.self))
    #expect(kinds { $0.training.divergenceSchedule.kind } == all(Schedules.self))
  }

  @Test(arguments: accepted)
  func `what is accepted trains on 64 rows, is judged and is used`(combination: Combination) throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    var configuration = combination.configuration
    if var perceptual = try configuration.objective.member() as? Perceptual {
      // It needs a feature network, here one convolution, and shows it values from 0 to 1.
      perceptual.features = "\(folder.path)/features.safetensors"
      try AtomicFile.write(to: perceptual.features) { file in
        try Safetensors([("layers.0.weight", Noise(seed: 5).normal([2, 1, 3, 3]))], metadata: [:])
          .write { try file.append($0) }
      }
      configuration.objective = Chosen(perceptual)
      configuration.data.scaling = .unit
      if let refusal = LatentTests.refusal({ _ = try Run.create(configuration, in: RunFolder("\(folder.path)/none")) })
      {
        // Values of levels are not from 0 to 1.
        #expect(["categorical", "automatic"].contains(configuration.model.likelihood.kind), "\(refusal)")
        #expect(!refusal.contains("\n") && refusal.hasSuffix("."), "\(refusal)")
        return
      }
    }
    let run = try Run.create(configuration, in: RunFolder("\(folder.path)/run"))
    let (epochs, end) = try TrainingRuns.epochs(of: run)
    #expect(!epochs.isEmpty && end != nil)
    #expect(epochs.allSatisfy { $0.training.allSatisfy { $0.value.isFinite } })
    let evaluation = try Evaluation.estimate(of: run.trained, on: run.partition.training, samples: 2)
    #expect(evaluation.reconstruction.isFinite)
    #expect(run.trained.samples(3, .mean, using: Noise(seed: 1)).isAllFinite)
  }
}
