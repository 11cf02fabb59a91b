internal import ArgumentParser
internal import Latent
internal import Torch

/// `latent impute`.
struct ImputeCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "impute",
    abstract: "Fills in what is missing, by draws given what is there.",
    usage: "latent impute <run> <source> --out <file> [<options>]",
    discussion: """
      In a table the empty cells are filled in (by default of all rows). Of whole rows --mask, --box, --fraction or --lower-half \
      hides a part (by default of the rows that the run never saw), and the error is printed, beside that of column means and of PPCA \
      with as many latents and with the number that does best on the validation rows.

      The ending of --out says how rows are written: .png (original, what is left, completions, mean), .csv or .npy (means, \
      deviations, completions, in the data's own units).

      Example:
        latent impute runs/wine-1 holes.csv --completions 0 --out filled.csv
        latent impute runs/digits-categorical-1 digits --lower-half --out halves.png
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The data.")
  var source: String

  @Option(help: ArgumentHelp("Where to: .png, .npy or .csv.", valueName: "file"))
  var out: String

  @Option(help: ArgumentHelp("Hide the white pixels of this picture.", valueName: "file"))
  var mask: String?

  @Option(help: ArgumentHelp("Hide a part: top,left,height,width in pixels.", valueName: "box"))
  var box: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Hide this part at random.", valueName: "part"))
  var fraction: Double?

  @Flag(help: "Hide the lower half of pictures.")
  var lowerHalf = false

  @Option(parsing: .unconditional, help: "Draws of each row.")
  var completions = 5

  @Option(parsing: .unconditional, help: "Steps of the Markov chains; the second half counts.")
  var steps = 200

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Markov chains for each row (default: 16, more with 8 latents or more)."))
  var chains: Int?

  @Option(parsing: .unconditional, help: "The first so many rows; 0 takes all (default: 12 for .png, else all).")
  var count: Int?

  @Option(help: "Which rows: training, validation, test or all (default: as above).")
  var part: Part?

  @OptionGroup var output: OutputOptions

  var destinations: [String?] { [out] }

  func checkEndings() throws(LatentError) { _ = try Output.format(of: out) }

  func validate() throws {
    if let count, count < 0 { throw ValidationError("--count \(count): expected at least 1, or 0 for all.") }
    let ways = [mask != nil, box != nil, fraction != nil, lowerHalf].count { $0 }
    guard ways <= 1 else { throw ValidationError("give only one of --mask, --box, --fraction and --lower-half.") }
    guard (0...1000).contains(completions) else {
      throw ValidationError("--completions \(completions): expected 0 to 1000.")
    }
    guard (2...1_000_000).contains(steps) else { throw ValidationError("--steps \(steps): expected 2 to 1000000.") }
    if let chains, !(4...1000).contains(chains) {
      throw ValidationError("--chains \(chains): expected 4 to 1000.")
    }
    if let fraction, !(fraction > 0 && fraction < 1) {
      throw ValidationError("--fraction \(fraction): expected a number between 0 and 1.")
    }
    if let box {
      do { _ = try Occlusion(box: box) } catch { throw ValidationError("\(error)") }
    }
  }

  private func occlusion() throws -> Occlusion? {
    if let mask { return .mask(mask) }
    if let box { return try Occlusion(box: box) }
    if let fraction { return .fraction(fraction) }
    return lowerHalf ? .lowerHalf : nil
  }

  func run() throws {
    let format = try Output.format(of: out)
    let trained = try model.load()
    let occlusion = try occlusion()
    let all = try trained.rows(
      of: source, part: part ?? (occlusion == nil ? .all : nil), keepingMissing: occlusion == nil
    ).rows
    let limit = count ?? (format == .png ? 12 : 0)
    let rows = limit > 0 && limit < all.count ? all.rows(Array(0..<limit)) : all
    let hidden = try occlusion?.isHidden(
      rows: rows.count, shape: rows.shape, using: Noise(seed: model.seed, stream: "occlusion"))
    let holes = hidden ?? rows.values.to(type: .float32).isNaN().to(type: .float32)
    guard holes.sum().item > 0 else {
      throw LatentError(
        "\(rows.name) has no missing values; leave cells empty, or hide some by --mask, --box, --fraction or --lower-half."
      )
    }
    let reference = ImputationReference(of: trained, orOf: rows)
    let settings = ImputationSettings(completions: completions, steps: steps, chains: chains)
    model.share(
      Threads.passing(
        parameters: trained.model.parameterCount, rows: rows.count,
        samples: settings.chains(latents: trained.model.latents)))
    let imputation = try trained.imputation(
      of: rows, missing: hidden, columnMeans: reference.columnMeans, settings: settings,
      using: model.noise("impute", on: trained.device)
    ) { Terminal.draw("filling in", Terminal.bar($0), "\(Int($0 * 100)) %") }
    Terminal.clear()
    try Output.write(imputation, of: rows, by: trained, to: out)
    // The truth is known where something was hidden.
    let baselines = hidden == nil ? [] : reference.baselines(for: rows, missing: imputation.isMissing)
    let summary = Summary(
      out: out, rows: rows.count, missing: Int(imputation.isMissing.to(type: .float64).sum().item),
      completions: completions, chains: imputation.chains, steps: steps, meanError: imputation.meanError,
      acceptanceFromEncoder: imputation.acceptanceFromEncoder,
      acceptanceByDifference: imputation.acceptanceByDifference,
      score: imputation.score(against: rows, baselines: baselines, of: trained),
      remark: try trained.configuration.model.posterior.member().hasDensity
        ? nil : Summary.pointRemark(isFitted: trained.model.prior is any FittedPrior))
    if output.json { try output.print(summary) } else { print(summary.text) }
  }
}

/// What is said of filled-in rows.
private struct Summary: Encodable {
  let out: String
  let rows: Int
  let missing: Int
  let completions: Int
  let chains: Int
  let steps: Int
  let meanError: Double
  let acceptanceFromEncoder: Double
  let acceptanceByDifference: Double
  let score: ImputationScore?
  /// What a reader should know of the chains.
  let remark: String?

  /// What the chains of a model mean whose posterior is a point.
  static func pointRemark(isFitted: Bool) -> String {
    "The posterior is a point: no proposal by the encoder can be taken, and the chains move by differences alone. They settle at p(z) p(x|z) of "
      + (isFitted
        ? "the prior that was fitted to the codes after training, which training did not hold them to."
        : "a prior that training never held the codes near, and so not where this model's codes lie; --set model.prior=fitted-gaussian fits one to them.")
  }

  var text: String {
    var lines = [
      "\(missing) missing values of \(rows) rows filled in, in \(out)",
      "  by \(chains) Markov chains of \(steps) steps a row; taken were \(percent(acceptanceFromEncoder)) of the proposals by the "
        + "encoder, \(percent(acceptanceByDifference)) of those by differences",
      "  means are within ± \(meanError.fixed(4)) (standard error from the draws, as scaled)",
    ]
    if let score {
      let width = 20
      func line(_ error: String, _ difference: String, _ of: String) -> String {
        "  " + error.padded(to: width) + difference.padded(to: width) + of
      }
      func number(_ value: Double, _ error: Double) -> String { "\(value.fixed(5)) ± \(error.fixed(5))" }
      lines += [
        "  " + "squared error".padded(to: width) + "model − it",
        line(number(score.meanSquaredError, score.standardError), "", "mean of the draws"),
      ]
      if completions > 0 { lines += [line(score.completionSquaredError.fixed(5), "", "single completions")] }
      lines += score.baselines.map {
        line(
          number($0.meanSquaredError, $0.standardError), number($0.difference, $0.differenceError), $0.description)
      }
      lines += ["  a value, in squared units of the scaled data, ± over rows"]
    }
    if let remark { lines.append("  note: \(remark)") }
    return lines.joined(separator: "\n")
  }

  private func percent(_ part: Double) -> String { "\((100 * part).fixed(0)) %" }
}
