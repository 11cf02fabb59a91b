public import ArgumentParser
public import Latent
internal import Torch

/// `latent cluster`.
struct ClusterCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Puts observations into clusters by where they lie among the latents.",
    usage: "latent cluster <run> [<source>] --out <file> [<options>]",
    discussion: """
      Clusters are sought among the posterior means. Of several numbers of clusters the mixture takes that of the least BIC, \
      k-means that of the greatest mean silhouette (of at most 3000 rows).

      Example:
        latent cluster runs/digits-categorical-1 --out clusters.csv --sheet clusters.png
        latent cluster runs/wine-1 wine.csv --method k-means --clusters 3 --out clusters.csv
      """)

  @OptionGroup var model: ModelOptions

  @Argument(help: "The data (default: what the run was trained on).")
  var source: String?

  @Option(help: ArgumentHelp("Where to: .csv.", valueName: "file"))
  var out: String

  @Option(help: "How: mixture or k-means.")
  var method = ClusteringMethod.mixture

  @Option(parsing: .unconditional, help: "How many: a number, or a range to choose from.")
  var clusters = "2...20"

  @Option(help: "The mixture's covariances: full or diagonal.")
  var covariance = GaussianMixture.Covariance.full

  @Option(parsing: .unconditional, help: "Fits of each number of clusters, of which the best counts.")
  var starts = 5

  @Option(help: ArgumentHelp("Write pictures of each cluster's members to this .png.", valueName: "file"))
  var sheet: String?

  @Option(help: "Which rows: training, validation, test or all (default: all).")
  var part: Part?

  @OptionGroup var output: OutputOptions

  private static let limit = 1000

  private func counts() throws -> ClosedRange<Int> {
    let numbers = clusters.split(separator: "...", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(numbers.count), let first = numbers.first ?? nil, let last = numbers.last ?? nil,
      first >= 1, first <= last, last <= Self.limit
    else {
      throw ValidationError(
        "--clusters: expected a number from 1 to \(Self.limit), or a range of two such, the smaller first, with three dots between."
      )
    }
    return first...last
  }

  var destinations: [String?] { [out, sheet] }

  func checkEndings() throws(LatentError) {
    _ = try Output.format(of: out, among: [.csv])
    if let sheet, !sheet.lowercased().hasSuffix(".png") {
      throw LatentError("--sheet '\(sheet)': pictures are written as .png; use that ending.")
    }
  }

  func validate() throws {
    let counts = try counts()
    if method == .kMeans, counts.lowerBound == 1, counts.count > 1 {
      throw ValidationError("--clusters: one cluster has no silhouette; begin the range with 2 or more.")
    }
    guard (1...1000).contains(starts) else { throw ValidationError("--starts \(starts): expected 1 to 1000.") }
  }

  func run() throws {
    let trained = try model.load()
    if let sheet {
      guard trained.data.isPicture else {
        throw LatentError("--sheet '\(sheet)': rows of a table are no pictures; leave it out.")
      }
    }
    let rows = try trained.rows(of: source, part: part ?? .all).rows
    let codes = try trained.codes(of: rows, using: model.noise("cluster rows", on: trained.device)).means
    model.share(
      try Clustering.operations(
        rows: rows.count, latents: trained.model.latents, clusters: counts().upperBound, method, covariance))
    let clustering = try Clustering(
      of: codes, method, counts: counts(), covariance: covariance, starts: starts, labels: rows.labels,
      using: model.noise("cluster", on: .cpu)
    ) { Terminal.draw("clustering", Terminal.bar($0), "\(Int($0 * 100)) %") }
    Terminal.clear()
    let labels = rows.labels.map {
      $0.map { rows.labelNames.indices.contains(Int($0)) ? rows.labelNames[Int($0)] : "\($0)" }
    }
    try clustering.write(labels: labels, to: out)
    if let sheet {
      try clustering.writeSheet(of: rows, of: trained, to: sheet, using: model.noise("cluster sheet", on: .cpu))
    }
    let summary = Summary(
      out: out, rows: rows.count, method: method.rawValue, criterion: method == .mixture ? "BIC" : "silhouette",
      clusters: clustering.sizes.count, sizes: clustering.sizes, candidates: clustering.candidates,
      agreement: clustering.agreement)
    if output.json { try output.print(summary) } else { print(summary.text(rows.labelNames.count)) }
  }
}

extension ClusteringMethod: ExpressibleByArgument {}
extension GaussianMixture.Covariance: ExpressibleByArgument {}

/// What is said of clusters.
private struct Summary: Encodable {
  let out: String
  let rows: Int
  let method: String
  let criterion: String
  let clusters: Int
  let sizes: [Int]
  let candidates: [Clustering.Candidate]
  let agreement: Agreement?

  func text(_ labels: Int) -> String {
    var lines = ["\(rows) rows in \(clusters) clusters by \(method), in \(out)"]
    lines.append("  sizes              \(sizes.map(String.init).joined(separator: ", "))")
    let values = candidates.map { "\($0.clusters): \($0.criterion.fixed(criterion == "BIC" ? 0 : 3))" }
    let word = criterion == "BIC" ? "BIC, the least" : "silhouette, the greatest"
    lines.append("  \(word): \(values.joined(separator: ", "))")
    if candidates.count > 1, clusters == candidates[candidates.count - 1].clusters {
      lines.append("  the best of them is the most that was tried: a wider --clusters may do better")
    }
    if let agreement {
      lines.append(
        "  with \(labels) labels      adjusted Rand index \(agreement.adjustedRandIndex.fixed(3)), normalized mutual information "
          + agreement.normalizedMutualInformation.fixed(3))
    }
    return lines.joined(separator: "\n")
  }
}
