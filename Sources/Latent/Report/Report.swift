internal import Codecs
internal import Foundation
internal import Torch

/// The page of a run: what was trained, how it went and what came of it.
enum Report {
  /// Rows on the map at the most.
  private static let mapped = 3000
  /// Columns of the sheets.
  private static let columns = 12

  /// Gathers all that the page shows, makes its pictures and writes it.
  static func write(for run: Run, evaluation: Evaluation, part: String, manifest: Manifest) throws {
    let folder = run.folder.report
    try RunFolder.make(folder)
    var content = ReportContent()
    content.name = (run.folder.path as NSString).lastPathComponent
    content.sentences = sentences(for: run, manifest: manifest)
    content.facts = facts(of: run, manifest: manifest)
    content.history = run.training.history
    content.evaluation = evaluation
    content.part = part
    content.configuration = try run.configuration.yaml()
    content.map = try ReportContent.LatentMap(
      of: first(mapped, of: run.partition.training), by: run.trained,
      using: Noise(seed: run.configuration.seed, stream: "map", on: run.trained.device))
    let noise = Noise(seed: run.configuration.seed, stream: "report", on: run.trained.device)
    if run.trained.data.isPicture {
      try drawPictures(of: run, into: &content, folder: folder, using: noise)
    } else {
      try compareTables(of: run, into: &content, using: noise)
    }
    try save(content, to: run.folder)
  }

  /// Writes the page and, so that it can be written again with more on it, its content.
  static func save(_ content: ReportContent, to folder: RunFolder) throws {
    try AtomicFile.write(Array(try JSON.text(of: content).utf8), to: folder.reportContent)
    try ReportPage.write(content, to: folder.report)
  }

  private static func drawPictures(of run: Run, into content: inout ReportContent, folder: String, using noise: Noise)
    throws
  {
    let data = run.trained.data
    let shown = first(3 * columns, of: run.partition.validation ?? run.partition.training)
    content.reconstructions = "reconstructions.png"
    try PictureSheet(
      originals: run.trained.brightness(of: shown.values),
      reconstructions: run.trained.brightness(of: try run.trained.reconstructions(of: shown, .mean, using: noise)),
      shape: data.shape,
      columns: columns
    ).picture().writePNG(to: "\(folder)/\(content.reconstructions)")
    content.samples = "samples.png"
    try PictureSheet(
      run.trained.brightness(of: run.trained.samples(6 * columns, .mean, using: noise)), shape: data.shape,
      columns: columns
    ).picture().writePNG(to: "\(folder)/\(content.samples)")
  }

  private static func compareTables(of run: Run, into content: inout ReportContent, using noise: Noise) throws {
    let data = run.partition.training
    func moments(_ values: Tensor) -> (means: [Double], deviations: [Double]) {
      let values = values.to(type: .float64)
      return (values.mean(over: 0).values(), values.variance(over: 0).squareRoot().values())
    }
    let observed = moments(data.values)
    let sampled = moments(run.trained.samples(10_000, .draw, using: noise))
    let names = data.columns.isEmpty ? (1...data.dimensions).map { "column \($0)" } : data.columns
    content.columns = names.indices.map {
      .init(
        name: names[$0], dataMean: observed.means[$0], dataDeviation: observed.deviations[$0],
        sampleMean: sampled.means[$0], sampleDeviation: sampled.deviations[$0])
    }
    let shown = first(8, of: run.partition.validation ?? data)
    let returned = try run.trained.reconstructions(of: shown, .mean, using: noise)
    content.rows = (0..<shown.count).map {
      .init(original: shown.values[$0].values(as: Double.self), reconstruction: returned[$0].values(as: Double.self))
    }
  }

  private static func first(_ count: Int, of dataset: Dataset) -> Dataset {
    dataset.rows(Array(0..<min(count, dataset.count)))
  }
}
