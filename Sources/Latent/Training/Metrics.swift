internal import Codecs

/// The table of every term of every epoch.
enum Metrics {
  static func write(_ history: [EpochReport], to path: String) throws {
    let isBound = history.first?.isBound ?? true
    let total = isBound ? ["negativeELBO"] : []
    let terms = history.first?.training.map(\.name) ?? []
    let header =
      ["epoch", "steps", "seconds", "rowsPerSecond", "learningRate", "effectiveBeta", "criterion", "isBest"]
      + (terms + total).map { "training.\($0)" }
      + (history.first?.validation.isEmpty == false
        ? (terms + total).map { "validation.\($0)" } : [])
      + (history.first?.measures.map { "fit.\($0.name)" } ?? [])
    let rows = history.map { epoch -> [CSV.Cell] in
      [
        .integer(epoch.epoch), .integer(epoch.steps), .double(epoch.seconds), .double(epoch.rowsPerSecond),
        .double(epoch.learningRate), .double(epoch.effectiveBeta), .double(epoch.criterion),
        .integer(epoch.isBest ? 1 : 0),
      ] + epoch.training.map { .double($0.value) } + (isBound ? [.double(epoch.trainingNegativeELBO)] : [])
        + epoch.validation.map { .double($0.value) }
        + (isBound ? epoch.validationNegativeELBO.map { [.double($0)] } ?? [] : [])
        + epoch.measures.map { .double($0.value) }
    }
    try CSV.write(header: header, rows: rows, to: path)
  }
}
