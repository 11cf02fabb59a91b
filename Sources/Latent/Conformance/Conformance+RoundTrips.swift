internal import Foundation
internal import Torch

// What is written and read again.
extension Conformance {
  /// Models that have every choice of every part of a model at least once.
  private static func models() throws -> [(name: String, trained: TrainedModel)] {
    var found: [(String, TrainedModel)] = []
    func add(_ name: String, _ likelihood: any LikelihoodChoice, _ change: (inout Configuration) -> Void) throws {
      let candidates = try [ClaimSubjects.digits()] + ClaimSubjects.tables(columns: 6)
      let suited = try SuitedLikelihood(likelihood, candidates: candidates)
      var configuration = Configuration()
      configuration.data = suited.configuration
      configuration.model.latents = 3
      func chosen(_ choice: some Choice) -> Chosen<Likelihoods> { Chosen(choice) }
      configuration.model.likelihood = chosen(suited.choice)
      change(&configuration)
      let model = try VAE(
        configuration.model, shape: suited.dataset.shape, with: Initializer(noise: Noise(seed: UInt64(found.count))))
      found.append(
        (name, TrainedModel(model: model, data: suited.description, configuration: configuration, device: .cpu)))
    }
    for choice in likelihoods { try add(type(of: choice).kind, choice) { _ in } }
    for choice in ClaimSubjects.members(Posteriors.self, as: (any PosteriorChoice).self) {
      func chosen(_ choice: some Choice) -> Chosen<Posteriors> { Chosen(choice) }
      try add(type(of: choice).kind, BernoulliLikelihood.Settings()) {
        $0.model.posterior = chosen(choice)
        if !choice.hasDensity { $0.objective = Chosen(Reconstruction()) }
      }
    }
    for choice in ClaimSubjects.members(Priors.self, as: (any PriorChoice).self) {
      func chosen(_ choice: some Choice) -> Chosen<Priors> { Chosen(choice) }
      try add(type(of: choice).kind, BernoulliLikelihood.Settings()) { $0.model.prior = chosen(choice) }
    }
    for choice in ClaimSubjects.members(Networks.self, as: (any NetworkChoice).self) {
      func chosen(_ choice: some Choice) -> Chosen<Networks> { Chosen(choice) }
      try add(type(of: choice).kind, BernoulliLikelihood.Settings()) {
        ($0.model.encoder, $0.model.decoder) = (chosen(choice), chosen(choice))
      }
    }
    return found
  }

  @Sendable static func modelFiles(_ examiner: Examiner) throws {
    try withFolder { path in
      for (name, trained) in try models() {
        let (first, second) = ("\(path)/first.safetensors", "\(path)/second.safetensors")
        try trained.save(to: first)
        let back = try TrainedModel.load(first)
        try back.save(to: second)
        examiner.compare(Self.contents(second), with: Self.contents(first), of: name)
        let draws = [trained, back].map { model in
          withoutGradients { model.samples(5, .draw, using: Noise(seed: 4)) }.values(as: Float.self).map(\.bitPattern)
        }
        examiner.compare(draws[1], with: draws[0], of: "\(name), samples")
      }
    }
  }

  private static func contents(_ path: String) -> [UInt8] {
    FileManager.default.contents(atPath: path).map(Array.init) ?? []
  }

  @Sendable static func configurations(_ examiner: Examiner) throws {
    try withFolder { path in
      let file = "\(path)/config.yaml"
      func compare(_ configuration: Configuration, _ name: String) throws {
        try configuration.yaml().write(toFile: file, atomically: true, encoding: .utf8)
        examiner.compare(try Configuration(preset: nil, file: file), with: configuration, of: name)
      }
      for preset in Presets.all { try compare(Configuration(preset: preset.name, file: nil), preset.name) }
      func all<F: Family>(_ family: F.Type) throws {
        for type in family.choices {
          func chosen(_ choice: some Choice) -> Chosen<F> { Chosen(choice) }
          let there = chosen(type.init())
          let back = try JSON.value(of: Chosen<F>.self, from: JSON.text(of: there), name: type.kind)
          examiner.compare(back, with: there, of: "\(family.name), \(type.kind)")
        }
      }
      for family in Families.all { try all(family) }
    }
  }

  @Sendable static func codeFiles(_ examiner: Examiner) throws {
    let digits = try ClaimSubjects.digits(20)
    try withFolder { path in
      for (name, trained) in try models() where trained.data.shape == digits.shape {
        let noise = Noise(seed: 1)
        let codes = try trained.codes(of: digits, using: noise)
        let direct = trained.decodings(of: codes.means, .mean, using: noise)
        for ending in ["npy", "csv"] {
          let file = "\(path)/codes.\(ending)"
          try Output.write(codes: codes, labels: nil, to: file)
          let returned = trained.decodings(of: try trained.codes(from: file), .mean, using: noise)
          examiner.compare(
            returned.values(as: Float.self).map(\.bitPattern), with: direct.values(as: Float.self).map(\.bitPattern),
            of: "\(name), .\(ending)")
        }
      }
    }
  }
}
