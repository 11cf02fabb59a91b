internal import CAssets
internal import Codecs
internal import Foundation
public import Torch

/// A map of the latents as a file of its own: where the posterior means of rows lie, in two dimensions and by label.
public enum LatentMapPage {
  /// Refuses an ending that says neither a page nor a table; call it before any work.
  ///
  /// - Throws: ``LatentError`` where the ending is neither .html nor .csv, or the charts of a page were not built in.
  public static func check(_ path: String) throws(LatentError) {
    let ending = ending(of: path)
    guard ["html", "csv"].contains(ending) else {
      throw LatentError("--out '\(path)': the ending says how to write it; use .html or .csv.")
    }
    guard ending == "csv" || ct_asset_plotly().count > 0 else {
      throw LatentError(
        "--out '\(path)': this build has no library of charts, which a page needs; use an ending of .csv.")
    }
  }

  /// Writes the map as one HTML page that needs nothing else, or as a table of coordinates and labels.
  ///
  /// One or two latents are shown as they are; of more, the two principal axes of the means.
  /// - Parameter name: What the model is called.
  /// - Throws: ``LatentError`` where the ending or the data's shape is wrong, or a codec's error where the file cannot be written.
  public static func write(
    _ rows: Dataset, by trained: TrainedModel, named name: String, using noise: Noise, to path: String
  )
    throws
  {
    try check(path)
    var content = ReportContent()
    content.name = name
    content.map = try ReportContent.LatentMap(of: rows, by: trained, using: noise)
    if ending(of: path) == "csv" { return try writeTable(content.map, to: path) }
    content.sentences = [
      "Where \(counted(rows.count, "row")) of \(rows.name) lie among the model’s \(counted(trained.model.latents, "latent"))."
    ]
    let plotly = ct_asset_plotly()
    let library = String(decoding: UnsafeBufferPointer(start: plotly.bytes, count: plotly.count), as: UTF8.self)
    let page = try ReportPage.html(
      content, eyebrow: "map", sections: [ReportPage.map(content)], library: "<script>\(library)</script>", missing: "",
      withoutScripts: "The map needs JavaScript.")
    try AtomicFile.write(Array(page.utf8), to: path)
  }

  private static func writeTable(_ map: ReportContent.LatentMap, to path: String) throws {
    let isLabelled = map.labels.count == map.x.count
    let rows = map.x.indices.lazy.map { row -> [CSV.Cell] in
      let label = isLabelled ? map.labels[row] : 0
      let name = map.labelNames.indices.contains(label) ? map.labelNames[label] : "\(label)"
      return [.double(map.x[row]), .double(map.y[row])] + (isLabelled ? [.text(name)] : [])
    }
    try CSV.write(header: map.axes + (isLabelled ? ["label"] : []), rows: rows, to: path)
  }

  private static func ending(of path: String) -> String { (path as NSString).pathExtension.lowercased() }
}
