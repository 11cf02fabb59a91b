internal import Foundation

// What was trained, in words.
extension Report {
  static func sentences(for run: Run, manifest: Manifest) -> [String] {
    let configuration = run.configuration
    let data = run.trained.data
    let rowShape =
      data.isPicture
      ? "pictures of \(data.shape.map(String.init).joined(separator: " × "))" : "rows of \(data.dimensions) columns"
    let training = configuration.training
    let objective = configuration.objective
    let kind = configuration.model.posterior.choice as? any PosteriorChoice
    return [
      "\(kind?.hasDensity == false ? "An autoencoder" : "A variational autoencoder") with \(configuration.model.latents) "
        + "\(configuration.model.latents == 1 ? "latent" : "latents") was trained on \(ReportPage.text(run.partition.training.count)) \(rowShape) "
        + "(\(run.summary.format)) and judged on \(validated(run)).",
      "Its posterior is \(configuration.model.posterior.kind), its prior \(configuration.model.prior.kind), its likelihood "
        + "\(configuration.model.likelihood.kind); encoder (\(configuration.model.encoder.kind)) and decoder "
        + "(\(configuration.model.decoder.kind)) have \(ReportPage.text(manifest.parameters)) parameters in all.",
      (training.fit.choice is GradientFit
        ? "The objective \(objective.kind) was minimized by \(training.optimizer.kind), \(training.batch) rows a step, for "
        : "Its parameters were found by \(training.fit.kind) in ")
        + "\(run.training.history.count) \(run.training.history.count == 1 ? "epoch" : "epochs") in \(time(manifest.seconds)): "
        + "\(manifest.end). The weights are those of epoch \(run.training.bestEpoch), "
        + (run.partition.validation == nil
          ? "the last, as no rows were held out to choose by." : "the best on validation rows."),
    ]
  }

  private static func validated(_ run: Run) -> String {
    run.partition.validation.map { "\(ReportPage.text($0.count)) rows that were held out" }
      ?? "the same rows, as none were held out"
  }

  private static func time(_ seconds: Double) -> String {
    switch seconds {
    case ..<60: String(format: "%.1f seconds", seconds)
    case ..<7200: String(format: "%.1f minutes", seconds / 60)
    default: String(format: "%.1f hours", seconds / 3600)
    }
  }

  static func facts(of run: Run, manifest: Manifest) -> [ReportContent.Fact] {
    [
      ("data", manifest.source), ("recognized as", manifest.format),
      ("digest of the training values", manifest.dataHash),
      ("training rows", ReportPage.text(manifest.trainingRows)),
      ("validation rows", ReportPage.text(manifest.validationRows)),
      ("test rows", ReportPage.text(manifest.testRows)), ("scaling", run.trained.data.scaling.kind.rawValue),
      ("parameters", ReportPage.text(manifest.parameters)), ("seed", "\(manifest.seed)"), ("device", manifest.device),
      ("threads", "\(manifest.threads)"), ("started", manifest.started), ("Latent", manifest.version),
      ("libtorch", manifest.libtorch),
    ].map { ReportContent.Fact(name: $0.0, value: $0.1) }
  }
}
