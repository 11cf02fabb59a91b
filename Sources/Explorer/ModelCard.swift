internal import Foundation
internal import Latent
internal import Torch

extension ExploredModel {
  /// Rows by which it is told how latents are used.
  private static let looked = 1000

  /// What the model is, as JSON; made once.
  func card(name: String, path: String) throws -> Data {
    if let cachedCard { return cachedCard }
    let rows = rows
    let content = folder.flatMap(report)
    noteWhatIsMissing(content)
    let use = try latentUse(content)
    let shape = data.shape
    let configuration = trained.configuration
    var answer = Answer([
      "name": name, "path": path, "kind": kind, "shape": shape, "latents": latents,
      "columns": data.isPicture ? [] : rows?.columns ?? describedColumns,
      "model": [
        "likelihood": configuration.model.likelihood.kind, "prior": configuration.model.prior.kind,
        "posterior": configuration.model.posterior.kind, "encoder": configuration.model.encoder.kind,
        "decoder": configuration.model.decoder.kind, "objective": configuration.objective.kind,
      ],
      "parameters": trained.model.parameterCount, "device": trained.device.description,
      "seed": configuration.seed, "source": configuration.data.source,
      "rows": [
        "training": rows?.counts.training ?? 0, "validation": rows?.counts.validation ?? 0,
        "test": rows?.counts.test ?? 0,
      ],
      "shownRows": rows?.count ?? 0, "divergence": use.divergence, "active": use.active, "spread": use.spread,
      "center": use.center, "pointPosterior": isPoint, "imputes": !isPoint, "notes": notes,
      "limits": Limits.standard.with(samples: Self.samples(operations: operations)),
    ])
    if data.isPicture {
      answer.add("height", shape[0])
      answer.add("width", shape[1])
      answer.add("channels", shape.count > 2 ? shape[2] : 1)
    }
    let names = rows?.raw.labels == nil ? nil : rows?.raw.labelNames
    answer.add(
      "labels", names.map { Answer(["names": $0, "of": labelWord]) })
    let json = try answer.json
    cachedCard = json
    return json
  }

  private var kind: String {
    data.isPicture ? data.shape.count > 2 && data.shape[2] == 3 ? "color" : "grey" : "table"
  }

  /// What is known of a table's columns without its rows.
  private var describedColumns: [ShownRows.Column] {
    let scaling = data.scaling
    return (0..<data.dimensions).map { index in
      let offset = scaling.offset[scaling.offset.count == 1 ? 0 : index]
      let scale = scaling.scale[scaling.scale.count == 1 ? 0 : index]
      var column = ShownRows.Column(name: data.columns.isEmpty ? "column \(index + 1)" : data.columns[index])
      switch scaling.kind {
      case .standard:
        (column.mean, column.deviation) = (offset, scale)
        (column.minimum, column.maximum) = (offset - 3 * scale, offset + 3 * scale)
      default: (column.minimum, column.maximum) = (offset, offset + scale)
      }
      return column
    }
  }

  /// How a model's latents are used: of each its divergence, whether its mean varies, by how much, and around what.
  private struct Use {
    var divergence: [Double?]
    var active: [Bool]
    var spread: [Double]
    var center: [Double]
  }

  private func latentUse(_ content: ReportContent?) throws -> Use {
    guard let rows else {
      let known = content?.evaluation
      let variances = known.flatMap { $0.activityPerLatent.count == latents ? $0.activityPerLatent : nil }
      let divergence = known.flatMap { $0.divergencePerLatent.count == latents ? $0.divergencePerLatent : nil }
      return Use(
        divergence: divergence.map { $0.map(defined) } ?? Array(repeating: nil, count: latents),
        active: variances.map { $0.map { $0 > Evaluation.activityThreshold } }
          ?? Array(repeating: true, count: latents),
        spread: variances.map { $0.map { $0.squareRoot() } } ?? Array(repeating: 1, count: latents),
        center: Array(repeating: 0, count: latents))
    }
    let count = min(rows.count, Self.looked)
    let some = rows.prepared.rows((0..<count).map { $0 * rows.count / count })
    share(rows: count)
    let uses = try trained.latentUse(on: some, using: noise("card", seed: 0)).sorted { $0.latent < $1.latent }
    let means = try trained.codes(of: some, using: noise("card", seed: 0)).means
    return Use(
      divergence: uses.map { $0.divergence.flatMap(defined) }, active: uses.map(\.isActive),
      spread: uses.map { $0.activity.squareRoot() }, center: means.to(type: .float64).mean(over: 0).values())
  }

  /// What a run's page was written from.
  private func report(of folder: RunFolder) -> ReportContent? { (try? ReportContent.read(folder)) ?? nil }

  private func noteWhatIsMissing(_ content: ReportContent?) {
    guard let folder else {
      note(
        "This is a model's file alone, not a run folder; so the numbers of its report and the course of its training are not shown."
      )
      return
    }
    if content == nil {
      note(
        "The run folder has no report that can be read; so its numbers are not shown. Write it anew by latent train --resume \(folder.path)."
      )
    }
    if !FileManager.default.fileExists(atPath: folder.metrics), content == nil {
      note("The run folder has no metrics.csv; so the course of training is not shown.")
    }
    switch try? Manifest.read(folder) {
    case nil: note("The run folder has no manifest that can be read; so when and how it was trained is not known.")
    case let manifest? where manifest.status == .running:
      note(
        "This run is still being trained, or was cut short; these are the weights of epoch \(manifest.bestEpoch). Start the explorer again to see later ones."
      )
    case let manifest? where manifest.status != .finished:
      note("Training did not come to its end: \(manifest.end).")
    default: break
    }
  }

  /// The numbers of the run's report, as JSON.
  func reportAnswer() throws -> Data {
    let content = folder.flatMap(report)
    let manifest = folder.flatMap { try? Manifest.read($0) }
    var answer = Answer([
      "history": content?.history ?? [], "part": content?.part ?? "", "facts": content?.facts ?? [],
      "configuration": try content?.configuration ?? trained.configuration.yaml(),
      "warnings": content.map { warnings(of: $0.evaluation) } ?? [],
    ])
    answer.add("evaluation", content?.evaluation)
    answer.add("check", content?.check?.check)
    answer.add("manifest", manifest)
    return try answer.json
  }

  /// Findings by their parts, and what else a reader should know.
  private func warnings(of evaluation: Evaluation) -> [Answer] {
    let findings = evaluation.diagnosis?.findings ?? []
    let told = Set(findings.map(\.sentence))
    return findings.map {
      Answer(["fault": $0.fault, "cause": $0.cause, "evidence": $0.evidence, "remedy": $0.remedy])
    }
      + evaluation.warnings.filter { !told.contains($0) }.map { Answer(["cause": $0, "evidence": "", "remedy": ""]) }
  }
}
