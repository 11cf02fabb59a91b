public import ArgumentParser
public import Latent
internal import Torch

/// `latent compare`.
struct CompareCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Puts runs side by side: judged on the same rows with the same draws, their curves on one page.",
    usage: "latent compare <run> ... [<options>]",
    discussion: """
      Every model is judged anew; epochs, times and curves are what the runs recorded. Runs that have not the same rows to be \
      judged on are refused.

      With --on every run is judged on the rows of SOURCE and set against one of them row by row: the mean difference of −log p(x) \
      and of −ELBO with its standard error and 95 % interval, and whether it is within noise. Densities under different scalings \
      are brought to the data's own units. Runs whose numbers are of different things are refused.

      Example:
        latent compare runs/wine-1 runs/wine-2 --on wine.csv --part test
        latent compare runs/mnist-mlp-1 runs/mnist-mlp-detached-1 --out compare.html
        latent compare runs/mnist-mlp-1 --gradients 200
        latent compare runs/vae runs/autoencoder --recognize 1000 --out twins.html
      """)

  @Argument(help: ArgumentHelp("The folders of runs.", valueName: "run"))
  var runs: [String]

  @Option(
    help: ArgumentHelp(
      "Compare the runs row by row on these data (default: no comparison by rows).", valueName: "source"))
  var on: String?

  @Option(help: "Which run the others are set against by --on: the first or the best (default: first).")
  var against: Differences.Reference?

  @Option(help: "Which rows: training, validation, test or all (default: rows that no run saw).")
  var part: Part?

  @Option(parsing: .unconditional, help: ArgumentHelp("Draws a row.", valueName: "k"))
  var samples = 100

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Measure the variance of each estimator's gradient by so many gradients, an even number; 0 for none.",
      valueName: "m"))
  var gradients = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw so many samples of each run, and say what part of them a classifier of the real rows' labels recognizes; 0 for none.",
      valueName: "n"))
  var recognize = 0

  @Option(help: ArgumentHelp("A page of it all: .html (default: none).", valueName: "file"))
  var out: String?

  @Option(help: "Where to compute: cpu, cuda or cuda:N.")
  var device = "cpu"

  @Option(parsing: .unconditional, help: "The seed of all draws.")
  var seed: UInt64 = 0

  @Option(parsing: .unconditional, help: "The threads of one operation; 0 takes as many as there are cores.")
  var threads = 0

  @OptionGroup var output: OutputOptions

  var destinations: [String?] { [out] }

  func checkEndings() throws(LatentError) {
    if let out, !out.lowercased().hasSuffix(".html") {
      throw LatentError("--out \(out): expected a name that ends in .html.")
    }
  }

  func validate() throws {
    guard !runs.isEmpty else { throw ValidationError("Missing expected argument '<run>'.") }
    if on?.isEmpty == true { throw ValidationError("--on is empty; give it a source, or leave it out.") }
    if against != nil, on == nil {
      throw ValidationError("--against is of the comparison by rows; add --on SOURCE, or leave it out.")
    }
    guard (2...1_000_000).contains(samples) else {
      throw ValidationError("--samples \(samples): expected 2 to 1000000.")
    }
    guard gradients == 0 || (4...1_000_000).contains(gradients) && gradients.isMultiple(of: 2) else {
      throw ValidationError("--gradients \(gradients): expected an even number from 4 on, or 0 for none.")
    }
    guard recognize == 0 || (10...1_000_000).contains(recognize) else {
      throw ValidationError("--recognize \(recognize): expected 10 to 1000000, or 0 for none.")
    }
    guard (0...1024).contains(threads) else {
      throw ValidationError("--threads \(threads): expected 1 to 1024, or 0 for all cores.")
    }
  }

  func run() throws {
    Engine.threads = Threads.count(asked: threads)
    let folders = runs.map(RunFolder.init)
    let comparison = try Comparison.make(
      of: folders, on: on, against: against ?? .first, part: part, samples: samples, gradients: gradients,
      recognize: recognize,
      seed: seed,
      device: Device(named: device)
    ) { Terminal.draw($0, Terminal.bar($1), "\(Int($1 * 100)) %") }
    Terminal.clear()
    if let out {
      let gallery = try ComparisonGallery(of: folders, on: on, part: part, seed: seed, device: Device(named: device))
      try ComparisonPage.write(comparison, gallery: gallery, to: out)
    }
    if output.json {
      try output.print(comparison)
    } else {
      print(ComparisonText.text(comparison))
      if let out { print("Page: \(out)") }
    }
  }
}

extension Differences.Reference: ExpressibleByArgument {}
