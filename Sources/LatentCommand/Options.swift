public import ArgumentParser
internal import Foundation
public import Latent
internal import Torch

/// What every verb understands.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON object for machines instead of text.")
  var json = false

  /// Prints a value for machines.
  func print(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Prints a value for machines on one line, which others may follow.
  func printLine(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}

/// A trained model named on the command line.
struct ModelOptions: ParsableArguments {
  @Argument(help: "The folder of a run, or a model.safetensors file.")
  var run: String

  @Option(help: "Where to compute: cpu, cuda or cuda:N.")
  var device = "cpu"

  @Option(parsing: .unconditional, help: "The seed of all draws.")
  var seed: UInt64 = 0

  @Option(
    parsing: .unconditional,
    help: "The threads of one operation; 0 takes as many as there are cores, or one for little work.")
  var threads = 0

  /// Reads the model.
  func load() throws -> TrainedModel {
    guard (0...1024).contains(threads) else {
      throw UsageError("--threads \(threads): expected 1 to 1024, or 0 for all cores.")
    }
    let trained = try TrainedModel.load(run, device: Device(named: device))
    share(Threads.passing(parameters: trained.model.parameterCount, rows: 1000))
    return trained
  }

  /// The page of the run, if it is a run and has one; says so where a run has none.
  func page() throws -> RunReport? {
    guard RunFolder.isFolder(run) else { return nil }
    let folder = RunFolder(run)
    let page = try RunReport(of: folder)
    if page == nil {
      Terminal.note(
        "note: '\(folder.report)' holds no content.json, so no page shows this; latent train --resume \(folder.path) writes one."
      )
    }
    return page
  }

  /// Spreads what follows over threads as was asked for, or as so many operations of one step are worth.
  func share(_ operations: Double) { Engine.threads = Threads.count(asked: threads, operations: operations) }

  /// The source of this verb's draws.
  func noise(_ stream: String, on device: Device) -> Noise { Noise(seed: seed, stream: stream, on: device) }
}

extension Part: ExpressibleByArgument {}

/// How observations are taken from their distribution.
struct DecodingOptions: ParsableArguments {
  /// One of the two.
  enum Choice: String, EnumerableFlag {
    case mean, draw

    static func help(for value: Choice) -> ArgumentHelp? {
      value == .mean
        ? "Take the mean of p(x|z) (default for pictures, and to reconstruct)."
        : "Take a draw from p(x|z) (default for samples of tables)."
    }
  }

  @Flag(exclusivity: .exclusive)
  var choice: Choice?

  /// What was asked for, or what suits the data.
  func decoding(for data: DataDescription) -> Decoding {
    switch choice {
    case .mean: .mean
    case .draw: .draw
    case nil: data.isPicture ? .mean : .draw
    }
  }
}

/// A value of a configuration as YAML text, whatever it holds.
func quoted(_ text: String) -> String { "'\(text.replacingOccurrences(of: "'", with: "''"))'" }

/// What a verb that writes a file says of it.
struct Written: Encodable {
  var out: String
  var rows: Int
  var shape: [Int]
}

extension String {
  /// With spaces behind it up to a width.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
