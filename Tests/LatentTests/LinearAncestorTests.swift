import Foundation
import Latent
import Testing
import Torch

/// Fits of linear-Gaussian models against published arithmetic on published rows.
///
/// The values are those of the formula −½ (D ln 2π + Σ ln λ + (D − q) ln σ² + D) in double precision, and of scikit-learn's
/// `FactorAnalysis` with tolerance 1e-8.
@Suite struct LinearAncestorTests {
  /// What a data set's rows are as a model sees them, `[rows, D]`.
  static func rows(_ name: String) throws -> Tensor {
    let isDigits = name == "digits"
    let data = try isDigits ? DataSource.load(DataConfiguration()).training : DataOnDisk.load(name).training
    var configuration = DataConfiguration()
    configuration.scaling = isDigits ? .unit : .standard
    let description = try DataDescription(of: data, configuration: configuration)
    return Preparation(description).batch(of: data, rows: 0..<data.count, noise: nil)
  }

  /// A preset's run on a data set, finished.
  static func run(_ preset: String, on source: String, _ settings: String..., in folder: String) throws -> (
    run: Run, end: TrainingEnd?, epochs: [EpochReport]
  ) {
    let configuration = try Configuration(
      preset: preset, file: nil, settings: ["threads=1", "data.source=\(source)"] + settings)
    let run = try Run.create(configuration, in: RunFolder(folder))
    let (epochs, end) = try TrainingRuns.epochs(of: run)
    return (run, end, epochs)
  }

  struct Known: Sendable {
    let data: String
    let latents: Int
    let logLikelihood: Double
    var noiseVariance: Double?
  }

  static let principal = [
    Known(data: "tabular/iris.csv", latents: 1, logLikelihood: -4.680897, noiseVariance: 0.360501),
    Known(data: "tabular/iris.csv", latents: 2, logLikelihood: -3.686255, noiseVariance: 0.083736),
    Known(data: "tabular/wine.csv", latents: 2, logLikelihood: -16.155260, noiseVariance: 0.527016),
    Known(data: "tabular/wine.csv", latents: 5, logLikelihood: -15.212645, noiseVariance: 0.322363),
    Known(data: "tabular/wine.csv", latents: 10, logLikelihood: -14.688000, noiseVariance: 0.165979),
    Known(data: "digits", latents: 2, logLikelihood: 0.005707, noiseVariance: 0.054117),
    Known(data: "digits", latents: 5, logLikelihood: 8.907637, noiseVariance: 0.036197),
    Known(data: "digits", latents: 10, logLikelihood: 17.451947, noiseVariance: 0.022751),
  ]

  static let factors = [
    Known(data: "tabular/iris.csv", latents: 1, logLikelihood: -3.551513),
    Known(data: "tabular/iris.csv", latents: 2, logLikelihood: -3.334843),
    Known(data: "tabular/wine.csv", latents: 2, logLikelihood: -15.433658),
    // The likelihood has several maxima; scikit-learn's start leads to −14.779053.
    Known(data: "tabular/wine.csv", latents: 5, logLikelihood: -14.728367),
    Known(data: "tabular/wine.csv", latents: 10, logLikelihood: -14.613473),
  ]

  private static func isThere(_ name: String) -> Bool { name == "digits" || DataOnDisk.has(name) }

  @Test(
    .enabled(if: DataOnDisk.has("tabular/iris.csv") && DataOnDisk.has("tabular/wine.csv"), "\(DataOnDisk.reason)"),
    arguments: principal.filter { $0.data != "digits" })
  func `PPCA of a table has its published likelihood and variance`(known: Known) throws { try check(known) }

  @Test(arguments: principal.filter { $0.data == "digits" })
  func `PPCA of the digits has its published likelihood and variance`(known: Known) throws { try check(known) }

  private func check(_ known: Known) throws {
    let rows = try Self.rows(known.data)
    let model = try PPCAFit(rows, latents: known.latents).model
    // The published numbers have 6 decimals.
    #expect(abs(model.logLikelihood(of: rows).mean().item - known.logLikelihood) < 1e-6)
    #expect(abs(model.noiseVariance.mean().item - (known.noiseVariance ?? 0)) < 1e-6)
  }

