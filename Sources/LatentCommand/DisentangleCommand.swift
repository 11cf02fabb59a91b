internal import ArgumentParser
internal import Latent
internal import Torch

/// `latent disentangle`.
struct DisentangleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disentangle",
    abstract: "Measures how far latents stand for the factors that data was made from.",
    usage: "latent disentangle <run> [<source>] --factors <file> [<options>]",
    discussion: """
      Four measures on the posterior means of all rows: the mutual information gap (told of draws too), disentanglement with completeness and \
      informativeness, separated attribute predictability, and the score of FactorVAE; each is 1 at best.

      Factors are an array of a row for each row of the data and a column for each factor, or a table of such columns; equal numbers \
      or texts are the same value.

      Example:
        latent disentangle runs/a --factors dsprites.npz:latents_classes
        latent disentangle runs/a --factors f.csv --seed 1 --json
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The data (default: what the run was trained on).")
  var source: String?

  @Option(help: ArgumentHelp("The factors: .npz:name, .npy or .csv.", valueName: "file"))
  var factors: String

  @Option(
    help: ArgumentHelp("What to call the factors, with commas (default: as the file does).", valueName: "list"))
  var names: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    let trained = try model.load()
    let rows = try trained.rows(of: source, part: .all).rows
    let named = names.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
    guard named.allSatisfy({ !$0.isEmpty }) else {
      throw UsageError("--names '\(names ?? "")': expected a name for each factor, with commas between.")
    }
    let known = try Factors(from: factors, rows: rows.count, names: named)
    let codes = try trained.codes(of: rows, using: model.noise("disentangle rows", on: trained.device)).means
    let draws =
      try trained.configuration.model.posterior.member().hasDensity
      ? try trained.latents(of: rows, using: model.noise("disentangle draws", on: trained.device)) : nil
    let found = try Disentanglement(of: codes, draws: draws, known, seed: model.seed) {
      Terminal.draw("measuring", Terminal.bar($0), "\(Int($0 * 100)) %")
    }
    Terminal.clear()
    if output.json { try output.print(found) } else { print(text(found, constants: known.constants)) }
  }

  private func text(_ found: Disentanglement, constants: [String]) -> String {
    let (gap, parts) = (found.mutualInformationGap, found.disentanglementCompleteness)
    let predictability = found.attributePredictability
    let width = max(6, found.factors.map(\.count).max() ?? 0) + 2
    func best(_ table: [[Double]], _ factor: Int) -> Int {
      table.indices.max { table[$0][factor] < table[$1][factor] } ?? 0
    }
    var lines = [
      "\(model.run), \(found.rows) rows, \(found.latents) \(found.latents == 1 ? "latent" : "latents") (\(found.activeUnits) active), "
        + "\(found.factors.count) factors:",
      "  " + "factor".padded(to: width) + "values  knows most   MIG    SAP    complete  told from all latents",
    ]
    for (index, name) in found.factors.enumerated() {
      let latent = best(gap.information, index)
      let share = gap.information[latent][index] / gap.entropies[index]
      lines.append(
        "  " + name.padded(to: width) + "\(found.values[index])".padded(to: 8)
          + "z\(latent + 1) \((100 * share).fixed(0)) %".padded(to: 13) + gap.gaps[index].fixed(3).padded(to: 7)
          + predictability.gaps[index].fixed(3).padded(to: 7) + parts.completenesses[index].fixed(3).padded(to: 10)
          + "\((100 * parts.accuracies[index]).fixed(1)) % (chance \((100 * parts.chance[index]).fixed(1)) %)")
    }
    let score = found.factorVAEScore
    lines += [
      "  MIG               \(gap.value.fixed(4))   what the best latent knows of a factor more than the second, of its entropy"
    ]
    if let drawn = found.drawnMutualInformationGap {
      lines.append(
        "       of draws     \(drawn.value.fixed(4))   the same of a draw from q(z|x) for each row, as the measure was defined"
      )
    }
    lines += [
      "  DCI  disentangled \(parts.disentanglement.fixed(4))   a latent serves one factor",
      "       complete     \(parts.completeness.fixed(4))   a factor needs one latent",
      "       informative  \(parts.informativeness.fixed(4))   factors are told right from all latents, test rows",
      "  SAP               \(predictability.value.fixed(4))   accuracy from the best latent alone less that from the second",
      "  FactorVAE score   \(score.value.fixed(4)) ± \(score.standardError.fixed(4))   a shared factor is told by the latent that varies least, "
        + "chance \((1 / Double(found.factors.count)).fixed(2))",
      "  of posterior means where nothing else is said; MIG in \(MutualInformationGap.bins) classes of equal width; classifiers on \(found.classifierRows[0]) rows, judged on "
        + "\(found.classifierRows[1]), seed \(model.seed)",
    ]
    if !constants.isEmpty {
      lines.append("  left out, being the same in all rows: \(constants.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }
}
