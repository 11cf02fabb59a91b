internal import Codecs
internal import Foundation
public import Torch

/// Rows written to a file whose ending says how.
public enum Output {
  /// The endings that observations can be written with.
  public enum Format: String, CaseIterable, Sendable {
    /// A sheet of pictures.
    case png
    /// An array, in the data's units.
    case npy
    /// A table with a header, in the data's units.
    case csv
  }

  /// What a path's ending asks for.
  ///
  /// - Throws: ``LatentError`` for any other ending.
  public static func format(of path: String, among allowed: [Format] = Format.allCases) throws(LatentError) -> Format {
    let ending = (path as NSString).pathExtension.lowercased()
    guard let format = Format(rawValue: ending), allowed.contains(format) else {
      let endings = allowed.map { ".\($0.rawValue)" }.joined(separator: ", ")
      throw LatentError("--out '\(path)': the ending says how to write it; use one of \(endings).")
    }
    return format
  }

  /// Refuses a path in a folder that is not there; call it before any work.
  ///
  /// - Throws: A codec's error that names the folder.
  public static func demandFolder(of path: String) throws { try AtomicFile.demandFolder(of: path) }

  /// What a path's ending asks for, if it suits the data; call it before any work.
  ///
  /// - Throws: ``LatentError`` for any other ending, and where rows of a table are asked for as pictures.
  @discardableResult
  public static func format(of path: String, for data: DataDescription) throws(LatentError) -> Format {
    let format = try format(of: path)
    guard format != .png || data.isPicture else {
      throw LatentError("--out '\(path)': rows of a table are no pictures; use an ending of .csv or .npy.")
    }
    return format
  }

  /// Writes observations in the data's units.
  ///
  /// - Parameter values: Shape `[rows, D]`.
  /// - Parameter originals: For a sheet: what each row is to be shown below, of the same shape.
  /// - Throws: ``LatentError`` where tables are asked for as pictures, or a codec's error where the file cannot be written.
  public static func write(_ values: Tensor, below originals: Tensor? = nil, of trained: TrainedModel, to path: String)
    throws
  {
    let data = trained.data
    switch try format(of: path, for: data) {
    case .png:
      let pictures = trained.brightness(of: values)
      let sheet =
        originals.map {
          PictureSheet(originals: trained.brightness(of: $0), reconstructions: pictures, shape: data.shape, columns: 12)
        }
        ?? PictureSheet(pictures, shape: data.shape, columns: 12)
      try sheet.picture().writePNG(to: path)
    case .npy: try write(values.reshaped([values.extent(0)] + data.shape), to: path)
    case .csv: try write(values, columns: columnNames(of: data), to: path)
    }
  }

  /// Writes codes: the posterior's means, and its deviations.
  public static func write(codes: (means: Tensor, deviations: Tensor), labels: [String]?, to path: String) throws {
    let latents = codes.means.extent(1)
    let both = Tensor.concatenate([codes.means, codes.deviations], along: 1)
    switch try format(of: path, among: [.npy, .csv]) {
    case .npy, .png: try write(codes.means, to: path)
    case .csv: try write(both, columns: names("mean", latents) + names("deviation", latents), labels: labels, to: path)
    }
  }

  static func columnNames(of data: DataDescription) -> [String] {
    data.columns.isEmpty ? names("x", data.dimensions) : data.columns
  }

  private static func names(_ stem: String, _ count: Int) -> [String] { (0..<count).map { "\(stem) \($0 + 1)" } }

  static func write(_ values: Tensor, to path: String) throws {
    try NPY.write(try NumericArray(values.values(as: Float.self), shape: values.shape), to: path)
  }

  private static func write(_ values: Tensor, columns: [String], labels: [String]? = nil, to path: String) throws {
    let numbers = values.values(as: Float.self)
    let width = columns.count
    let rows = (0..<values.extent(0)).lazy.map { row in
      numbers[(row * width)..<((row + 1) * width)].map(CSV.Cell.float) + (labels.map { [CSV.Cell.text($0[row])] } ?? [])
    }
    try CSV.write(header: columns + (labels == nil ? [] : ["label"]), rows: rows, to: path)
  }
}