  @Test(
    .enabled(if: DataOnDisk.has("tabular/iris.csv") && DataOnDisk.has("tabular/wine.csv"), "\(DataOnDisk.reason)"),
    arguments: factors)
  func `factor analysis has its published likelihood, and no step lowers it`(known: Known) throws {
    let rows = try Self.rows(known.data)
    var fit = try FactorAnalysisFit(rows, latents: known.latents, floor: 1e-6, tolerance: 1e-8)
    while !fit.isConverged && fit.iterations < 1000 {
      try fit.advance()
      // Sums of a few hundred doubles.
      #expect(try #require(fit.measures.last).value > -1e-10, "rise of step \(fit.iterations)")
    }
    #expect(fit.isConverged)
    // Both stop where a step's gain is 1e-8.
    #expect(abs(fit.model.logLikelihood(of: rows).mean().item - known.logLikelihood) < 1e-4)
  }

  /// A linear VAE by gradients, with its preset's settings but for the epochs, and how near it is to come.
  struct Gradients: Sendable {
    let known: Known
    let settings: [String]
    var tolerance = 0.001
  }

  static let gradients = [
    Gradients(known: principal[1], settings: ["training.epochs=1000"]),
    Gradients(known: principal[2], settings: ["training.epochs=1000"]),
    Gradients(
      known: factors[2], settings: ["training.epochs=1000", "model.likelihood.variance=per-dimension"], tolerance: 0.01),
  ]

  @Test(
    .enabled(if: DataOnDisk.has("tabular/iris.csv") && DataOnDisk.has("tabular/wine.csv"), "\(DataOnDisk.reason)"),
    arguments: gradients)
  func `a linear VAE of a table reaches PPCA's likelihood, and with a variance for each dimension FA's`(
    gradients: Gradients
  ) throws { try check(gradients, source: "\(DataOnDisk.folder)/\(gradients.known.data)") }

  @Test func `a linear VAE of the digits reaches PPCA's likelihood`() throws {
    try check(
      Gradients(known: Self.principal[5], settings: ["training.epochs=800", "objective.samples=2"]), source: "digits")
  }

  private func check(_ gradients: Gradients, source: String) throws {
    let known = gradients.known
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let configuration = try Configuration(
      preset: "linear-ppca", file: nil,
      settings: ["threads=1", "data.source=\(source)", "model.latents=\(known.latents)"] + gradients.settings)
    let run = try Run.create(configuration, in: RunFolder("\(folder.path)/run"))
    try run.train { _ in .proceed }
    let model = try #require(LinearGaussianModel(run.trained.model))
    let found = model.logLikelihood(of: try Self.rows(known.data)).mean().item
    // Nothing linear is likelier than what is known; the published values have 6 decimals, parameters single precision.
    #expect(found < known.logLikelihood + 1e-4 && found > known.logLikelihood - gradients.tolerance, "\(found)")
  }

