internal import Codecs
internal import Foundation
public import Torch

/// What the page of a comparison shows of runs beside their numbers: what they make of nothing, and where their codes lie.
public struct ComparisonGallery {
  /// One run.
  struct Entry {
    /// Sheets of decoded draws; none for tables.
    var sheets: [Sheet] = []
    /// The posterior means of rows in two dimensions.
    var map = ReportContent.LatentMap()
  }

  /// Draws of one prior.
  struct Sheet {
    /// The prior's name.
    let origin: String
    /// A picture, as the bytes of a PNG file.
    let png: [UInt8]
  }

  /// In the order of the comparison's runs.
  let entries: [Entry]

  /// Rows on a map at the most.
  private static let mapped = 1500
  /// Pictures side by side on a sheet, and rows of them.
  private static let (columns, lines) = (8, 5)
  /// The pixels of a sheet's width on the page.
  private static let width = 540

  /// Draws samples and maps of runs.
  ///
  /// - Parameter source: Whose rows are mapped; nil takes what the runs were trained on.
  /// - Parameter part: Which of them; nil takes those that no run saw, where there are such.
  /// - Throws: ``LatentError`` where a run is none, or where two runs have not the same rows.
  public init(
    of folders: [RunFolder], on source: String? = nil, part: Part? = nil, seed: UInt64 = 0, device: Device = .cpu
  ) throws {
    let (models, rows, _) = try Comparison.models(of: folders, on: source, part: part, device: device)
    let shown = rows.rows(Array(0..<min(Self.mapped, rows.count)))
    entries = try models.map { trained in
      var entry = Entry()
      let noise = Noise(seed: seed, stream: "gallery", on: device)
      entry.map = try ReportContent.LatentMap(of: shown, by: trained, using: noise)
      guard trained.data.isPicture else { return entry }
      entry.sheets = try trained.origins(fittedTo: { try trained.partition(of: nil).training }, using: noise).map {
        let side = max(trained.data.shape[0], trained.data.shape[1])
        let pictures = trained.samples(Self.columns * Self.lines, .mean, from: $0.prior, using: noise)
        let sheet = PictureSheet(
          trained.brightness(of: pictures), shape: trained.data.shape, columns: Self.columns,
          enlargement: max(1, (Self.width / Self.columns - PictureSheet.gap) / side))
        return Sheet(origin: $0.name, png: try sheet.picture().pngData())
      }
      return entry
    }
  }
}
