internal import Codecs
internal import Foundation
internal import Torch

/// The page of a run that was written before, to which more can be added.
public struct RunReport {
  private let folder: RunFolder
  private var content: ReportContent

  /// Reads what a run's page was written from; nil where no page was written, or what it was written from is gone.
  ///
  /// - Throws: ``LatentError`` where it is damaged.
  public init?(of folder: RunFolder) throws {
    self.folder = folder
    guard let content = try ReportContent.read(folder) else { return nil }
    self.content = content
  }

  /// Puts a judgement on the page, in the place of an earlier one of the same attribute, and writes it.
  ///
  /// - Parameter strips: Some rows with less to more of the attribute; shown where they are pictures.
  /// - Throws: A codec's error where the folder cannot be written to.
  public mutating func add(_ judgement: AttributeJudgement, showing strips: Strips, of trained: TrainedModel) throws {
    let place = content.judgements.firstIndex { $0.judgement.attribute == judgement.attribute }
    var picture = ""
    if trained.data.isPicture {
      let taken = Set(content.judgements.map(\.picture))
      func name(_ number: Int) -> String { "attribute-\(number).png" }
      picture = place.map { content.judgements[$0].picture } ?? ""
      if picture.isEmpty { picture = name((1...).first { !taken.contains(name($0)) } ?? 1) }
      try Output.write(strips, of: trained, to: "\(folder.report)/\(picture)")
    }
    let judged = ReportContent.Judged(judgement, picture: picture)
    if let place { content.judgements[place] = judged } else { content.judgements.append(judged) }
    try Report.save(content, to: folder)
  }

  /// Puts a check of samples on the page, in the place of an earlier one, and writes it.
  ///
  /// - Parameter closest: What ``ModelCheck/make(of:on:settings:progress:)`` gave; shown as pictures or as rows.
  /// - Throws: A codec's error where the folder cannot be written to.
  public mutating func add(_ check: ModelCheck, showing closest: ModelCheck.Closest, of trained: TrainedModel) throws {
    var checked = ReportContent.Checked(check, closest: "", pixels: "", rows: [])
    if trained.data.isPicture {
      (checked.closest, checked.pixels) = ("check-closest.png", "check-pixels.png")
      try CheckPictures.write(
        check, closest, of: trained, closest: checked.closest, pixels: checked.pixels, to: folder.report)
    } else {
      checked.rows = (0..<closest.samples.extent(0)).map {
        .init(
          original: closest.samples[$0].values(as: Double.self),
          reconstruction: closest.rows[$0].values(as: Double.self))
      }
    }
    content.check = checked
    try Report.save(content, to: folder)
  }
}