  @Test(arguments: [2, 5, 10])
  func `Oja's components span PCA's subspace of the digits within a degree`(latents: Int) throws {
    let rows = try Self.rows("digits")
    var fit = try OjaFit(rows, latents: latents, seed: 0)
    var angles: [Double] = []
    while !fit.isConverged && fit.iterations < 300 {
      try fit.advance()
      angles.append(try #require(fit.measures.last).value)
    }
    let (first, last) = (try #require(angles.first), try #require(angles.last))
    #expect(last < 1 && first > 2 * last, "the angle went from \(first) to \(last) degrees")
    let best = try PPCAFit(rows, latents: latents).model.logLikelihood(of: rows).mean().item
    let found = fit.model.logLikelihood(of: rows).mean().item
    // No other subspace can be likelier; an angle of a degree costs its square.
    #expect(found <= best + 1e-9 && found > best - 0.01)
  }

  @Test(arguments: ["ppca", "factor-analysis", "oja"])
  func `a fitted run is a VAE with the exact posterior, for which every draw weighs the same`(preset: String) throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let (run, end, epochs) = try Self.run(
      preset, on: "digits", "model.latents=3", "training.epochs=20", in: "\(folder.path)/run")
    #expect(end == (epochs.count < 20 ? .converged(iterations: epochs.count) : .completed))
    #expect(preset == "ppca" ? epochs.count == 1 : epochs.count > 3)
    #expect(epochs.allSatisfy { $0.measures.first?.name == "exactNegativeLogLikelihood" })
    let (evaluation, part) = try run.finish()
    let exact = try #require(evaluation.exactLogLikelihood)
    #expect(part == "training")
    // Parameters are kept in single precision, in which densities of 64 pixels near 0.02 deviate by 1e-4.
    #expect(abs(exact + evaluation.negativeLogLikelihood) < 1e-3)
    #expect(abs(exact + (try #require(epochs.last?.measures.first).value)) < 1e-3)
    #expect(evaluation.effectiveSamples > 0.999 * Double(evaluation.samples) && evaluation.standardError < 1e-4)
    let again = try TrainedModel.load("\(folder.path)/run")
    let model = try #require(LinearGaussianModel(again.model))
    let rows = try Self.rows("digits")
    let posterior = again.model.encode(rows)
    #expect((posterior.mean - model.posteriorMean(of: rows)).absolute().maximum().item < 1e-4)
    #expect((posterior.variance - model.posteriorCovariance.diagonal()).absolute().maximum().item < 1e-5)
    let table = try String(contentsOfFile: RunFolder("\(folder.path)/run").metrics, encoding: .utf8)
    #expect(table.contains("fit.exactNegativeLogLikelihood"))
  }

  @Test(arguments: ["factor-analysis", "oja"])
  func `an interrupted fit goes on to the same bytes`(preset: String) throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let whole = RunFolder("\(folder.path)/whole")
    _ = try Self.run(preset, on: "digits", "training.epochs=6", in: whole.path)
    let parts = RunFolder("\(folder.path)/parts")
    var configuration = try Configuration(preset: preset, file: nil, settings: ["threads=1", "training.epochs=6"])
    configuration.training.checkpointSeconds = 10
    try Run.create(configuration, in: parts).train { report in
      if case .epoch(let epoch) = report, epoch.epoch == 3 { .stop } else { .proceed }
    }
    _ = try Run.resume(parts).train { _ in .proceed }
    #expect(try TrainingRuns.Result(whole) == TrainingRuns.Result(parts))
  }

  @Test func `more columns than rows give the same model by the smaller matrix`() throws {
    let rows = Noise(seed: 3).normal([12, 30], type: .float64)
    let model = try PPCAFit(rows, latents: 4).model
    let centred = rows - rows.mean(over: 0)
    let values = (centred.transposed().times(centred) / 12).symmetricEigen().values.doubles.sorted(by: >)
    let variance = values.dropFirst(4).reduce(0, +) / 26
    let exact = -0.5 * (30 * log(2 * .pi) + values.prefix(4).reduce(0) { $0 + log($1) } + 26 * log(variance) + 30)
    #expect(abs(model.logLikelihood(of: rows).mean().item - exact) < 1e-9, "two sums of the same numbers")
  }

  @Test func `a model of every composition but the linear one is refused before data is read`() {
    for setting in [
      "model.encoder=mlp", "model.decoder=mlp", "model.posterior=diagonal-gaussian", "model.likelihood=categorical",
      "model.likelihood={kind: gaussian, variance: per-dimension}", "data.binarization=dynamic",
    ] {
      let found = refusal {
        let configuration = try Configuration(preset: "ppca", file: nil, settings: ["data.source=/nowhere", setting])
        _ = try Run.create(configuration, in: RunFolder("/nowhere/run"))
      }
      #expect(found?.contains("training.fit ppca needs") == true, "\(setting): \(found ?? "accepted")")
    }
    #expect(refusal { _ = try PPCAFit(.zeros([5, 3]), latents: 3) }?.contains("use at most 2") == true)
    #expect(refusal { _ = try PPCAFit(.zeros([5, 3]), latents: 2) }?.contains("leave no noise") == true)
  }
}
