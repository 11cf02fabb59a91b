internal import ArgumentParser
internal import Latent
internal import Torch

/// `latent edit`.
struct EditCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "Gives observations more or less of an attribute, such as a smile.",
    usage: "latent edit <run> [<source>] --attribute <name> --out <file> [<options>]",
    discussion: """
      The direction of an attribute is the mean code of rows that have it less the mean code of rows that do not, of the run's \
      training rows alone. An attribute is a column of the labels file (yes and no, 1 and 0), column=value, or a+b+c for what most \
      of several columns say; without a labels file it is label=value of the data's own labels. Labels are matched to the run's data \
      by file names where a column has them, else by order. The rows that are changed count from 0 within their part.

      --judge trains a classifier on the raw training rows with the same labels, stopped by the validation rows, and prints the \
      probability that it gives the attribute on all test rows for each step, with its standard error. The classifier sees nothing \
      of the model. The numbers and the lines of pictures go onto the page of the run.

      Example:
        latent edit runs/faces-1 --attribute smiling --labels a.csv --out a.png
        latent edit runs/faces-1 --judge --attribute smiling --labels a.csv --out a.png
        latent edit runs/mnist-small-1 --attribute label=3 label=7 --out b.png
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The rows to change (default: what the run was trained on).")
  var source: String?

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("One attribute or several; needed (default: none).", valueName: "name")
  )
  var attribute: [String] = []

  @Option(
    help: ArgumentHelp(
      "A CSV file with a row for each row of the run's data (default: the data's own labels).", valueName: "file"))
  var labels: String?

  @Option(help: ArgumentHelp("Where to: .png, .npy or .csv.", valueName: "file"))
  var out: String

  @Option(help: ArgumentHelp("Which rows to change (default: the first six).", valueName: "list"))
  var rows: NumberList?

  @Option(help: "Which part they are of: training, validation, test or all (default: those never seen).")
  var part: Part?

  @Option(parsing: .unconditional, help: "The direction is added from minus this to this many times.")
  var amount = 2.0

  @Option(parsing: .unconditional, help: "The changed observations in a line, after the original.")
  var steps = 7

  @Option(
    help: ArgumentHelp("Keep the directions as a .safetensors file (default: they are not kept).", valueName: "file"))
  var save: String?

  @Flag(help: "Let a classifier of raw rows judge each attribute, and add it to the run's page.")
  var judge = false

  @OptionGroup var output: OutputOptions

  private struct Found: Encodable {
    var name: String
    var present: Int
    var absent: Int
    var length: Double
    var separation: Double?
  }

  private struct Edited: Encodable {
    var out: String
    var rows: [Int]
    var steps: Int
    var shape: [Int]
    var attributes: [Found]
    var heldOut: Int
    var save: String?
    var judgements: [AttributeJudgement]?
    var report: String?
  }

  var destinations: [String?] { [out, save] }

  func checkEndings() throws(LatentError) { _ = try Output.format(of: out) }

  func validate() throws {
    guard !attribute.isEmpty else {
      throw ValidationError("--attribute is missing; name one, such as label=3 or a column of --labels.")
    }
    try demandSteps(steps, atLeast: judge ? 2 : 1)
    try demandPositive(amount, option: "--amount")
    if let save, !save.hasSuffix(".safetensors") {
      throw ValidationError("--save '\(save)': use an ending of .safetensors.")
    }
    if let double = attribute.first(where: { name in attribute.count { $0 == name } > 1 }) {
      throw ValidationError("--attribute \(double) is there twice; give each once.")
    }
  }

  func run() throws {
    let trained = try model.load()
    let format = try Output.format(of: out, for: trained.data)
    var report = judge ? try model.page() : nil
    let noise = model.noise("edit", on: trained.device)
    let (all, part) = try trained.rows(of: source, part: part)
    let numbers = rows?.numbers ?? Array(0..<min(6, all.count))
    let chosen = try all.rows(numbered: numbers, part: part)
    let findings = try trained.attributeVectors(attribute, labels: labels, using: noise)
    let strips = try trained.edits(
      of: chosen, named: numbers.map(String.init), by: findings.vectors, amount: amount, steps: steps, using: noise)
    try Output.write(strips, of: trained, to: out)
    if let save { try AttributeVector.save(findings.vectors, to: save) }
    let judgements = try judge ? judgements(of: findings, by: trained) : []
    for (index, judgement) in judgements.enumerated() {
      let shown = try trained.edits(
        of: chosen, named: numbers.map(String.init), by: [findings.vectors[index]], amount: amount, steps: steps,
        using: noise)
      try report?.add(judgement, showing: shown, of: trained)
    }
    let page = report.map { _ in RunFolder(model.run).reportPage }
    let found = zip(findings.vectors, findings.separations).map {
      Found(name: $0.name, present: $0.present, absent: $0.absent, length: $0.length, separation: $1)
    }
    if output.json {
      try output.print(
        Edited(
          out: out, rows: numbers, steps: steps, shape: trained.data.shape, attributes: found,
          heldOut: findings.heldOut, save: save, judgements: judge ? judgements : nil, report: page))
      return
    }
    let kind = format == .png ? "pictures" : "rows"
    print(
      "\(strips.lines) \(strips.lines == 1 ? "line" : "lines") of \(steps) \(kind) behind their originals in \(out)")
    for each in found {
      let judged = each.separation.map {
        "; tells \(($0 * 100).fixed(1)) % of pairs apart on \(findings.heldOut) rows held out (50 % is chance)"
      }
      print(
        "  \(each.name): \(each.present) training rows with it, \(each.absent) without; length \(each.length.fixed(3))"
          + (judged ?? ""))
    }
    if let save { print("Directions in \(save)") }
    for judgement in judgements { print("\n" + JudgementText.text(judgement)) }
    if let page { print("Report: \(page)") }
  }

  private func judgements(of findings: AttributeFindings, by trained: TrainedModel) throws -> [AttributeJudgement] {
    // Pictures are judged by convolutions, whose weights take part in many products each.
    if trained.data.isPicture { model.share(.infinity) }
    defer { Terminal.clear() }
    return try findings.vectors.indices.map { index in
      Terminal.draw("judging \(findings.vectors[index].name)")
      return try trained.judgement(of: findings, index, amount: amount, steps: steps, seed: model.seed)
    }
  }
}
