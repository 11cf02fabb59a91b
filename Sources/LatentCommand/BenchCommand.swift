internal import ArgumentParser
internal import Latent

/// `latent bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Times training steps on this machine, beside the least time that their products need.",
    usage: "latent bench [<source>] [<options>]",
    discussion: """
      The limit is the sum of a step's matrix products and convolutions, each by itself by the fastest library at hand, and one \
      step of the optimizer, measured in the same run. Without SOURCE the preset's embedded data are used, or random bytes of \
      --shape. Nothing is kept.

      Example:
        latent bench
        latent bench mnist/ --preset mnist-mlp --batch 512
        latent bench --preset mnist-small --shape 28,28 --threads 1 --json
      """)

  @Argument(help: "The data (default: the preset's own, or random bytes).")
  var source: String?

  @Option(help: "The experiment whose steps are timed.")
  var preset = Presets.standard.name

  @Option(parsing: .unconditional, help: ArgumentHelp("Rows of a step (default: the preset's).", valueName: "rows"))
  var batch: Int?

  @Option(
    help: ArgumentHelp(
      "One value such as model.latents=8, laid over the preset; may be repeated.", valueName: "key=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp(
      "The shape of a row of random bytes: columns, or height,width[,channels] (default: 28,28).", valueName: "list"))
  var shape: String?

  @Option(parsing: .unconditional, help: "Rows of random bytes (default: 10000).")
  var rows: Int?

  @Option(parsing: .unconditional, help: "Steps that are timed at the most.")
  var steps = 1000

  @Option(parsing: .unconditional, help: "Steps before the first that is timed.")
  var warmUp = 50

  @Option(parsing: .unconditional, help: "Seconds after which no further step is timed, once there are 20.")
  var seconds = 10.0

  @Option(parsing: .unconditional, help: "The threads of one operation; 0 chooses as training does.")
  var threads = 0

  @Option(help: "Where to compute: cpu, cuda or cuda:N.")
  var device = "cpu"

  @Option(help: "What products are computed in: fp32 or bf16 (default: the preset's).")
  var precision: String?

  @OptionGroup var output: OutputOptions

  private var extents: [Int] {
    (shape ?? "28,28").split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
  }

  func validate() throws {
    guard source == nil || (shape == nil && rows == nil) else {
      throw ValidationError("--shape and --rows are of random bytes; leave them out where a source is given.")
    }
    if let rows, !(1...100_000_000).contains(rows) {
      throw ValidationError("--rows \(rows): expected 1 to 100000000.")
    }
    guard (20...10_000_000).contains(steps) else { throw ValidationError("--steps \(steps): expected 20 to 10000000.") }
    guard (1...1_000_000).contains(warmUp) else { throw ValidationError("--warm-up \(warmUp): expected 1 to 1000000.") }
    guard (0...1024).contains(threads) else {
      throw ValidationError("--threads \(threads): expected 1 to 1024, or 0 for what training takes.")
    }
    guard (1...3).contains(extents.count), extents.allSatisfy({ (1...65_536).contains($0) }) else {
      throw ValidationError(
        "--shape \(shape ?? ""): expected columns, height,width or height,width,channels, each 1 to 65536.")
    }
    try demandPositive(seconds, option: "--seconds")
  }

  func run() throws {
    var settings = StepBenchmark.Settings()
    (settings.steps, settings.warmUp, settings.seconds) = (steps, warmUp, seconds)
    let configuration: Configuration
    do {
      configuration = try Configuration(
        preset: preset, file: nil,
        settings: ["threads=\(threads)", "device=\(quoted(device))"]
          + (source.map { ["data.source=\(quoted($0))"] } ?? [])
          + (precision.map { ["training.precision=\(quoted($0))"] } ?? [])
          + (batch.map { ["training.batch=\($0)"] } ?? []) + set)
    } catch { throw UsageError(error) }
    let isEmbedded = preset == Presets.standard.name && shape == nil && rows == nil
    let random = source == nil && !isEmbedded ? Dataset.randomBytes(rows: rows ?? 10_000, shape: extents) : nil
    let found = try StepBenchmark.measure(configuration, preset: preset, on: random, settings: settings)
    if output.json {
      try output.print(found)
    } else {
      print(text(found, on: random?.name ?? configuration.data.source))
    }
  }

  private func text(_ found: StepBenchmark, on data: String) -> String {
    func line(_ name: String, _ microseconds: Double, _ note: String = "") -> String {
      "  " + name.padded(to: 22) + "\(microseconds.fixed(0)) µs".padded(to: 12) + note
    }
    return [
      "\(found.preset) on \(data): batches of \(found.batch), "
        + "\(found.samples == 1 ? "1 draw" : "\(found.samples) draws") a row, \(found.parameters) parameters, \(found.device), \(found.threads == 1 ? "1 thread" : "\(found.threads) threads"), \(found.precision)",
      line(
        "step", found.stepMicroseconds,
        "median of \(found.steps) steps; quartiles \(found.stepQuartiles.map { $0.fixed(0) }.joined(separator: " … "))"),
      line("  batch", found.batchMicroseconds, "gathering and scaling rows"),
      line("  forward", found.forwardMicroseconds, "the objective's terms"),
      line("  backward", found.backwardMicroseconds, "their gradients, and changing the parameters"),
      line(
        "limit", found.limitMicroseconds,
        "products by themselves \(found.productMicroseconds.fixed(0)) µs (\(found.productGigaoperations.fixed(0)) · 10⁹ operations/s), the optimizer's pass \(found.optimizerMicroseconds.fixed(0)) µs"
      ),
      "  ratio".padded(to: 24) + "\(found.ratio.fixed(2))",
      "  \(Int(found.rowsPerSecond)) rows a second, \(found.pageFaults.fixed(1)) page faults a step, at most \(found.peakMegabytes.fixed(0)) MB, "
        + "first step \(found.startupSeconds.fixed(2)) s after the start",
    ].joined(separator: "\n")
  }
}
