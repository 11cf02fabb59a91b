internal import Codecs
internal import Foundation
public import Torch

/// How rows are put into clusters.
public enum ClusteringMethod: String, NamedValue {
  /// A mixture of Gaussians, the number of clusters by BIC.
  case mixture
  /// k-means, the number of clusters by the silhouette.
  case kMeans = "k-means"
}

/// Rows put into clusters by their codes.
public struct Clustering {
  /// What one number of clusters amounts to.
  public struct Candidate: Codable, Sendable, Equatable {
    /// k.
    public let clusters: Int
    /// BIC for a mixture, where less is better; the mean silhouette for k-means, where more is.
    public let criterion: Double
  }

  /// The method.
  public let method: ClusteringMethod
  /// The number of each row's cluster; the largest cluster is 0.
  public let assignment: [Int]
  /// p(cluster | code) of a mixture; nil for k-means.
  public let probabilities: [Double]?
  /// Every number of clusters that was tried.
  public let candidates: [Candidate]
  /// Rows in each cluster.
  public let sizes: [Int]
  /// How far the clusters agree with labels.
  public let agreement: Agreement?

  /// The rows at the most that a silhouette is computed of.
  private static let silhouetteRows = 3000

  /// Divides codes.
  ///
  /// - Parameter codes: Shape `[N, L]`.
  /// - Parameter counts: The numbers of clusters to choose from.
  /// - Parameter labels: One for each row, to compare with.
  /// - Throws: ``LatentError`` where there are fewer rows than clusters.
  public init(
    of codes: Tensor, _ method: ClusteringMethod, counts: ClosedRange<Int>,
    covariance: GaussianMixture.Covariance = .full, starts: Int = 5, labels: [Int32]? = nil, using noise: Noise,
    progress: (Double) -> Void = { _ in }
  ) throws(LatentError) {
    guard counts.lowerBound >= 1, counts.upperBound <= codes.extent(0) else {
      throw LatentError(
        "--clusters: \(codes.extent(0)) rows cannot be put into \(counts.upperBound) clusters; ask for 1 to \(codes.extent(0))."
      )
    }
    var best: (assignment: [Int], probabilities: [Double]?, badness: Double)?
    var candidates: [Candidate] = []
    let order = noise.permutation(codes.extent(0)).to(device: .cpu)
    let sample = order[0..<min(Self.silhouetteRows, codes.extent(0))]
    for count in counts {
      switch method {
      case .mixture:
        let fit = try GaussianMixture(codes, components: count, covariance: covariance, starts: starts, using: noise)
        candidates.append(Candidate(clusters: count, criterion: fit.bic))
        if fit.bic < best?.badness ?? .infinity {
          let shares = fit.responsibilities(codes)
          let assignment = shares.indexOfMaximum(along: 1).values(as: Int64.self).map(Int.init)
          best = (assignment, shares.maximum(over: 1).values(as: Double.self), fit.bic)
        }
      case .kMeans:
        let fit = try KMeans(codes, count: count, starts: starts, using: noise)
        let chosen = sample.values(as: Int64.self).map { fit.assignment[Int($0)] }
        let silhouette = KMeans.silhouette(codes.rows(sample), chosen)
        candidates.append(Candidate(clusters: count, criterion: silhouette))
        if -silhouette < best?.badness ?? .infinity { best = (fit.assignment, nil, -silhouette) }
      }
      progress(Double(count - counts.lowerBound + 1) / Double(counts.count))
    }
    guard let best else { throw LatentError("the codes hold no finite numbers to be put into clusters.") }
    let found = Dictionary(grouping: best.assignment) { $0 }.mapValues(\.count)
    let ranks = found.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    let places = [Int: Int](uniqueKeysWithValues: ranks.enumerated().map { ($1, $0) })
    self.method = method
    self.candidates = candidates
    assignment = best.assignment.map { places[$0] ?? 0 }
    probabilities = best.probabilities
    sizes = ranks.map { found[$0] ?? 0 }
    agreement = labels.map { [assignment] in Agreement(assignment, $0.map(Int.init)) }
  }

  /// The operations of one step of the largest fit, by which clustering is spread over threads (see
  /// ``Threads/count(asked:operations:)``): for every row and cluster a product with a matrix and one of vectors, or just the latter.
  public static func operations(
    rows: Int, latents: Int, clusters: Int, _ method: ClusteringMethod, _ covariance: GaussianMixture.Covariance
  ) -> Double {
    let width = method == .mixture && covariance == .full ? Double(latents) : 1
    return 2 * Double(rows) * Double(clusters) * Double(latents) * (1 + width)
  }

  /// Writes a line for each row: its number, its cluster counted from 1, its probability and its label where there are such.
  public func write(labels: [String]?, to path: String) throws {
    let header = ["row", "cluster"] + (probabilities == nil ? [] : ["probability"]) + (labels == nil ? [] : ["label"])
    let lines = assignment.indices.lazy.map { row -> [CSV.Cell] in
      [.integer(row + 1), .integer(assignment[row] + 1)] + (probabilities.map { [.double($0[row])] } ?? [])
        + (labels.map { [.text($0[row])] } ?? [])
    }
    try CSV.write(header: header, rows: lines, to: path)
  }

  /// Writes a sheet of pictures, a row of members for each cluster, drawn at random; magenta where a cluster has fewer.
  ///
  /// - Throws: ``LatentError`` where rows are no pictures, or a codec's error where the file cannot be written.
  public func writeSheet(of rows: Dataset, of trained: TrainedModel, to path: String, using noise: Noise) throws {
    let shown = 16
    let order = noise.permutation(assignment.count).values(as: Int64.self).map(Int.init)
    let blank = Tensor.full([1, rows.dimensions], .nan)
    let pictures = trained.brightness(of: rows.values)
    let lines = sizes.indices.map { cluster in
      let members = order.lazy.filter { assignment[$0] == cluster }.prefix(shown).map(Int64.init)
      let found = pictures.rows(Tensor(Array(members)))
      return Tensor.concatenate([found] + Array(repeating: blank, count: shown - found.extent(0)))
    }
    try PictureSheet(.concatenate(lines), shape: rows.shape, columns: shown).picture().writePNG(to: path)
  }
}
