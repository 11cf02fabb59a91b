import Explorer
import Foundation
import Latent
import Testing

/// A small run that the explorer is shown with.
struct Subject: Sendable, CustomTestStringConvertible {
  let name: String
  let settings: [String]
  var epochs = 2
  /// Rows of the source, and what one of them is; nil for the embedded digits.
  var rows: (count: Int, shape: [Int])?

  var testDescription: String { name }

  private static let small = [
    "threads=1", "training.batch=16", "training.checkpointSeconds=0", "training.divergenceSchedule=constant",
    "model.encoder.hidden=[8]", "model.decoder.hidden=[8]", "evaluation.samples=4",
  ]

  /// What most tests ask.
  static let digits = Subject(
    name: "digits", settings: small + ["model.latents=2", "data.rows=300"], epochs: 5)

  /// Models and data of all kinds.
  static let all = [
    digits,
    Subject(name: "one latent", settings: small + ["model.latents=1", "data.rows=100"]),
    Subject(name: "200 latents", settings: small + ["model.latents=200", "data.rows=100"]),
    Subject(
      name: "autoencoder",
      settings: small + ["model.latents=2", "model.posterior=point", "objective=reconstruction", "data.rows=100"]),
    Subject(
      name: "mixture prior", settings: small + ["model.latents=2", "model.prior={kind: mixture}", "data.rows=100"]),
    Subject(
      name: "redrawn black and white",
      settings: small + ["model.latents=2", "data.binarization=dynamic", "data.scaling=unit", "data.rows=100"]),
    Subject(
      name: "black and white for good",
      settings: small + ["model.latents=2", "data.binarization=fixed", "data.scaling=unit", "data.rows=100"]),
    Subject(name: "colour", settings: small + ["model.latents=2"], rows: (60, [6, 5, 3])),
    Subject(name: "table", settings: small + ["model.latents=2"], rows: (60, [4])),
    Subject(
      name: "principal components", settings: ["model.latents=2", "threads=1", "evaluation.samples=4"], rows: (60, [4])),
  ]

  /// Trains it in a folder.
  func train(in folder: String) throws -> String {
    var source = "digits"
    var settings = settings
    var preset: String?
    if let rows {
      source = "\(folder)/\(name).\(rows.shape.count == 1 ? "csv" : "npy")"
      try write(rows.count, rows.shape, to: source)
      settings.append("data.source='\(source)'")
    }
    if name == "principal components" { preset = "ppca" } else { settings.append("training.epochs=\(epochs)") }
    let run = RunFolder("\(folder)/\(name) run")
    let training = try Run.create(Configuration(preset: preset, file: nil, settings: settings), in: run)
    try training.train { _ in .proceed }
    _ = try training.finish()
    return run.path
  }

  /// Values that vary together, as a table or as pictures.
  private func write(_ count: Int, _ shape: [Int], to path: String) throws {
    let width = shape.reduce(1, *)
    func value(_ row: Int, _ column: Int) -> Float {
      0.5 + 0.3 * sin(Float(row) * 0.7 + Float(column)) + 0.1 * cos(Float(row * column) * 1.3)
    }
    if shape.count == 1 {
      let header = (0..<width).map { "c\($0)" }.joined(separator: ",")
      let lines = (0..<count).map { row in (0..<width).map { "\(10 * value(row, $0))" }.joined(separator: ",") }
      return try ([header] + lines).joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(count), "
    header += shape.map(String.init).joined(separator: ", ") + "), }"
    header += String(repeating: " ", count: 63 - (10 + header.count) % 64) + "\n"
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, UInt8(header.utf8.count), 0]) + Data(header.utf8)
    for row in 0..<count {
      for column in 0..<width {
        withUnsafeBytes(of: value(row, column).bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
    }
    try data.write(to: URL(fileURLWithPath: path))
  }
}

/// A run of the digits that all tests of a process share.
enum Shared {
  /// Where it is.
  static let folder: String = {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("latent-explorer-\(UUID().uuidString)")
      .path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    atexit { Shared.remove() }
    return path
  }()

  private static let trained = Result { try Subject.digits.train(in: folder) }
  private static let shown = Task { try await Explorer(runs: [trained.get()], settings: .init(threads: 1)) }

  static func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// The run's folder.
  static var path: String { get throws { try trained.get() } }

  /// An explorer that shows it.
  static var asker: Asker { get async throws { Asker(explorer: try await shown.value) } }

  /// The same model as the library has it.
  static var model: TrainedModel { get throws { try TrainedModel.load(path) } }
}
